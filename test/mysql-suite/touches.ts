// No statement may be read as touching less than it touches: LOCK TABLES with what we read, then let the server open what it needs.

import type { Connection } from 'mysql2/promise'
import { canonicalise } from '../../src/sql/mysql/canonical.ts'
import { parse } from '../../src/sql/mysql/parse.ts'
import { walk } from '../../src/sql/mysql/parse-walk.ts'
import type {
  Call,
  CommonTable,
  ParseContext,
  Statement,
  Table,
  TableName,
} from '../../src/sql/mysql/syntax.ts'

/** `touched`: the tables we read are all that the server opens; `missed`: it opens one more; `untold`: it could not be asked. */
export type Touch = 'touched' | 'missed' | 'untold'

/** The server's `Table was not locked with LOCK TABLES`. */
const notLocked = 1100

const asked: ReadonlySet<Statement['kind']> = new Set(['query', 'insert', 'update', 'delete'])
/** What is run so that later statements find their tables. */
const run: ReadonlySet<Statement['kind']> = new Set([
  'create-table',
  'create-view',
  'insert',
  'drop',
  'create-index',
  'define-sequence',
  'create-routine',
])

/** Reads a statement; undefined if it is not one that can be asked about or run. */
export function readOne(
  text: string,
  context: ParseContext,
): { text: string; statement: Statement } | undefined {
  const canonical = canonicalise(text, context)
  if (canonical.problem !== undefined) return undefined
  const found = parse(canonical.text, context)
  const statement =
    found.kind === 'statements' && found.statements.length === 1 ? found.statements[0] : undefined
  return statement === undefined ? undefined : { text: canonical.text, statement }
}

/** Asks about a statement, then runs it if later ones may need it; `routines` are those made so far, in upper case. */
export async function touch(
  connection: Connection,
  text: string,
  context: ParseContext,
  routines: Set<string>,
): Promise<Touch | undefined> {
  const read = readOne(text, context)
  if (read === undefined) return undefined
  let told: Touch | undefined
  if (asked.has(read.statement.kind)) told = await ask(connection, read.text, read.statement, routines)
  if (read.statement.kind === 'create-routine') routines.add(read.statement.name.name.text.toUpperCase())
  if (run.has(read.statement.kind)) await connection.query(read.text).catch(() => undefined)
  return told
}

async function ask(
  connection: Connection,
  text: string,
  statement: Statement,
  routines: ReadonlySet<string>,
): Promise<Touch> {
  const locks = locksFor(statement)
  try {
    // With no table at all to lock, one that is surely not needed.
    await connection.query(`lock tables ${locks.length === 0 ? '`suite lock` write' : locks.join(', ')}`)
    // PREPARE opens the tables and runs nothing.
    await connection.query(`prepare suite from ${connection.escape(text)}`)
    return 'touched'
  } catch (error) {
    const { errno, message } = error as { errno?: number; message: string }
    if (errno !== notLocked) return 'untold'
    const name = /Table '(.*)' was not locked/.exec(message)?.[1]?.toLowerCase() ?? ''
    // A lock is good for one use: of a name (or a view) that stands twice, or in a common table used twice, nothing is told.
    const { names, repeated } = namesRead(statement)
    return repeated || names.has(name) || callsAny(statement, routines) ? 'untold' : 'missed'
  } finally {
    await connection.query('unlock tables').catch(() => undefined)
  }
}

/** `s.t AS a WRITE` for every table of a statement that is not one of its common tables. */
function locksFor(statement: Statement): string[] {
  const common = new Set<string>()
  walk(statement, node => {
    if (node.kind === 'common-table') common.add((node as CommonTable).name.text.toLowerCase())
  })
  const locks = new Set<string>()
  walk(statement, node => {
    if (node.kind === 'table') {
      const { schema, name, alias } = node as Table
      if (schema === undefined && common.has(name.text.toLowerCase())) return
      const own = quoted(schema?.text, name.text)
      locks.add(`${own}${alias === undefined ? '' : ` as ${quoted(undefined, alias.text)}`} write`)
    } else if (node.kind === 'table-name' && isSequence(statement, node as TableName)) {
      const { schema, name } = node as TableName
      locks.add(`${quoted(schema?.text, name.text)} write`)
    }
  })
  return [...locks]
}

/** Names, aliases where there are any, and whether a table stands twice. */
function namesRead(statement: Statement): { names: ReadonlySet<string>; repeated: boolean } {
  const names = new Set<string>()
  const tables = new Set<string>()
  let repeated = false
  walk(statement, node => {
    if (node.kind !== 'table') return
    const { name, alias } = node as Table
    names.add((alias ?? name).text.toLowerCase())
    repeated ||= tables.has(name.text.toLowerCase())
    tables.add(name.text.toLowerCase())
  })
  return { names, repeated }
}

/** What a stored function opens cannot be locked by name. */
function callsAny(statement: Statement, routines: ReadonlySet<string>): boolean {
  let found = false
  walk(statement, node => {
    if (node.kind === 'call' && routines.has((node as Call).name)) found = true
  })
  return found
}

/** Names outside of FROM are sequences, in these statements, except targets of DELETE and FOR UPDATE OF. */
function isSequence(statement: Statement, own: TableName): boolean {
  let sequence = false
  walk(statement, node => {
    if (node.kind === 'sequence-value' && (node as unknown as { sequence: TableName }).sequence === own)
      sequence = true
  })
  return sequence
}

function quoted(schema: string | undefined, name: string): string {
  const one = (text: string): string => `\`${text.replaceAll('`', '``')}\``
  return schema === undefined ? one(name) : `${one(schema)}.${one(name)}`
}
