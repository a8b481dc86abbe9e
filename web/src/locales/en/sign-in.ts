// Words in English: signIn.

export const signIn = {
  title: 'Sign in',
  welcome: 'Show your papers',
  name: 'User name',
  password: 'Password',
  submit: 'Sign in',
  firstTime:
    'First time here? The start of the server printed a name and a password, or an administrator gave you one.',
  promiseMask: 'Sensitive columns are hidden in the question, before the data leaves its source.',
  promiseAudit: 'Nothing passes unrecorded. You can see what was recorded.',
  showPassword: 'Show the password',
}
