// The catalog room over a real SQLite, with a clock, a trail, messages and a target that the tests hold in their hands.

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach } from 'node:test'
import type { Actor, ChangeEvent } from '../core/event.ts'
import { createIds, type TargetId } from '../core/ids.ts'
import { limits } from '../core/limits.ts'
import type { Messages } from '../core/messages.ts'
import { Secret } from '../core/secret.ts'
import type { Relation, SchemaSnapshot } from '../sql/schema.ts'
import { type Database, openDatabase } from '../storage/database.ts'
import { createMessages } from '../storage/messages.ts'
import { createTagStore } from '../storage/tag-store.ts'
import { createTargetStore } from '../storage/target-store.ts'
import type { NewTarget } from './catalog.ts'
import { type CatalogParts, createCatalog, type OpenCatalog } from './create-catalog.ts'

export const admin: Actor = { userId: undefined, userName: 'root', address: '10.0.0.1' }

export function newTarget(name: string, more: Partial<NewTarget> = {}): NewTarget {
  return {
    name,
    protocol: 'postgres',
    host: 'db.example',
    port: 5432,
    database: 'shop',
    account: 'gateway',
    password: new Secret('of the account'),
    tls: 'prefer',
    tags: { env: 'prod' },
    ...more,
  }
}

/** Columns as `name` or `name:number`. */
export function relation(oid: number, name: string, columns: string, more: Partial<Relation> = {}): Relation {
  return {
    oid,
    schema: 'public',
    name,
    kind: 'table',
    owner: 'owner',
    comment: undefined,
    columns: columns.split(' ').map(text => {
      const [column = '', number] = text.split(':')
      const shape = { name: column, type: 'text', notNull: false, generated: undefined }
      return number === undefined ? shape : { ...shape, number: Number(number) }
    }),
    definition: undefined,
    parents: [],
    uniqueKeys: [],
    foreignKeys: [],
    hasTriggers: false,
    ...more,
  }
}

let pictures = 0

export function picture(...relations: readonly Relation[]): SchemaSnapshot {
  return {
    version: `picture ${++pictures}`,
    takenAtMs: 0,
    product: 'postgresql',
    serverVersion: '15.20',
    database: 'shop',
    account: 'gateway',
    privileged: false,
    searchPath: ['public'],
    schemas: ['public'],
    relations,
    routines: [],
    callables: [],
  }
}

export interface Opened {
  catalog: OpenCatalog
  database: Database
  messages: Messages
  nowMs: number
  events: ChangeEvent[]
  published: string[]
  warnings: unknown[]
  recording: boolean
  /** What the next pictures show. */
  load: CatalogParts['loadSchema']
  restart(more?: Partial<CatalogParts>): Promise<OpenCatalog>
  /** Registers a target whose pictures show these relations, and takes the first. */
  registered(...relations: readonly Relation[]): Promise<TargetId>
  show(...relations: readonly Relation[]): void
}

/** For each test anew, over an empty database. */
export function openedCatalog(): Opened {
  const opened = {} as Opened
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sekisho-catalog-'))
    opened.database = await openDatabase({ kind: 'sqlite', file: join(folder, 'a.db') })
  })
  after(async () => {
    opened.catalog.close()
    await opened.database.close()
    await rm(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    for (const table of ['targets', 'tag_definitions'] as const) {
      await opened.database.query.deleteFrom(table).execute()
    }
    Object.assign(opened, { nowMs: 1_000_000, events: [], published: [], warnings: [], recording: true })
    opened.messages = createMessages(error => opened.warnings.push(error))
    for (const topic of ['targets', 'tags'] as const) {
      opened.messages.subscribe(topic, payload => opened.published.push(`${topic} ${payload}`))
    }
    opened.show = (...relations) => {
      opened.load = async () => picture(...relations)
    }
    opened.show()
    opened.restart = more => createCatalog({ ...parts(opened), ...more })
    opened.registered = async (...relations) => {
      opened.show(...relations)
      const { id } = await opened.catalog.targets.create(newTarget('shop'), admin)
      await opened.catalog.schemas.fresh(id)
      return id
    }
    opened.catalog = await opened.restart()
  })
  return opened
}

function parts(opened: Opened): CatalogParts {
  return {
    targetStore: createTargetStore(opened.database),
    tagStore: createTagStore(opened.database),
    // Tells what it was sealed for, so that tests see whether it is asked for the same again.
    sealer: {
      seal: (secret, purpose) => `sealed|${purpose}|${Buffer.from(secret.reveal()).toString('hex')}`,
      open(sealed, purpose) {
        const [, sealedFor, text = ''] = sealed.split('|')
        if (sealedFor !== purpose) throw new Error('another purpose')
        return new Secret(Buffer.from(text, 'hex').toString())
      },
      isOutdated: sealed => !sealed.startsWith('sealed|'),
    },
    async record(event) {
      if (!opened.recording) throw new Error('disk full')
      opened.events.push(event)
    },
    messages: opened.messages,
    clock: { nowMs: () => opened.nowMs, monotonicMs: () => opened.nowMs },
    newId: createIds(() => opened.nowMs, randomBytes),
    limits,
    loadSchema: (target, password) => opened.load(target, password),
    warn: error => opened.warnings.push(error),
    delay: () => new Promise(() => undefined),
  }
}
