// Tags: what they mean, which columns carry them, and where they are in force. Given tags are held in memory, since
// `effective` is asked on the way of a statement: primed at start, read anew when a message says so and with each new
// picture of a target's tables.

import { GatewayError } from '../core/errors.ts'
import type { Actor } from '../core/event.ts'
import type { TargetId } from '../core/ids.ts'
import type { Messages } from '../core/messages.ts'
import type { MaskShape } from '../core/verdict.ts'
import type { ColumnTags, TagDefinition } from '../policy/policy.ts'
import type { SchemaSnapshot } from '../sql/schema.ts'
import { builtInTags } from './built-in-tags.ts'
import type { TaggedColumn, Tags } from './catalog.ts'
import { columnKey, columnNumber, followTags } from './follow.ts'
import type { Recorder } from './record.ts'
import { spreadTags } from './spread.ts'
import type { StoredColumnTags, TagStore } from './tag-store.ts'

const maskShapes: readonly MaskShape[] = [
  'email',
  'phone',
  'card',
  'name',
  'date',
  'number',
  'null',
  'constant',
  'hash',
]
const descriptionCharactersMax = 1_000
const tagsPerColumnMax = 20

/** Who follows a rename on behalf of nobody. */
const itself: Actor = { userId: undefined, userName: 'sekisho', address: 'gateway' }

export interface TagsParts {
  readonly tagStore: TagStore
  readonly recorder: Recorder
  readonly messages: Messages
  readonly targetName: (id: TargetId) => Promise<string>
  /** The newest picture that can be had; `undefined` if the target cannot be reached. */
  readonly picture: (id: TargetId) => Promise<SchemaSnapshot | undefined>
  readonly warn: (error: unknown) => void
}

type Memo = WeakMap<SchemaSnapshot, ColumnTags>

interface Held {
  readonly rows: readonly StoredColumnTags[]
  /** Answers for these rows and the definitions of the same moment. */
  readonly memo: Memo
}

export class HeldTags implements Tags {
  readonly #parts: TagsParts
  #definitions: ReadonlyMap<string, TagDefinition> = new Map()
  /** `undefined`: could not be read anew; nothing may be said about it. */
  readonly #held = new Map<TargetId, Held | undefined>()
  #definitionsKnown = false
  #publishing = false
  readonly #readingAgain = new Set<TargetId>()
  #lastReading: Promise<unknown> = Promise.resolve()
  #lastChange: Promise<unknown> = Promise.resolve()

  constructor(parts: TagsParts) {
    this.#parts = parts
  }

  /** Adds the built-in definitions that are missing, and reads all there is. */
  async prime(targets: readonly TargetId[]): Promise<void> {
    await this.#parts.tagStore.addMissing(builtInTags)
    await this.#readDefinitions()
    const tagged = new Set(await this.#parts.tagStore.tagged())
    for (const id of targets) {
      // Most of many targets have none: what is known of all at once need not be asked of each.
      if (tagged.has(id)) await this.reload(id)
      else this.#held.set(id, { rows: [], memo: new WeakMap() })
    }
  }

  /** Reads the tags of one target anew; one after the other, so that the newest reading stays. */
  reload(id: TargetId): Promise<void> {
    return this.#inTurn(async () => {
      try {
        this.#held.set(id, { rows: await this.#parts.tagStore.columns(id), memo: new WeakMap() })
      } catch (error) {
        this.#held.set(id, undefined)
        throw error
      }
    })
  }

  reloadDefinitions(): Promise<void> {
    return this.#inTurn(() => this.#readDefinitions())
  }

  /**
   * Another server changed tags (`''`: definitions). Until they are read nothing may be said about them: who listens to
   * the same message may ask before that, and would keep the old answer.
   */
  heard(payload: string): Promise<void> {
    if (this.#publishing) return Promise.resolve()
    if (payload === '') {
      this.#definitionsKnown = false
      return this.reloadDefinitions()
    }
    const id = payload as TargetId
    this.#held.set(id, undefined)
    return this.reload(id)
  }

  definitions(): Promise<readonly TagDefinition[]> {
    return this.#parts.tagStore.definitions()
  }

  async define(tag: TagDefinition, by: Actor): Promise<void> {
    checkDefinition(tag)
    const before = this.#definitions.get(tag.name)
    const fields = {
      description: [before?.description ?? null, tag.description],
      sensitive: [before?.sensitive ?? null, tag.sensitive],
      mask: [before?.mask ?? null, tag.mask],
    } as const
    await this.#parts.recorder(by, 'tag.defined', tag.name, fields)
    await this.#parts.tagStore.define(tag)
    await this.reloadDefinitions()
    this.#publish('')
  }

  async list(id: TargetId): Promise<readonly TaggedColumn[]> {
    const rows = await this.#parts.tagStore.columns(id)
    return rows.map(({ schema, table, column, tags }) => ({ schema, table, column, tags }))
  }

  async set(id: TargetId, given: TaggedColumn, by: Actor): Promise<void> {
    const tags = [...new Set(given.tags)].sort()
    this.#checkTags(tags)
    const targetName = await this.#parts.targetName(id)
    const row = locate({ ...given, tags }, await this.#parts.picture(id))
    await this.#change(async () => {
      const rows = await this.#parts.tagStore.columns(id)
      const before = rows.find(other => columnKey(other) === columnKey(given))?.tags ?? []
      await this.#parts.recorder(by, 'column.tagged', `${targetName}: ${nameOf(given)}`, {
        tags: [before, tags],
      })
      await this.#parts.tagStore.set(id, row)
      await this.reload(id)
    })
    this.#publish(id)
  }

  usage(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const held of this.#held.values()) {
      for (const tag of held?.rows.flatMap(row => row.tags) ?? []) counts.set(tag, (counts.get(tag) ?? 0) + 1)
    }
    return counts
  }

  effective(id: TargetId, snapshot: SchemaSnapshot): ColumnTags {
    const held = this.#held.get(id)
    if (held === undefined || !this.#definitionsKnown) {
      this.#readAgain(id)
      throw new GatewayError('target.schema-unavailable', 'its tags could not be read')
    }
    const known = held.memo.get(snapshot)
    if (known !== undefined) return known
    const made = spreadTags(snapshot, held.rows, this.#definitions)
    held.memo.set(snapshot, made)
    return made
  }

  /**
   * With each new picture: writes down where tagged tables and columns went, so that tags follow the next rename too.
   * What cannot be put on record or written stays as it is; it is in force all the same.
   */
  follow(id: TargetId, snapshot: SchemaSnapshot): Promise<void> {
    return this.#change(async () => {
      await this.reload(id)
      try {
        await this.#writeFollowed(id, snapshot)
      } catch (error) {
        this.#parts.warn(error)
      }
    })
  }

  async #writeFollowed(id: TargetId, snapshot: SchemaSnapshot): Promise<void> {
    const rows = this.#held.get(id)?.rows ?? []
    const moved = followTags(rows, snapshot)
    if (moved.length === 0) return
    const known = new Set(rows.map(columnKey))
    for (const row of moved) {
      if (!known.has(columnKey(row))) await this.#recordFollowed(id, row)
      await this.#parts.tagStore.set(id, row)
    }
    await this.reload(id)
    this.#publish(id)
  }

  async #recordFollowed(id: TargetId, row: StoredColumnTags): Promise<void> {
    const targetName = await this.#parts.targetName(id)
    const object = `${targetName}: ${nameOf(row)}`
    await this.#parts.recorder(itself, 'column.tags-followed', object, { tags: [null, row.tags] })
  }

  async #readDefinitions(): Promise<void> {
    try {
      const tags = await this.#parts.tagStore.definitions()
      this.#definitions = new Map(tags.map(tag => [tag.name, tag]))
      this.#definitionsKnown = true
    } catch (error) {
      this.#definitionsKnown = false
      throw error
    }
    for (const [id, held] of this.#held) {
      if (held !== undefined) this.#held.set(id, { rows: held.rows, memo: new WeakMap() })
    }
  }

  /** Our own messages tell us nothing new. */
  #publish(payload: string): void {
    this.#publishing = true
    try {
      this.#parts.messages.publish('tags', payload)
    } finally {
      this.#publishing = false
    }
  }

  /** A later question may find an answer. */
  #readAgain(id: TargetId): void {
    if (this.#readingAgain.has(id)) return
    this.#readingAgain.add(id)
    void this.reloadDefinitions()
      .then(() => this.reload(id))
      .catch(this.#parts.warn)
      .finally(() => this.#readingAgain.delete(id))
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.#lastReading.then(work)
    this.#lastReading = result.catch(() => undefined)
    return result
  }

  /** A change must not write back what another has just taken away. */
  #change(work: () => Promise<void>): Promise<void> {
    const result = this.#lastChange.then(work)
    this.#lastChange = result.catch(() => undefined)
    return result
  }

  #checkTags(tags: readonly string[]): void {
    const problems = tags
      .filter(tag => !this.#definitions.has(tag))
      .map(tag => `tags: there is no tag ${JSON.stringify(tag)}`)
    if (tags.length > tagsPerColumnMax) problems.push(`tags: at most ${tagsPerColumnMax} for one column`)
    if (problems.length > 0) throw new GatewayError('request.invalid', problems.join('; '))
  }
}

function checkDefinition(tag: TagDefinition): void {
  const problems: string[] = []
  if (tag.name.length > 100 || !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(tag.name)) {
    problems.push('name: words of a-z 0-9 _ - with dots between them, at most 100 characters')
  }
  if (tag.description.length > descriptionCharactersMax) {
    problems.push(`description: at most ${descriptionCharactersMax} characters`)
  }
  if (!maskShapes.includes(tag.mask)) problems.push(`mask: one of ${maskShapes.join(', ')}`)
  if (problems.length > 0) throw new GatewayError('request.invalid', problems.join('; '))
}

/** The column with its numbers. Taking tags away is possible also where the column is gone. */
function locate(given: TaggedColumn, snapshot: SchemaSnapshot | undefined): StoredColumnTags {
  const unlocated = { ...given, relationOid: undefined, columnNumber: undefined }
  if (snapshot === undefined) return unlocated
  const relation = snapshot.relations.find(one => one.schema === given.schema && one.name === given.table)
  const column = relation?.columns.find(one => one.name === given.column)
  if (relation === undefined || column === undefined) {
    if (given.tags.length === 0) return unlocated
    throw new GatewayError('not-found', nameOf(given))
  }
  return { ...given, relationOid: relation.oid, columnNumber: columnNumber(relation, given.column) }
}

function nameOf(column: Omit<TaggedColumn, 'tags'>): string {
  return `${column.schema}.${column.table}.${column.column}`
}
