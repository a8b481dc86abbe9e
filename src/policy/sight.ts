// What one person may see of one target: which columns are hidden, and which rows exist. Worked out table by table, on demand.

import { createHash } from 'node:crypto'
import type { HiddenColumn, MaskShape, Sight, TableSight } from '../core/verdict.ts'
import type { CompiledPolicy, Scope } from './compiled-policy.ts'
import { type Columns, keysOf, tableKey, tablesOf } from './column-tags.ts'
import { decide, type FindCandidates, isPermitted } from './decision.ts'
import { ColumnEntity, entityId, TableEntity, userEntity } from './entity.ts'
import { filteredActions } from './obligation.ts'
import type { Asker, ColumnTags, PolicyContext, TagDefinition } from './policy.ts'
import { Moment, Question, targetOf } from './question.ts'
import type { Entity } from './value.ts'

/** Strictest first: of several sensitive tags on one column, the one earliest here shapes the mask. */
export const maskStrictness: readonly MaskShape[] = [
  ...(['null', 'constant', 'number', 'hash', 'date', 'card', 'phone', 'name', 'email'] as const),
]

/** What of the moment the policies look at, as text; equal moments see the same. */
export type DescribeMoment = (asker: Asker, moment: Moment) => string

export function see(
  find: FindCandidates,
  identity: string,
  describeMoment: DescribeMoment,
  asker: Asker,
  tags: ColumnTags,
): Sight {
  return new TableByTable(find, identity, describeMoment, asker, tags)
}

class TableByTable implements Sight {
  readonly version: string
  readonly #find: FindCandidates
  readonly #asker: Asker
  readonly #moment: Moment
  /** What a statement may say of itself makes further permits hold, whose filters must hold with them. */
  readonly #moments: readonly Moment[]
  readonly #target: Entity
  readonly #tables: ReadonlyMap<string, Columns>
  readonly #tags: ColumnTags
  readonly #seen = new Map<string, TableSight | undefined>()
  readonly #mayFilter: boolean
  #hidesAnything: boolean | undefined

  constructor(
    find: FindCandidates,
    identity: string,
    describeMoment: DescribeMoment,
    asker: Asker,
    tags: ColumnTags,
  ) {
    this.#find = find
    this.#asker = asker
    this.#moment = new Moment(asker.context)
    this.#moments = saidOf(asker).map(context =>
      context === asker.context ? this.#moment : new Moment(context),
    )
    this.#target = targetOf(asker)
    this.#tags = tags
    this.#tables = tablesOf(tags)
    this.#mayFilter = filteredActions.some(action =>
      find(action, userEntity(asker.user)).permits.some(
        policy => policy.obligations.rowFilter !== undefined && mayReach(policy.resource, this.#target),
      ),
    )
    const described = this.#moments.map(moment => describeMoment(asker, moment)).join('\0')
    this.version = versionOf(identity, asker, tags, described)
  }

  get hidesAnything(): boolean {
    this.#hidesAnything ??=
      this.#mayFilter ||
      this.#tags.tables.some(({ schema, table }) => (this.table(schema, table)?.hidden.size ?? 0) > 0)
    return this.#hidesAnything
  }

  table(schema: string, table: string): TableSight | undefined {
    const key = tableKey(schema, table)
    if (this.#seen.has(key)) return this.#seen.get(key)
    const entity = new TableEntity(this.#target, schema, table)
    const columns = this.#tables.get(key)
    const hidden = columns === undefined ? nothing : this.#hidden(entity, columns)
    const rowFilter = this.#mayFilter ? this.#rowFilter(entity) : undefined
    const sight = hidden.size === 0 && rowFilter === undefined ? undefined : { hidden, rowFilter }
    this.#seen.set(key, sight)
    return sight
  }

  #hidden(table: TableEntity, columns: Columns): ReadonlyMap<string, HiddenColumn> {
    const hidden = new Map<string, HiddenColumn>()
    const candidates = this.#find('reveal', userEntity(this.#asker.user))
    for (const [name, tags] of columns) {
      const strictest = strictestOf(tags)
      if (strictest === undefined) continue
      const column = new ColumnEntity(table, name, keysOf(tags))
      if (isPermitted(candidates, new Question(this.#asker, this.#moment, 'reveal', column))) continue
      hidden.set(name, { mask: strictest.mask, tag: strictest.name })
    }
    return hidden
  }

  /**
   * Of each way to touch rows, the permits' filters widen one another. There is one sight for reading and writing;
   * where writing is the narrower right, its filter holds as well, so that no row outside of it is ever changed.
   */
  #rowFilter(table: TableEntity): string | undefined {
    const filters = new Set<string>()
    for (const action of filteredActions) {
      for (const moment of this.#moments) {
        const question = new Question(this.#asker, moment, action, table)
        const decision = decide(this.#find(action, question.principal), question)
        const filter = decision.isPermitted ? eitherOf(decision.determining) : undefined
        if (filter !== undefined) filters.add(filter)
      }
    }
    const [only] = filters
    return filters.size < 2 ? only : [...filters].map(filter => `(${filter})`).join(' AND ')
  }
}

/** The context of somebody who has said nothing yet, and of a statement with a reason, approved, or both. */
function saidOf({ context }: Asker): readonly PolicyContext[] {
  return [
    context,
    { ...context, hasReason: true },
    { ...context, isApproved: true },
    { ...context, hasReason: true, isApproved: true },
  ]
}

const nothing: ReadonlyMap<string, HiddenColumn> = new Map()

/** `undefined` if any of the permits has no filter. */
function eitherOf(permits: readonly CompiledPolicy[]): string | undefined {
  const filters = new Set<string>()
  for (const { obligations } of permits) {
    if (obligations.rowFilter === undefined) return undefined
    filters.add(obligations.rowFilter)
  }
  const [only] = filters
  if (filters.size < 2) return only
  return [...filters]
    .toSorted()
    .map(filter => `(${filter})`)
    .join(' OR ')
}

function strictestOf(tags: readonly TagDefinition[]): TagDefinition | undefined {
  let strictest: TagDefinition | undefined
  for (const tag of tags) {
    if (tag.sensitive && (strictest === undefined || rank(tag) < rank(strictest))) strictest = tag
  }
  return strictest
}

const rank = (tag: TagDefinition) => maskStrictness.indexOf(tag.mask)

/** Whether a policy with this scope could speak about anything of the target. */
export function mayReach(scope: Scope, target: Entity): boolean {
  const entity = scope.kind === 'is' ? scope.within : scope.kind === 'all' ? undefined : scope.entity
  if (entity === undefined || !['Target', 'Schema', 'Table'].includes(entity.type)) return true
  return entity.key === target.key || entity.id.startsWith(`${entityId(target.id)}/`)
}

function versionOf(identity: string, asker: Asker, tags: ColumnTags, moment: string): string {
  const { user, target } = asker
  const parts = [
    identity,
    tags.version,
    [user.id, user.name, user.role, user.email ?? null, user.groups],
    [target.id, target.name, target.protocol, target.database],
    Object.entries(target.tags).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    moment,
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)
}
