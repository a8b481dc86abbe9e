// Signing in and out, and one's own password.

import { Secret } from '../../core/secret.ts'
import type { ConsoleSession } from '../../access/access.ts'
import type { Me } from '../contract.ts'
import type { Handlers, Visitor } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'

type SessionRoute = 'POST /api/sign-in' | 'POST /api/sign-out' | 'POST /api/password' | 'GET /api/me'

/** @param signedOut what they leave open is closed */
export function sessionHandlers(
  { access, version }: ConsoleParts,
  signedOut: (visitor: Visitor) => void,
): Handlers<SessionRoute> {
  const meOf = (session: ConsoleSession): Me => ({
    user: session.user,
    mustChangePassword: session.mustChangePassword,
    csrfToken: session.csrfToken,
    version,
  })
  return {
    async 'POST /api/sign-in'({ input, address, setCookie }) {
      const { cookie, session } = await access.signIn.signIn(input.name, new Secret(input.password), address)
      setCookie(cookie)
      return meOf(session)
    },
    async 'POST /api/sign-out'({ visitor, address, setCookie }) {
      await access.signIn.signOut(visitor.cookie, address)
      signedOut(visitor)
      setCookie(undefined)
    },
    async 'POST /api/password'({ visitor, input, address }) {
      const { cookie } = visitor
      await access.signIn.changePassword(cookie, new Secret(input.current), new Secret(input.next), address)
      return meOf((await access.signIn.find(cookie)) ?? visitor.session)
    },
    'GET /api/me': ({ visitor }) => Promise.resolve(meOf(visitor.session)),
  }
}
