// The PostgreSQL dialect: reads with the server's own grammar, rewrites by splicing.

import type { Dialect, Reading, Refused, Rewritten, SqlProblem, Unreadable } from '../dialect.ts'
import { imageOf } from './image.ts'
import { isInert } from './inert.ts'
import { liftLiterals } from './lift.ts'
import { creationSchema } from './names.ts'
import { outputsOf } from './outputs.ts'
import { characterAt, fromBytes, loadGrammar, parseText, toBytes } from './parse.ts'
import { Refusal } from './refusal.ts'
import { rewriteStatement } from './rewrite.ts'
import { beginRewriting } from './rewriting.ts'
import { routineFacts } from './routines.ts'
import { type PgIndex, indexSchema, isPgIndex } from './schema-index.ts'
import { shapeOf } from './shape.ts'
import { applySplices, textSplices } from './splice.ts'
import { type PgState, changeState, initialState, isPgState } from './state.ts'
import { readStatement } from './statements.ts'
import { type StatementReading } from './statement-reading.ts'
import type { SchemaIndex, SqlState } from '../dialect.ts'

interface PgReading extends Reading {
  readonly statements: readonly StatementReading[]
  /** What it was read against. */
  readonly schemaVersion: string
  readonly stateKey: string
}

/** Once per process; the grammar is WebAssembly and has to be compiled. */
export async function loadPostgresDialect(): Promise<Dialect> {
  await loadGrammar()
  return postgresDialect
}

/** Fit for use after `loadPostgresDialect` has settled. */
export const postgresDialect: Dialect = {
  name: 'postgresql',
  index: indexSchema,
  initialState,
  lift: liftLiterals,
  read(text, schema, state) {
    try {
      return readText(text, toIndex(schema), toState(state))
    } catch (error) {
      return unreadable(text, error)
    }
  },
  rewrite(reading, schema, state, sight, options) {
    try {
      const current = currentReading(reading, toIndex(schema), toState(state))
      if (current.kind === 'unreadable') return { kind: 'refused', problem: current.problem }
      const rewriting = beginRewriting(toIndex(schema), sight, options, toBytes(reading.text), [])
      for (const statement of current.statements) rewriteStatement(rewriting, statement)
      const rewritten: Rewritten = {
        kind: 'rewritten',
        text:
          rewriting.splices.length === 0
            ? reading.text
            : fromBytes(applySplices(rewriting.bytes, rewriting.splices)),
        hidden: [...rewriting.hidden].sort(),
        reduceErrors: rewriting.touched,
        ...(reading.inert === true && { splices: textSplices(rewriting.bytes, rewriting.splices) }),
      }
      return rewritten
    } catch (error) {
      const refused: Refused = { kind: 'refused', problem: problemOf(reading.text, error) }
      return refused
    }
  },
  imageOf(_reading, sent, schema, state, rowsMax) {
    const index = toIndex(schema)
    try {
      return imageOf(text => readText(text, index, toState(state)).statements, index, sent, rowsMax)
    } catch {
      return { kind: 'none', table: '', why: 'It could not be read with certainty once it was rewritten.' }
    }
  },
  outputs: (reading, schema, sight) =>
    isPgReading(reading)
      ? reading.statements.map(statement => outputsOf(statement, toIndex(schema), sight))
      : [],
  currentSchema: (schema, state) => creationSchema(toIndex(schema), toState(state)),
  follow(state, reading, index) {
    const statement = isPgReading(reading) ? reading.statements[index] : undefined
    return statement ? changeState(toState(state), statement.changes) : state
  },
}

/** @throws Refusal */
function readText(text: string, index: PgIndex, state: PgState): PgReading {
  const statements: StatementReading[] = []
  let current = state
  let start = state
  for (const parsed of parseText(text)) {
    const statement = readStatement(
      parsed,
      { index, state: current, routineFacts: routine => routineFacts(index, routine) },
      text,
    )
    statements.push(statement)
    // Later statements of the same text are read as if the earlier ones had succeeded: if not, they do not run.
    const before = current
    current = changeState(current, statement.changes)
    // One message is one transaction: BEGIN and ROLLBACK within it take along what came before them in it.
    if (!before.begun && current.begun)
      current = { ...current, begun: { path: start.path, tables: start.tables } }
    const kinds = statement.changes.map(change => change.kind)
    if (!before.begun && kinds.includes('rollback')) current = changeState(start, statement.changes)
    if (kinds.includes('commit') || kinds.includes('rollback')) start = current
  }
  return {
    kind: 'reading',
    text,
    action: { kind: 'sql', statements: statements.map(statement => statement.facts) },
    shape: shapeOf(text),
    changesState: statements.some(statement => statement.changes.length > 0),
    changesSchema: statements.some(statement => statement.changesSchema),
    inert: isInert(text, toBytes(text), statements),
    liftsReadOnly: statements.some(statement => statement.liftsReadOnly),
    statements,
    schemaVersion: index.snapshot.version,
    stateKey: state.key,
  }
}

/** A reading that was made against another picture or state is made anew. */
function currentReading(reading: Reading, index: PgIndex, state: PgState): PgReading | Unreadable {
  if (
    isPgReading(reading) &&
    reading.schemaVersion === index.snapshot.version &&
    reading.stateKey === state.key
  ) {
    return reading
  }
  try {
    return readText(reading.text, index, state)
  } catch (error) {
    return unreadable(reading.text, error)
  }
}

function isPgReading(reading: Reading): reading is PgReading {
  return 'statements' in reading && 'schemaVersion' in reading
}

function toIndex(schema: SchemaIndex): PgIndex {
  return isPgIndex(schema) ? schema : indexSchema(schema.snapshot)
}

function toState(state: SqlState): PgState {
  return isPgState(state) ? state : initialState
}

function unreadable(text: string, error: unknown): Unreadable {
  return {
    kind: 'unreadable',
    problem: problemOf(text, error),
    shape: shapeOf(text),
    unknownName: error instanceof Refusal && error.unknownName,
  }
}

function problemOf(text: string, error: unknown): SqlProblem {
  if (error instanceof Refusal) {
    const position = error.at === undefined || error.at < 0 ? undefined : characterAt(text, error.at)
    return { code: error.code, message: error.message, position }
  }
  // A stack that overflowed, or a fault of ours: fail closed.
  return {
    code: 'statement.unreadable',
    message: 'The statement could not be read: it is nested too deeply, or of a form that is not known yet.',
    position: undefined,
  }
}
