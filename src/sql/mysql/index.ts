// The dialect of MySQL and MariaDB: reads with a parser of our own, rewrites by splicing.

import { limits } from '../../core/limits.ts'
import type {
  Dialect,
  Reading,
  Refused,
  Rewritten,
  SchemaIndex,
  SqlProblem,
  SqlState,
  Unreadable,
} from '../dialect.ts'
import { canonicalise } from './canonical.ts'
import { refuseHints } from './hints.ts'
import { imageOf } from './image.ts'
import { isInert } from './inert.ts'
import { liftLiterals } from './lift.ts'
import { outputsOf } from './outputs.ts'
import { parse } from './parse.ts'
import { Refusal, unreadable, unsafe } from './refusal.ts'
import { rewriteStatement } from './rewrite.ts'
import { beginRewriting } from './rewriting.ts'
import { routineFacts } from './routines.ts'
import { type MysqlIndex, indexSchema, isMysqlIndex } from './schema-index.ts'
import { shapeOf } from './shape.ts'
import { applySplices, orderSplices } from './splice.ts'
import {
  type MysqlState,
  type Surroundings,
  changeState,
  initialState,
  isMysqlState,
  isSafeCharacterSet,
  parseSqlMode,
  surroundings,
} from './state.ts'
import type { StatementReading } from './statement-reading.ts'
import { readStatement } from './statements.ts'

export { mysqlState, withFacts } from './state.ts'

interface MysqlReading extends Reading {
  /** What runs of the text: as long as it, and the same but for comments that run. */
  readonly canonical: string
  readonly statements: readonly StatementReading[]
  /** What each statement was read under. */
  readonly around: readonly Surroundings[]
  readonly schemaVersion: string
  readonly stateKey: string
}

export const mysqlDialect: Dialect = {
  name: 'mysql',
  index: indexSchema,
  initialState,
  stateOf: ({ snapshot: { database } }) =>
    changeState(initialState, [{ kind: 'facts', facts: { database } }]),
  read(text, schema, state) {
    const index = toIndex(schema)
    const given = toState(state)
    try {
      return readText(text, index, given)
    } catch (error) {
      return unreadableText(text, surroundings(given, index), error)
    }
  },
  rewrite(reading, schema, state, sight, options) {
    try {
      const index = toIndex(schema)
      const current = currentReading(reading, index, toState(state))
      if (current.kind === 'unreadable') return { kind: 'refused', problem: current.problem }
      const from = { index, sight, options, surroundings: surroundings(toState(state), index) }
      if (sight.hidesAnything && current.canonical.includes('/*+')) refuseHints(current.canonical)
      const [first, ...others] = current.statements
      const whole = beginRewriting(from, current.canonical, [], others.length === 0 ? first?.node : undefined)
      current.statements.forEach((statement, at) => {
        // Another database may have been chosen in between.
        const part = { ...whole, surroundings: current.around[at] ?? whole.surroundings }
        rewriteStatement(part, statement)
        whole.changed ||= part.changed
        whole.touched ||= part.touched
        whole.countTells ||= part.countTells
      })
      if (current.statements.length === 0 && current.canonical !== reading.text) {
        // A text of comments that do not run is answered; an empty one is an error.
        return { kind: 'rewritten', text: '/*! */', hidden: [], reduceErrors: false }
      }
      const splices = orderSplices(whole.splices)
      const rewritten: Rewritten = {
        kind: 'rewritten',
        text: applySplices(current.canonical, splices),
        hidden: [...whole.hidden].sort(),
        reduceErrors: whole.touched,
        ...(whole.countTells && { countTells: true }),
        ...(current.canonical === reading.text && { splices }),
      }
      return rewritten
    } catch (error) {
      const refused: Refused = { kind: 'refused', problem: problemOf(reading.text, error) }
      return refused
    }
  },
  lift(text, state) {
    if (!isMysqlState(state) || state.sqlMode === undefined || state.unsure) return undefined
    return liftLiterals(text, parseSqlMode(state.sqlMode))
  },
  outputs: (reading, schema, sight) =>
    isMysqlReading(reading)
      ? reading.statements.map(statement => outputsOf(statement, toIndex(schema), sight))
      : [],
  currentSchema: (schema, state) => surroundings(toState(state), toIndex(schema)).database,
  imageOf(_reading, sent, schema, state, rowsMax) {
    const index = toIndex(schema)
    const given = toState(state)
    try {
      return imageOf(text => readText(text, index, given), index, sent, rowsMax)
    } catch {
      return { kind: 'none', table: '', why: 'It could not be read with certainty once it was rewritten.' }
    }
  },
  follow(state, reading, index) {
    const statement = isMysqlReading(reading) ? reading.statements[index] : undefined
    return statement ? changeState(toState(state), statement.changes) : state
  },
}

/** @throws Refusal */
function readText(text: string, index: MysqlIndex, state: MysqlState): MysqlReading {
  checkState(state, index)
  if (text.length > limits.statementCharsMax) {
    throw unreadable(`The statement is longer than ${limits.statementCharsMax} characters.`)
  }
  const first = surroundings(state, index)
  const canonical = canonicalise(text, first)
  const parsed = canonical.problem ?? parse(canonical.text, first)
  if (parsed.kind === 'problem') throw unreadable(parsed.message, parsed.position)
  const statements: StatementReading[] = []
  const around: Surroundings[] = []
  let current = state
  for (const [at, node] of parsed.statements.entries()) {
    const here = surroundings(current, index)
    const context = {
      index,
      state: current,
      surroundings: here,
      factsOf: (routine: Parameters<typeof routineFacts>[1]) => routineFacts(index, routine),
    }
    const statement = readStatement(node, context, canonical.text)
    const isLast = at === parsed.statements.length - 1
    if (statement.rereads && !isLast) {
      throw unsafe(
        'What is set here changes how the statements behind it are read. Send it by itself.',
        node.start,
      )
    }
    statements.push(statement)
    around.push(here)
    // Later statements of the same text are read as if the earlier ones had succeeded: if not, they do not run.
    current = changeState(current, statement.changes)
    if (current.unsure && !isLast) {
      const next = parsed.statements[at + 1]
      throw unsafe(
        'What this leaves behind is not known. Send the statements behind it by themselves.',
        next?.start,
      )
    }
  }
  const inert = canonical.text === text && isInert(statements, text, liftLiterals(text, first.sqlMode))
  return {
    kind: 'reading',
    text,
    action: { kind: 'sql', statements: statements.map(statement => statement.facts) },
    shape: shapeOf(canonical.text, first),
    changesState: statements.some(statement => statement.changes.length > 0),
    changesSchema: statements.some(statement => statement.changesSchema),
    ...(inert && { inert }),
    canonical: canonical.text,
    statements,
    around,
    schemaVersion: index.snapshot.version,
    stateKey: state.key,
  }
}

/** @throws Refusal where it is not known for certain how the target would read a text */
function checkState(state: MysqlState, index: MysqlIndex): void {
  if (state.unsure)
    throw unsafe('How the target reads texts of this session is not known any more. Connect again.')
  const { characterSet, sqlMode } = surroundings(state, index)
  for (const set of [characterSet, state.connectionCharacterSet]) {
    if (set !== undefined && !isSafeCharacterSet(set)) {
      throw unsafe(`Texts in the character set "${set}" cannot be read with certainty. Connect with utf8mb4.`)
    }
  }
  if (sqlMode.oracle) throw unsafe('The sql_mode ORACLE is another language, which Sekisho does not read.')
}

/** A reading that was made against another picture or state is made anew. */
function currentReading(reading: Reading, index: MysqlIndex, state: MysqlState): MysqlReading | Unreadable {
  const isCurrent =
    isMysqlReading(reading) &&
    reading.schemaVersion === index.snapshot.version &&
    reading.stateKey === state.key
  if (isCurrent) return reading
  try {
    return readText(reading.text, index, state)
  } catch (error) {
    return unreadableText(reading.text, surroundings(state, index), error)
  }
}

function isMysqlReading(reading: Reading): reading is MysqlReading {
  return 'statements' in reading && 'canonical' in reading
}

function toIndex(schema: SchemaIndex): MysqlIndex {
  return isMysqlIndex(schema) ? schema : indexSchema(schema.snapshot)
}

function toState(state: SqlState): MysqlState {
  return isMysqlState(state) ? state : initialState
}

function unreadableText(text: string, around: Surroundings, error: unknown): Unreadable {
  return {
    kind: 'unreadable',
    problem: problemOf(text, error),
    shape: shapeOf(text, around),
    unknownName: error instanceof Refusal && error.unknownName,
  }
}

function problemOf(text: string, error: unknown): SqlProblem {
  if (error instanceof Refusal) {
    const at = error.at
    const position = at === undefined || at < 0 ? undefined : Array.from(text.slice(0, at)).length + 1
    return { code: error.code, message: error.message, position }
  }
  // A stack that overflowed, or a fault of ours: fail closed.
  return {
    code: 'statement.unreadable',
    message: 'The statement could not be read: it is nested too deeply, or of a form that is not known yet.',
    position: undefined,
  }
}
