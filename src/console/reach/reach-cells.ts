// What somebody may do at a target, with its tables and columns, as cells of a table: one for each action.

import { tableKey, tablesOf } from '../../policy/column-tags.ts'
import type { KnownTable, KnownTarget } from '../../policy/difference.ts'
import { Reach, type MomentsOf, type Reached } from '../../policy/reach.ts'
import type { PolicySet, TagDefinition } from '../../policy/policy.ts'
import type { User } from '../../core/user.ts'
import type { ReachAction, ReachCell, ReachCells } from './reach-contract.ts'

export const targetActions = ['connect', 'call', 'administer'] as const
export const tableActions = [
  ...(['select', 'insert', 'update', 'delete', 'export', 'import', 'define'] as const),
]
export const columnActions = ['select', 'insert', 'update', 'export', 'import', 'reveal'] as const

export const allActions: readonly ReachAction[] = [
  ...(['connect', 'select', 'insert', 'update', 'delete', 'export', 'import'] as const),
  ...(['define', 'call', 'administer', 'reveal'] as const),
]

/** One person at one target under one set of policies. */
export class CellMaker {
  readonly #reach: Reach
  readonly #connect: Reached
  readonly #known: KnownTarget

  constructor(policies: PolicySet, moments: MomentsOf, user: User, known: KnownTarget) {
    const contexts = moments.choose(user, known.target)
    this.#reach = new Reach(policies, user, known.target, contexts)
    this.#connect = this.#reach.onTarget('connect')
    this.#known = known
  }

  /** Yields now and then. */
  *ofTarget(): Generator<undefined, ReachCells> {
    const cells: { -readonly [A in ReachAction]?: ReachCell } = { connect: cellOf(this.#connect) }
    for (const action of ['call', 'administer'] as const)
      cells[action] = this.#cell(this.#reach.onTarget(action))
    for (const action of tableActions) {
      cells[action] = this.#over(this.#onTables(action))
      yield
    }
    cells.reveal = this.#over(this.#hiddenColumns())
    yield
    return cells
  }

  ofTable({ schema, table, columns }: KnownTable): ReachCells {
    const cells: { -readonly [A in ReachAction]?: ReachCell } = {}
    for (const action of tableActions) {
      const whole = this.#reach.onTable(action, schema, table)
      const taken = this.#columnsTaken(action, schema, table, columns)
      cells[action] = {
        ...this.#cell(whole),
        ...(taken > 0 &&
          whole.state !== 'never' && {
            state: 'partly',
            some: { permitted: columns.length - taken, of: columns.length },
          }),
      }
    }
    const hidden = columns.filter(column => this.#isSensitive(schema, table, column))
    if (hidden.length > 0)
      cells.reveal = this.#over(hidden.map(column => this.#onColumn('reveal', schema, table, column)))
    return cells
  }

  ofColumn(schema: string, table: string, column: string): ReachCells {
    const cells: { -readonly [A in ReachAction]?: ReachCell } = {}
    for (const action of columnActions) {
      if (action === 'reveal' && !this.#isSensitive(schema, table, column)) continue
      cells[action] = this.#cell(this.#onColumn(action, schema, table, column))
    }
    return cells
  }

  tagsOf(schema: string, table: string, column: string): readonly TagDefinition[] {
    return tablesOf(this.#known.tags).get(tableKey(schema, table))?.get(column) ?? []
  }

  #isSensitive(schema: string, table: string, column: string): boolean {
    return this.tagsOf(schema, table, column).some(({ sensitive }) => sensitive)
  }

  #onColumn(action: ReachAction, schema: string, table: string, column: string): Reached {
    return this.#reach.onColumn(action, schema, table, column, this.tagsOf(schema, table, column))
  }

  #columnsTaken(action: ReachAction, schema: string, table: string, columns: readonly string[]): number {
    const isOnColumns = (columnActions as readonly string[]).includes(action)
    if (!isOnColumns || !this.#reach.tellsColumns(action)) return 0
    return columns.filter(column => this.#onColumn(action, schema, table, column).state === 'never').length
  }

  /** All tables; of those that no policy can tell apart, one stands for all. */
  #onTables(action: ReachAction): readonly Reached[] {
    const { tables } = this.#known
    const [first] = tables ?? []
    // What the tables are is not known: one that nothing names says what holds for them.
    if (tables === undefined) return [this.#reach.onTable(action, '', '')]
    if (first === undefined) return []
    if (!this.#reach.tellsTables(action)) {
      const same = this.#reach.onTable(action, first.schema, first.table)
      return tables.map(() => same)
    }
    return tables.map(({ schema, table }) => this.#reach.onTable(action, schema, table))
  }

  #hiddenColumns(): readonly Reached[] {
    return this.#known.tags.tables.flatMap(({ schema, table, columns }) =>
      [...columns].flatMap(([column, tags]) =>
        tags.some(({ sensitive }) => sensitive)
          ? [this.#reach.onColumn('reveal', schema, table, column, tags)]
          : [],
      ),
    )
  }

  #over(all: readonly Reached[]): ReachCell {
    const [first] = all
    if (first === undefined) return { state: 'never', decidedBy: [], terms: {}, withoutConnect: false }
    const permitted = all.filter(({ state }) => state !== 'never')
    const [best] = permitted
    const names = new Map(
      (best === undefined ? all : permitted).flatMap(({ decidedBy }) =>
        decidedBy.map(one => [one.name, one]),
      ),
    )
    const cell = this.#cell({ ...(best ?? first), decidedBy: [...names.values()] })
    if (all.length === 1) return cell
    const some = { permitted: permitted.length, of: all.length }
    const isPart = permitted.length > 0 && permitted.length < all.length && cell.state !== 'never'
    return { ...cell, some, ...(isPart && { state: 'partly' }) }
  }

  /** Nothing can be done by somebody who is not let in. */
  #cell(reached: Reached): ReachCell {
    const own = cellOf(reached)
    if (own.state === 'never' || this.#connect.state === 'always') return own
    const both = reached.moments.map((outcome, index) =>
      this.#connect.moments[index] === undefined ? undefined : outcome,
    )
    if (both.every(outcome => outcome === undefined)) return { ...own, state: 'never', withoutConnect: true }
    return { ...own, state: 'sometimes' }
  }
}

const cellOf = ({ state, decidedBy, terms }: Reached): ReachCell => ({
  state,
  decidedBy,
  terms,
  withoutConnect: false,
})
