// What is sent for what was chosen in the editor: one text, or statement by statement where that must be.

import type { RunInput, TargetProtocol } from '../../../../src/console/contract.ts'
import { bindParameters, findParameters, parameterKeys } from '../../editor/text/sql-parameters.ts'
import { needsSplitting, splitStatements, statementAt } from '../../editor/text/sql-statements.ts'
import type { QueryRun, RunPiece } from './query-run.ts'

export interface ChosenText {
  readonly text: string
  /** Where it begins in the editor. */
  readonly from: number
}

export interface EditorSelection {
  readonly from: number
  readonly to: number
  readonly head: number
}

/** The selection, else the statement at the cursor, or everything. */
export function chooseText(
  text: string,
  selection: EditorSelection,
  what: 'statement' | 'all',
  protocol: TargetProtocol,
): ChosenText | undefined {
  if (what === 'all') return text.trim() === '' ? undefined : { text, from: 0 }
  if (selection.from < selection.to) {
    const selected = text.slice(selection.from, selection.to)
    return selected.trim() === '' ? undefined : { text: selected, from: selection.from }
  }
  return statementAt(text, selection.head, protocol)
}

/** The parameters that must be asked for, in order. */
export function askedKeys(chosen: ChosenText, protocol: TargetProtocol): readonly string[] {
  return parameterKeys(
    splitStatements(chosen.text, protocol).flatMap(({ text }) => findParameters(text, protocol)),
  )
}

export interface RunWishes {
  readonly protocol: TargetProtocol
  readonly commit: RunInput['commit']
  readonly rowsMax: number
  readonly values: ReadonlyMap<string, string | null>
}

export function makePieces(chosen: ChosenText, wishes: RunWishes): readonly RunPiece[] {
  const { protocol, commit, rowsMax, values } = wishes
  const statements = splitStatements(chosen.text, protocol)
  const hasParameters = statements.some(({ text }) => findParameters(text, protocol).length > 0)
  if (!hasParameters && !needsSplitting(chosen.text, protocol)) {
    return [{ input: { sql: chosen.text, commit, rowsMax }, written: offset => chosen.from + offset }]
  }
  return statements.map(statement => {
    const bound = bindParameters(statement.text, protocol, values)
    const { parameters } = bound
    return {
      input: { sql: bound.text, commit, rowsMax, ...(parameters.length === 0 ? {} : { parameters }) },
      written: offset => chosen.from + statement.from + bound.written(offset),
    }
  })
}

/** What is left to run after a refusal: nothing that was done already is done twice. */
export function piecesAgain(
  run: QueryRun,
  protocol: TargetProtocol,
  reason: string | undefined,
): readonly RunPiece[] {
  const { error, failedPiece } = run.state
  const rest = run.pieces.slice(failedPiece)
  const withReason = ({ input, written }: RunPiece): RunPiece => ({
    input: { ...input, ...(reason === undefined ? {} : { reason }) },
    written,
  })
  const [first, ...others] = rest
  if (first === undefined) return []
  // PostgreSQL takes a whole text back when one of its statements fails; MySQL keeps what stood before.
  const from =
    protocol === 'mysql' ? splitStatements(first.input.sql, protocol)[error?.statement ?? 0]?.from : undefined
  const cut: RunPiece =
    from === undefined || from === 0
      ? first
      : {
          input: { ...first.input, sql: first.input.sql.slice(from) },
          written: offset => first.written(from + offset),
        }
  return [cut, ...others].map(withReason)
}

/** Whether a statement only reads, so that it may be run again without being asked. */
export function isReading(statement: string): boolean {
  return (
    /^\s*(?:(?:--[^\n]*\n|\/\*[^]*?\*\/)\s*)*(?:select|with|table|values|show|describe|explain)\b/i.test(
      statement,
    ) && !/\b(?:insert|update|delete|merge|into|nextval|call)\b/i.test(statement)
  )
}
