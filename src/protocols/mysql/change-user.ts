// A client that proves once more who it is within its session (connection pools do): the user stays the same.

import type { Duplex } from 'node:stream'
import { GatewayError } from '../../core/errors.ts'
import type { Target } from '../../core/target.ts'
import type { Visit } from '../../gate/gate.ts'
import type { ClientEntry, ProtocolContext } from '../protocol.ts'
import { StreamEnded, within } from '../read-exactly.ts'
import { has } from './capabilities.ts'
import { command, encodeOk, encodeQuery } from './codec.ts'
import { Exchange } from './exchange.ts'
import { decodeChangeUser } from './handshake.ts'
import type { OpenedClient } from './login.ts'
import { logInClient } from './login.ts'
import { encodeShortPacket } from './packets.ts'
import type { UserChange } from './relay.ts'
import { characterSetOf } from './session-charset.ts'

export function changeUserOf(
  entry: ClientEntry,
  opened: OpenedClient,
  visit: Visit,
  target: Target,
  { limits, findVerifiers }: ProtocolContext,
): (packets: Duplex) => Promise<UserChange> {
  const { capabilities } = opened
  return async packets => {
    const exchange = new Exchange(packets)
    const wish = decodeChangeUser(await exchange.read(limits.startupBytesMax), capabilities)
    const database = opened.database || target.database
    if (wish.database !== '' && wish.database !== database)
      throw new GatewayError(
        'protocol.unsupported',
        'Another database is chosen with USE, or by connecting anew.',
      )
    // The proof in the command is made with a nonce that was used already: another one is asked for where that is possible.
    const isFresh = has(capabilities, 'pluginAuth')
    const claim: OpenedClient = {
      ...opened,
      userName: wish.user,
      plugin: wish.plugin || opened.greetedWith,
      proof: isFresh ? Buffer.alloc(0) : wish.proof,
    }
    const { user } = await within(
      logInClient(exchange, claim, entry, target, limits, findVerifiers),
      limits.loginTimeoutMs,
      packets,
      () => new GatewayError('limit.exceeded', 'the login took too long.'),
    ).catch((error: unknown) => {
      if (error instanceof StreamEnded) throw new GatewayError('token.invalid', '', { cause: error })
      throw error
    })
    if (user.id !== visit.session.user.id)
      throw new GatewayError(
        'protocol.unsupported',
        'A session stays that of one user: connect anew as another.',
      )
    const names = `SET NAMES ${characterSetOf(wish.characterSet) ?? 'utf8mb4'}`
    const use = Buffer.concat([Buffer.of(command.initDb), Buffer.from(database)])
    return {
      setUp: [
        encodeShortPacket(encodeQuery(names, capabilities), 0),
        ...(database === '' ? [] : [encodeShortPacket(use, 0)]),
      ],
      welcome: encodeShortPacket(encodeOk({}, capabilities), exchange.nextSequence),
    }
  }
}
