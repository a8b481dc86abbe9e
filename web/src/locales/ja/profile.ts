// Words in Japanese: profile.

import type { Words } from '../words.ts'

export const profile: Words['profile'] = {
  title: 'プロフィール',
  lead: 'サインインの方法と、画面の見え方です。',
  account: 'アカウント',
  password: 'パスワード',
  appearance: '言語と外観',
  language: '言語',
  theme: '外観',
  theme_auto: 'システムに合わせる',
  theme_light: 'ライト',
  theme_dark: 'ダーク',
  groups: 'グループ',
  role: '役割',
}
