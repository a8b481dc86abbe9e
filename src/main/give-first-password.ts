// A new first password from the command line, on record like every other change.

import { pino } from 'pino'
import { GatewayError } from '../core/errors.ts'
import type { Secret } from '../core/secret.ts'
import type { Config } from './config.ts'
import { lockData } from './data-lock.ts'
import { openRooms } from './rooms.ts'

/** @throws Error if the server is running: the journal has one writer */
export async function giveFirstPassword(config: Config, name: string): Promise<Secret> {
  const lock = lockData(config.dataDir)
  try {
    const log = pino({ level: 'silent' })
    const rooms = await openRooms(config, 'command line', log, () => {
      throw new Error('the command line has no certificate')
    })
    try {
      const user = await rooms.access.users.byName(name.toLowerCase())
      if (user === undefined) throw new GatewayError('not-found', 'user')
      const by = { userId: undefined, userName: 'command line', address: 'server' }
      return await rooms.access.users.resetPassword(user.id, by)
    } finally {
      await rooms.trail.close()
      rooms.catalog.close()
      await rooms.database.close()
    }
  } finally {
    lock.release()
  }
}
