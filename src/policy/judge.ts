// Judges a whole action: the right to be there, then every table and effect of every statement. The first denial ends it.

import type { Action, SqlStatement, TableUse } from '../core/action.ts'
import type { AuditStrength, PolicyName, Verdict } from '../core/verdict.ts'
import type { CompiledPolicy } from './compiled-policy.ts'
import { type Decision, decide, type FindCandidates } from './decision.ts'
import { ColumnEntity, TableEntity } from './entity.ts'
import { forbiddenColumn } from './forbidden-column.ts'
import { GuardDemands } from './guard-demands.ts'
import type { Asker, ColumnTags } from './policy.ts'
import { Moment, Question, targetOf } from './question.ts'
import type { ActionName } from './schema.ts'
import type { Entity } from './value.ts'

export function judge(
  find: FindCandidates,
  version: number,
  asker: Asker,
  action: Action,
  tags?: ColumnTags,
): Verdict {
  const unknown = action.kind === 'sql' ? action.statements.flatMap(unknownUses)[0] : undefined
  if (unknown !== undefined) return unreadable(unknown)
  const moment = new Moment(asker.context)
  const decided = new Set<CompiledPolicy>()
  const demands = new GuardDemands(version, asker.context.hasReason === true)
  let rowLimit: number | undefined
  let current: SqlStatement | undefined
  const target = targetOf(asker)
  for (const [name, resource, statement] of questions(action, target)) {
    if (statement !== current) {
      demands.nextStatement()
      current = statement
    }
    const question = new Question(asker, moment, name, resource)
    const decision = decide(find(name, question.principal), question)
    if (!decision.isPermitted) return denial(asker, name, resource, decision, version)
    for (const policy of decision.determining) decided.add(policy)
    if (name === 'select') rowLimit = smaller(rowLimit, rowLimitOf(decision.determining))
    demands.note(name, decision.determining, statement)
  }
  const column = forbiddenColumn(find, asker, moment, action, tags)
  if (column !== undefined) return denial(asker, column.action, column.resource, column, version)
  return {
    kind: 'allowed',
    decidedBy: names(decided, version),
    rowLimit,
    strength: strengthOf(decided),
    guards: demands.found,
  }
}

/** Empty means unknown, never nothing; unknown is refused. */
function unknownUses(statement: SqlStatement): readonly TableUse[] {
  return statement.tables.filter(use => use.effects.length === 0)
}

function unreadable({ schema, table }: TableUse): Verdict {
  return {
    kind: 'denied',
    code: 'statement.unreadable',
    reason: `What this statement does to ${schema}.${table} is not known, therefore it is refused. Write it in another way.`,
    decidedBy: [],
  }
}

type Asked = readonly [ActionName, Entity, SqlStatement | undefined]

/** Access withdrawn is withdrawn for open sessions too, therefore every statement asks for `connect` again. */
function* questions(action: Action, target: Entity): Generator<Asked> {
  yield ['connect', target, undefined]
  if (action.kind === 'connect') return
  for (const statement of action.statements) {
    for (const effect of statement.effects) yield [effect, target, statement]
    for (const use of statement.tables) {
      const table = new TableEntity(target, use.schema, use.table)
      for (const effect of use.effects) yield [effect, table, statement]
    }
  }
}

/** The most generous permit decides; one without a limit lifts it. */
function rowLimitOf(permits: readonly CompiledPolicy[]): number | undefined {
  let most = 0
  for (const { obligations } of permits) {
    if (obligations.rowLimit === undefined) return undefined
    most = Math.max(most, obligations.rowLimit)
  }
  return most
}

function smaller(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return Math.min(a, b)
}

function strengthOf(policies: ReadonlySet<CompiledPolicy>): AuditStrength {
  for (const { obligations } of policies) if (obligations.strength === 'strict') return 'strict'
  return 'written'
}

function names(policies: Iterable<CompiledPolicy>, version: number): readonly PolicyName[] {
  return Array.from(policies, ({ name }) => ({ name, version })).sort((a, b) => (a.name < b.name ? -1 : 1))
}

const verbs: Readonly<Record<ActionName, string>> = {
  connect: 'connect to',
  administer: 'administer',
  call: 'call routines of',
  define: 'change the structure of',
  select: 'read',
  insert: 'add rows to',
  update: 'change rows of',
  delete: 'delete rows of',
  export: 'export',
  import: 'import into',
  reveal: 'see hidden columns of',
}

function denial(
  asker: Asker,
  action: ActionName,
  resource: Entity,
  decision: Decision,
  version: number,
): Verdict {
  const place = placeOf(asker, resource)
  const forbids = names(decision.determining, version)
  const why =
    forbids.length === 0
      ? `no policy permits “${action}” on it`
      : `the policy ${forbids.map(({ name }) => `“${name}”`).join(', ')} forbids “${action}” on it`
  return {
    kind: 'denied',
    code: action === 'connect' ? 'connect.denied' : 'statement.denied',
    reason: `${asker.user.name} may not ${verbs[action]} ${place}: ${why}. Ask an administrator for the right to ${verbs[action]} ${place}.`,
    decidedBy: forbids,
  }
}

function placeOf({ target }: Asker, resource: Entity): string {
  if (resource instanceof TableEntity) return `${target.name}.${resource.schema}.${resource.name}`
  if (resource instanceof ColumnEntity)
    return `${target.name}.${resource.table.schema}.${resource.table.name}.${resource.name}`
  return target.name
}
