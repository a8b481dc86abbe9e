// The access room over a real SQLite, with a clock, a trail and messages that the tests hold in their hands.

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach } from 'node:test'
import type { Actor } from '../core/event.ts'
import { createIds } from '../core/ids.ts'
import { limits } from '../core/limits.ts'
import { Secret } from '../core/secret.ts'
import { type Database, openDatabase } from '../storage/database.ts'
import { createGroupStore } from '../storage/group-store.ts'
import { createMessages } from '../storage/messages.ts'
import { createAttemptStore, createSessionStore } from '../storage/sign-in-store.ts'
import { createTokenStore } from '../storage/token-store.ts'
import { createUserStore } from '../storage/user-store.ts'
import type { Access, NewUser } from './access.ts'
import { createAccess } from './create-access.ts'
import type { RecordChange } from './record.ts'

export const admin: Actor = { userId: undefined, userName: 'root', address: '10.0.0.1' }

/** As little as argon2 allows, so that tests need not wait. */
export const cheap = { m: 8, t: 1, p: 1 }

export interface Opened {
  access: Access
  database: Database
  nowMs: number
  /** What was recorded, in order. */
  events: Parameters<RecordChange>[0][]
  /** What was published: `topic payload`. */
  published: string[]
  recording: boolean
  warnings: unknown[]
  /** Makes a user with this password, which need not be changed. */
  person(name: string, password: string, more?: Partial<NewUser>): ReturnType<typeof person>
  /** Another server over the same database. */
  restart(more?: Partial<Parameters<typeof createAccess>[0]>): Promise<Access>
}

/** For each test anew, over an empty database. */
export function openedAccess(): Opened {
  const opened = { person: (name, password, more) => person(opened, name, password, more) } as Opened
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sekisho-access-'))
    opened.database = await openDatabase({ kind: 'sqlite', file: join(folder, 'a.db') })
  })
  after(async () => {
    await opened.database.close()
    await rm(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    for (const table of ['users', 'user_groups', 'sign_in_attempts'] as const) {
      await opened.database.query.deleteFrom(table).execute()
    }
    Object.assign(opened, {
      nowMs: 1_800_000_000_000,
      events: [],
      published: [],
      warnings: [],
      recording: true,
    })
    const { database } = opened
    const messages = createMessages(error => opened.warnings.push(error))
    for (const topic of ['users', 'tokens'] as const) {
      messages.subscribe(topic, payload => opened.published.push(`${topic} ${payload}`))
    }
    opened.restart = more =>
      createAccess({
        users: createUserStore(database),
        groups: createGroupStore(database),
        sessions: createSessionStore(database),
        attempts: createAttemptStore(database),
        tokens: createTokenStore(database),
        async record(event) {
          if (!opened.recording) throw new Error('disk full')
          opened.events.push(event)
        },
        messages,
        clock: { nowMs: () => opened.nowMs, monotonicMs: () => opened.nowMs },
        newId: createIds(() => opened.nowMs, randomBytes),
        randomBytes,
        limits,
        unknownSaltKey: Buffer.alloc(32, 7),
        warn: error => opened.warnings.push(error),
        passwordCost: cheap,
        ...more,
      })
    opened.access = await opened.restart()
  })
  return opened
}

async function person(opened: Opened, name: string, password: string, more: Partial<NewUser> = {}) {
  const { signIn, users } = opened.access
  const facts = { name, displayName: name, role: 'user', groups: [], ...more } as const
  const { user, firstPassword } = await users.create(facts, admin)
  const { cookie } = await signIn.signIn(name, firstPassword, `setup of ${name}`)
  await signIn.changePassword(cookie, firstPassword, new Secret(password), `setup of ${name}`)
  await signIn.signOut(cookie, `setup of ${name}`)
  opened.events.length = 0
  opened.published.length = 0
  return user
}
