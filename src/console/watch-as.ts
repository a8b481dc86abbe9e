// A stream for one watcher: open for as long as they are who they are, and closed now and then so that pages show it again.

import type { Readable } from 'node:stream'
import type { User } from '../core/user.ts'
import type { ConsoleParts } from './parts.ts'

const lookEveryMs = 1_000
const openMaxMs = 5 * 60_000

export function watchAs<Lines extends Readable>(
  { access }: Pick<ConsoleParts, 'access'>,
  user: User,
  lines: Lines,
): Lines {
  const look = setInterval(() => void stillMay(access, user).then(may => may || lines.destroy()), lookEveryMs)
  // Pages come back by themselves, and show who they are again.
  const over = setTimeout(() => lines.push(null), openMaxMs)
  lines.once('close', () => {
    clearInterval(look)
    clearTimeout(over)
  })
  return lines
}

/** Whether somebody who watches is still who they were. */
async function stillMay(access: ConsoleParts['access'], watcher: User): Promise<boolean> {
  const now = await access.users.get(watcher.id).catch(() => undefined)
  return now !== undefined && !now.disabled && now.role === watcher.role
}
