// One text in a session of its own, for those who want its answer and nothing more.

import { randomUUID } from 'node:crypto'
import type { Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { RunEvent } from '../contract.ts'
import type { ConsoleParts } from '../parts.ts'
import { OpenSqlSession } from './sql-session.ts'

export interface OnceWish {
  readonly target: Target
  readonly user: User
  readonly address: string
  /** What the session calls itself at the target. */
  readonly program: string
  readonly sql: string
}

/** @throws GatewayError what the gateway or the target said on the way in */
export async function runOnce(
  parts: Pick<ConsoleParts, 'openTarget' | 'clock' | 'limits'>,
  { sql, ...wish }: OnceWish,
): Promise<readonly RunEvent[]> {
  const session = new OpenSqlSession(parts, { ...wish, id: randomUUID(), closed: () => undefined })
  await session.open()
  try {
    let text = ''
    for await (const chunk of session.run({ sql, commit: 'auto' })) text += String(chunk)
    return text
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line) as RunEvent)
  } finally {
    session.close()
  }
}
