// The sessions of the SQL editor, of everybody: each is seen by its owner alone, and closed when nobody uses it.

import { randomUUID } from 'node:crypto'
import { GatewayError } from '../../core/errors.ts'
import type { UserId } from '../../core/ids.ts'
import type { Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { SqlSession } from '../contract.ts'
import type { ConsoleParts } from '../parts.ts'
import { OpenSqlSession } from './sql-session.ts'

const lookEveryMs = 30_000

interface Held {
  readonly session: OpenSqlSession
  /** The sign-in that opened it. */
  readonly signIn: string
}

export class SqlSessions {
  readonly #parts: Pick<ConsoleParts, 'openTarget' | 'clock' | 'limits'>
  readonly #held = new Map<string, Held>()
  readonly #looking: NodeJS.Timeout

  constructor(parts: Pick<ConsoleParts, 'openTarget' | 'clock' | 'limits'>, closing: AbortSignal) {
    this.#parts = parts
    this.#looking = setInterval(() => this.#closeIdle(), lookEveryMs)
    this.#looking.unref()
    closing.addEventListener('abort', () => this.#closeAll())
  }

  /** @throws GatewayError `limit.exceeded`, or what the gateway or the target said on the way in */
  async open(user: User, target: Target, address: string, signIn: string): Promise<SqlSession> {
    const { editorSessionsPerUserMax } = this.#parts.limits
    if (this.list(user.id).length >= editorSessionsPerUserMax) {
      const words = `${editorSessionsPerUserMax} of your sessions are open in the SQL editor. Close some first.`
      throw new GatewayError('limit.exceeded', words)
    }
    const id = randomUUID()
    const program = 'Sekisho console'
    const closed = (): void => void this.#held.delete(id)
    const session = new OpenSqlSession(this.#parts, { id, user, target, address, program, closed })
    // It counts from now on, so that many cannot be opened at once.
    this.#held.set(id, { session, signIn })
    await session.open()
    return session.describe()
  }

  list(userId: UserId): readonly SqlSession[] {
    return [...this.#held.values()]
      .filter(({ session }) => session.user.id === userId)
      .map(({ session }) => session.describe())
  }

  /** @throws GatewayError `not-found`, also for what is somebody else's */
  of(userId: UserId, id: string): OpenSqlSession {
    const held = this.#held.get(id)
    if (held === undefined || held.session.user.id !== userId) throw new GatewayError('not-found', 'session')
    return held.session
  }

  /** Whoever signs out leaves nothing open. */
  signedOut(signIn: string): void {
    for (const held of this.#held.values()) if (held.signIn === signIn) held.session.close()
  }

  #closeIdle(): void {
    const { clock, limits } = this.#parts
    const before = clock.nowMs() - limits.editorIdleMs
    for (const { session } of this.#held.values())
      if (!session.isRunning && session.lastUsedMs < before) session.close()
  }

  #closeAll(): void {
    clearInterval(this.#looking)
    for (const { session } of this.#held.values()) session.close()
  }
}
