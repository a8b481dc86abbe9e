// SHOW of things that hold values: the same with those left out, asked of `information_schema`.

import { quoteText } from './quote.ts'
import { unsafe } from './refusal.ts'
import { type Rewriting, tokenAt } from './rewriting.ts'
import { sightOf } from './sights.ts'
import type { StatementReading } from './statement-reading.ts'
import type { Expression, Show } from './syntax.ts'
import { toldOf } from './told-tables.ts'
import { otherVariables, telling, tellingCounters, tellingVariables } from './system-relations.ts'

/** What is asked, under the names that SHOW gives; a `null` is of the column's type, and nothing. */
const statusColumns: readonly (readonly [string, string])[] = [
  ['TABLE_NAME', 'Name'],
  ['ENGINE', 'Engine'],
  ['VERSION', 'Version'],
  ['ROW_FORMAT', 'Row_format'],
  ['TABLE_ROWS', 'Rows'],
  ['AVG_ROW_LENGTH', 'Avg_row_length'],
  ['DATA_LENGTH', 'Data_length'],
  ['MAX_DATA_LENGTH', 'Max_data_length'],
  ['INDEX_LENGTH', 'Index_length'],
  ['DATA_FREE', 'Data_free'],
  ['AUTO_INCREMENT', 'Auto_increment'],
  ['CREATE_TIME', 'Create_time'],
  ['UPDATE_TIME', 'Update_time'],
  ['CHECK_TIME', 'Check_time'],
  ['TABLE_COLLATION', 'Collation'],
  ['CHECKSUM', 'Checksum'],
  ['CREATE_OPTIONS', 'Create_options'],
  ['TABLE_COMMENT', 'Comment'],
]

const statusList = (rewriting: Rewriting): string =>
  statusColumns
    .map(([column, name]) => {
      const told = column === 'CHECKSUM' ? 'IF(0, CHECKSUM, NULL)' : toldOf(rewriting, column)
      return `${told ?? column} AS \`${name}\``
    })
    .join(', ')

const indexColumns =
  'TABLE_NAME AS `Table`, NON_UNIQUE AS `Non_unique`, INDEX_NAME AS `Key_name`, SEQ_IN_INDEX AS `Seq_in_index`, ' +
  'COLUMN_NAME AS `Column_name`, COLLATION AS `Collation`, IF(0, CARDINALITY, NULL) AS `Cardinality`, ' +
  'SUB_PART AS `Sub_part`, PACKED AS `Packed`, NULLABLE AS `Null`, INDEX_TYPE AS `Index_type`, COMMENT AS `Comment`, ' +
  'INDEX_COMMENT AS `Index_comment`'

const processColumns =
  'ID AS `Id`, USER AS `User`, HOST AS `Host`, DB AS `db`, COMMAND AS `Command`, TIME AS `Time`, STATE AS `State`, ' +
  'IF(0, INFO, NULL) AS `Info`'

export function rewriteShow(rewriting: Rewriting, statement: StatementReading): void {
  const { node } = statement
  if (node.kind !== 'show') return
  if (node.what === 'TABLE STATUS' && !holdsHidden(rewriting, node)) return
  const text =
    node.what === 'STATUS'
      ? counters(rewriting, node)
      : node.what === 'VARIABLES'
        ? variables(rewriting, node)
        : replacement(rewriting, node)
  if (text === undefined) return
  rewriting.splices.push({ start: node.start, end: node.end, text })
  rewriting.changed = true
}

function replacement(rewriting: Rewriting, node: Show): string {
  switch (node.what) {
    case 'WARNINGS':
    case 'ERRORS':
      // Their texts repeat values.
      return `SHOW ${node.what} LIMIT 0`
    case 'PROCESSLIST':
      return `SELECT ${processColumns} FROM \`information_schema\`.\`PROCESSLIST\``
    case 'TABLE STATUS': {
      const from = `SELECT ${statusList(rewriting)} FROM \`information_schema\`.\`TABLES\` WHERE TABLE_SCHEMA = ${database(rewriting, node)}`
      if (node.like) return `${from} AND TABLE_NAME LIKE ${written(rewriting, node.like)} ORDER BY TABLE_NAME`
      if (node.where) throw simpler(node)
      return `${from} ORDER BY TABLE_NAME`
    }
    default: {
      const table = node.table?.name.text
      if (table === undefined || node.where || node.like) throw simpler(node)
      return (
        `SELECT ${indexColumns} FROM \`information_schema\`.\`STATISTICS\` WHERE TABLE_SCHEMA = ${database(rewriting, node)} ` +
        `AND TABLE_NAME = ${literal(rewriting, table)} ORDER BY INDEX_NAME <> 'PRIMARY', NON_UNIQUE, INDEX_NAME, SEQ_IN_INDEX`
      )
    }
  }
}

/** Whether something of a table in the database that is asked about is hidden. */
function holdsHidden(rewriting: Rewriting, node: Show): boolean {
  const { index, sight } = rewriting
  const schema = node.schema?.text ?? rewriting.surroundings.database
  if (schema === undefined) return true
  return index.snapshot.relations.some(
    relation => index.fold(relation.schema) === index.fold(schema) && sightOf(sight, relation) !== undefined,
  )
}

/** Counters of rows that were read would tell how many a condition or filter left out. */
function counters(rewriting: Rewriting, node: Show): string | undefined {
  const pattern = node.like?.value.toLowerCase()
  const start = pattern === undefined ? '' : (/^[a-z]*/.exec(pattern)?.[0] ?? '')
  if (telling.some(word => start.startsWith(word))) {
    throw unsafe(
      'These counters tell about rows that are hidden from you, so they are not let through.',
      node.start,
    )
  }
  if (start !== '' && !telling.some(word => word.startsWith(start))) return undefined
  return filtered(rewriting, node, tellingCounters)
}

/** Some variables follow from what was really changed. */
function variables(rewriting: Rewriting, node: Show): string | undefined {
  if (node.where && namesOthers(node.where)) return undefined
  const pattern = node.like?.value.toLowerCase() ?? ''
  const start = (/^(?:[a-z0-9]|\\_)*/.exec(pattern)?.[0] ?? '').replaceAll('\\_', '_')
  const isName = pattern !== '' && start === pattern.replaceAll('\\_', '_')
  const mayReach = isName
    ? tellingVariables.has(start)
    : [...tellingVariables].some(name => name.startsWith(start))
  return mayReach ? filtered(rewriting, node, otherVariables) : undefined
}

/** Whether a condition asks for variables by names, and for none that tells. */
function namesOthers(where: Expression): boolean {
  const isName = (one: Expression): boolean =>
    one.kind === 'column' && one.parts.length === 1 && one.parts[0]?.text.toLowerCase() === 'variable_name'
  const isOther = (one: Expression): boolean =>
    one.kind === 'literal' &&
    /^[a-z0-9_]+$/i.test(one.value) &&
    !tellingVariables.has(one.value.toLowerCase())
  switch (where.kind) {
    case 'binary':
      if (where.operator === 'OR') return namesOthers(where.left) && namesOthers(where.right)
      return where.operator === '=' && isName(where.left) && isOther(where.right)
    case 'in':
      return !where.not && isName(where.operand) && where.list.every(isOther)
    default:
      return false
  }
}

function filtered(rewriting: Rewriting, node: Show, filter: string): string {
  const own = node.like
    ? `VARIABLE_NAME LIKE ${written(rewriting, node.like)} AND `
    : node.where
      ? `(${written(rewriting, bracketed(rewriting, node.where))}) AND `
      : ''
  const scope = node.options.includes('GLOBAL') ? 'GLOBAL ' : ''
  return `SHOW ${scope}${node.what} WHERE ${own}${filter}`
}

/** The condition with the brackets that it is written in: everything behind WHERE. */
function bracketed(rewriting: Rewriting, where: { readonly start: number }): { start: number; end: number } {
  const tokens = rewriting.tokens()
  let at = tokenAt(tokens, where.start)
  while (at > 0 && tokens.words[at - 1] === '(') at -= 1
  let end = at
  while (end < tokens.kinds.length - 1 && tokens.words[end] !== ';') end += 1
  return { start: tokens.starts[at] ?? 0, end: tokens.ends[end - 1] ?? 0 }
}

function simpler(node: Show): Error {
  return unsafe(
    `SHOW ${node.what} takes no condition for you, because some columns of this database are hidden from you. Ask ` +
      'information_schema instead.',
    node.start,
  )
}

function database(rewriting: Rewriting, node: Show): string {
  const name = node.schema?.text ?? node.table?.schema?.text ?? rewriting.surroundings.database
  return name === undefined ? 'DATABASE()' : literal(rewriting, name)
}

function literal(rewriting: Rewriting, text: string): string {
  return quoteText(text, rewriting.surroundings.sqlMode)
}

function written(rewriting: Rewriting, node: { readonly start: number; readonly end: number }): string {
  return rewriting.text.slice(node.start, node.end)
}
