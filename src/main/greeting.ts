// What a newcomer reads when the server is up: where the console is, how to sign in, and two lines to copy.

import type { Secret } from '../core/secret.ts'

export interface Greeting {
  readonly consoleUrl: string
  /** Only at the very first start. */
  readonly firstSignIn: { readonly name: string; readonly password: Secret } | undefined
  /** A demo target that can be tried at once. */
  readonly demo:
    | {
        readonly host: string
        readonly port: number
        readonly database: string
        readonly user: string
        readonly token: Secret | undefined
      }
    | undefined
  /** Things an administrator should know about. */
  readonly warnings: readonly string[]
}

export function wordGreeting(greeting: Greeting): string {
  const { consoleUrl, firstSignIn, demo, warnings } = greeting
  const lines = ['', `  Sekisho is open.   Console:  ${consoleUrl}`, '']
  if (firstSignIn !== undefined) {
    lines.push(`  First sign-in:  ${firstSignIn.name}  ${firstSignIn.password.reveal()}`)
    lines.push('  Shown this once; you choose a password of your own when you sign in.', '')
  }
  if (demo !== undefined) {
    const { host, port, database, user, token } = demo
    const password = token === undefined ? '' : `PGPASSWORD=${token.reveal()} `
    lines.push('  Try it with psql, through the gateway:')
    lines.push(`    ${password}psql "host=${host} port=${port} dbname=${database} user=${user}"`)
    if (token === undefined)
      lines.push('    (the password is a connection token: make one in the console, under "My tokens")')
    lines.push('    select name, email, phone, card_number, birthday, country from customers limit 5;', '')
  }
  for (const warning of warnings) lines.push(`  ! ${warning}`)
  if (warnings.length > 0) lines.push('')
  lines.push('  Stop with ctrl-C.', '')
  return lines.join('\n')
}
