// What a result tells of the text that it came from.

import type { TargetProtocol } from '../../../../src/console/contract.ts'
import { scopeAt } from '../../editor/text/sql-scope.ts'
import { splitStatements } from '../../editor/text/sql-statements.ts'
import type { QueryResult, QueryRun } from './query-run.ts'
import { type Plan, readPlan } from './plan/plan-tree.ts'

/** The statement that gave a result, as it was sent. */
export function statementOf(run: QueryRun, statement: number, protocol: TargetProtocol): string {
  const statements = run.pieces.flatMap(({ input }) => splitStatements(input.sql, protocol))
  return statements[statement]?.text ?? run.pieces.map(({ input }) => input.sql).join(';\n')
}

/** The table that a statement reads, if it is only one. */
export function tableOf(statement: string, protocol: TargetProtocol): readonly string[] {
  const { tables } = scopeAt(statement, statement.length, protocol)
  const [table] = tables
  if (table?.name === undefined || tables.length > 1) return []
  return table.schema === undefined ? [table.name] : [table.schema, table.name]
}

/** A result that is a plan, with its text. */
export function planOf(result: QueryResult): { readonly plan: Plan; readonly text: string } | undefined {
  if (result.columns.length !== 1 || !/^(query plan|explain|analyze)$/i.test(result.columns[0]?.name ?? '')) {
    return undefined
  }
  const text = result.rows.map(([line]) => line ?? '').join('\n')
  const plan = readPlan(text)
  return plan === undefined ? undefined : { plan, text: pretty(text) }
}

function pretty(text: string): string {
  return JSON.stringify(JSON.parse(text), undefined, 2)
}
