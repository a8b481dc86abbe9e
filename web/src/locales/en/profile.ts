// Words in English: profile.

export const profile = {
  title: 'Profile',
  lead: 'How you sign in and how the console looks to you.',
  account: 'Account',
  password: 'Password',
  appearance: 'Language and appearance',
  language: 'Language',
  theme: 'Appearance',
  theme_auto: 'As the system',
  theme_light: 'Light',
  theme_dark: 'Dark',
  groups: 'Groups',
  role: 'Role',
}
