// Writes of hidden columns that the server compares with what is there: it tells how many rows really changed, so that a guess would be
// confirmed. They pass where nothing but that number tells, which the relay then keeps to itself.

import { type Refusal, unsafe } from './refusal.ts'
import type { Rewriting } from './rewriting.ts'
import { foldColumn } from './schema-index.ts'
import type { Write } from './survey-facts.ts'
import type { Insert, Update } from './syntax.ts'
import { writtenColumns } from './table-uses.ts'
import { type Target, nameOf, tagOf } from './writes.ts'

/** @throws Refusal */
export function checkComparing(rewriting: Rewriting, write: Write, target: Target): void {
  const { node } = write
  const compared = comparedColumns(write, target)
  const [first] = compared
  if (first === undefined) return
  const passes =
    // By itself: whatever comes behind it in the same text could ask for ROW_COUNT().
    rewriting.only === node &&
    rewriting.within.length === 0 &&
    rewriting.index.snapshot.mysql?.noticesChanges === false &&
    isQuietTable(target) &&
    ((node.kind === 'update' && isQuietUpdate(node, target, compared)) ||
      (node.kind === 'insert' && isQuietReplace(node)))
  if (!passes) throw compares(first, target)
  rewriting.countTells = true
}

/** Folded. */
function comparedColumns(write: Write, { sight }: Target): readonly string[] {
  const { node } = write
  const hidden = [...sight.hidden.keys()]
  const among = (names: readonly string[]) => hidden.filter(column => names.includes(column))
  switch (node.kind) {
    case 'update':
      return among(writtenColumns(write).map(foldColumn))
    case 'insert':
      if (node.verb === 'REPLACE') return hidden
      return among(node.onDuplicate.map(({ column }) => foldColumn(column.parts.at(-1)?.text ?? '')))
    case 'load':
      return node.options.includes('REPLACE') ? hidden : []
    case 'delete':
      return []
  }
}

/** Engines of which it is known that a row is compared by the server, or by themselves to the same effect. */
const quietEngines: ReadonlySet<string> = new Set(['innodb', 'aria', 'myisam'])

/** Rows that are left as they were leave no other trace: no older version, no trigger that did not act, no other place. */
function isQuietTable({ relation, sight }: Target): boolean {
  return (
    relation.kind === 'table' &&
    quietEngines.has(relation.engine ?? '') &&
    relation.versioned !== true &&
    !relation.hasTriggers &&
    !sight.keptInOrder
  )
}

function isQuietUpdate(node: Update, { relation, sight }: Target, compared: readonly string[]): boolean {
  const [table] = node.tables
  return (
    node.tables.length === 1 &&
    table?.kind === 'table' &&
    node.portion === undefined &&
    // Rules and expressions are looked at only where a row changes.
    relation.checks?.length === 0 &&
    relation.columns.every(one => one.followsUpdates === false && one.generated === undefined) &&
    // A value of one's own choice beside others: equal hashes would tell.
    compared.every(column => sight.hidden.get(column)?.mask !== 'hash')
  )
}

const isQuietReplace = (node: Insert): boolean => node.verb === 'REPLACE' && node.returning.length === 0

function compares(column: string, target: Target): Refusal {
  return unsafe(
    `"${target.relation.name}.${nameOf(column, target)}" is hidden from you${tagOf(column, target)}: the number of changed rows ` +
      'would show whether it was already so. Change it by a plain UPDATE of this table alone, or ask an administrator for reveal on it.',
    target.at,
  )
}
