// Statements that define things: what they name, what they bring about, and how they are treated where something is hidden.

import { type Resolved, findTable, isSystemSchema, resolveTable, schemaOf } from './names.ts'
import { unsafe } from './refusal.ts'
import { type Draft, type NamedTable, type ReadContext, newDraft } from './statement-reading.ts'
import { describeDrop, describeSequence } from './definitions-drop.ts'
import { columnNames, surveyStatement } from './survey.ts'
import type {
  AlterTable,
  CreateRoutine,
  CreateTable,
  CreateView,
  Option,
  Query,
  Reference,
  RenameTables,
  Statement,
  TableName,
} from './syntax.ts'
import { use } from './table-uses.ts'

/** @throws Refusal */
export function describeDefinition(node: Statement, context: ReadContext): Draft {
  const draft = describeKind(node, context)
  draft.changesSchema = true
  return draft
}

function describeKind(node: Statement, context: ReadContext): Draft {
  switch (node.kind) {
    case 'create-table':
      return describeCreate(node, context)
    case 'alter-table':
      return describeAlter(node, context)
    case 'create-view':
      return describeView(node, context)
    case 'create-index': {
      const draft = newDraft('CREATE INDEX', 'query')
      name(draft, context, node.table, 'guarded')
      draft.survey = expressionsOf(node.element.expressions, context)
      return draft
    }
    case 'create-routine':
      return describeRoutine(node, context)
    case 'define-schema': {
      const words = `${node.verb} DATABASE`
      return newDraft(words, node.verb === 'CREATE' ? 'plain' : 'refuse', ['define'])
    }
    case 'define-sequence':
      return describeSequence(node, context)
    case 'drop':
      return describeDrop(node, context)
    case 'rename-tables':
      return describeRename(node, context)
    case 'truncate': {
      const draft = newDraft('TRUNCATE TABLE', 'plain')
      const target = resolveTable(context.index, context.state, node.table.schema, node.table.name)
      draft.named.push({ target, at: node.table.start, guard: 'rows' })
      use(draft, target, 'delete', [])
      draft.changesAllRows = true
      return draft
    }
    default:
      throw unsafe('This kind of statement is not let through.', node.start)
  }
}

/** A table that is defined anew: the statement is about it, and nothing hidden may be. */
function name(draft: Draft, context: ReadContext, table: TableName, guard: NamedTable['guard']): Resolved {
  const target = resolveTable(context.index, context.state, table.schema, table.name)
  refuseSystem(target.schema, table)
  draft.named.push({ target, at: table.start, guard })
  draft.uses.push({ schema: target.schema, table: target.name, effect: 'define', columns: [] })
  return target
}

export function refuseSystem(schema: string, table: TableName): void {
  if (isSystemSchema(schema)) {
    throw unsafe(`Tables of the server's own catalog cannot be changed ("${table.name.text}").`, table.start)
  }
}

/** Tables that it refers to, or is made of. */
function mention(draft: Draft, context: ReadContext, tables: readonly (TableName | undefined)[]): void {
  for (const table of tables) {
    if (!table) continue
    const target = findTable(context.index, context.state, table.schema, table.name)
    if (!target) continue
    draft.named.push({ target, at: table.start, guard: 'guarded' })
    use(draft, target, 'select', [])
  }
}

function expressionsOf(values: readonly unknown[], context: ReadContext): Draft['survey'] {
  // Columns in them are those of the table itself.
  return surveyStatement(values, { ...context, hasParameters: true })
}

interface Parts {
  readonly columns: CreateTable['columns']
  readonly elements: CreateTable['elements']
  readonly options: readonly Option[]
}

function describeParts(draft: Draft, parts: Parts, context: ReadContext): unknown[] {
  const references = [...parts.columns, ...parts.elements].map(one => one.references)
  mention(
    draft,
    context,
    references.map((reference: Reference | undefined) => reference?.table),
  )
  mention(
    draft,
    context,
    parts.options.flatMap(option => option.tables),
  )
  for (const option of parts.options) checkOption(draft, option)
  return [
    ...parts.columns.flatMap(column => [column.generated, ...column.expressions]),
    ...parts.elements.flatMap(element => element.expressions),
    ...parts.options.flatMap(option => option.expressions),
  ]
}

/** Engines that reach out of the server, and places of files. */
function checkOption(draft: Draft, option: Option): void {
  const outside =
    /^(?:ENGINE|TYPE)$/.test(option.name) &&
    !/^(?:innodb|myisam|aria|memory|heap|csv|archive|blackhole|rocksdb|tokudb|columnstore|sequence|mroonga|oqgraph|ndb|ndbcluster|merge|mrg_myisam)$/i.test(
      option.value,
    )
  if (outside || /CONNECTION|DIRECTORY|TABLESPACE|SECONDARY_ENGINE/.test(option.name)) {
    draft.effects.add('administer')
    draft.treatment = 'refuse'
  }
  if (/^(?:merge|mrg_myisam|oqgraph|mroonga)$/i.test(option.value)) draft.treatment = 'refuse'
}

function describeCreate(node: CreateTable, context: ReadContext): Draft {
  const draft = newDraft(node.query ? 'CREATE TABLE AS' : 'CREATE TABLE', node.query ? 'store' : 'query')
  draft.literalsMatter = true
  const { index, state } = context
  const schema = schemaOf(index, state, node.table.schema, node.table.start)
  refuseSystem(schema, node.table)
  const existing = index.relation(schema, node.table.name.text)
  // A temporary table of its name is taken for it, and treated as it is.
  if (existing && !node.temporary && (node.orReplace || node.query)) {
    draft.named.push({
      target: { kind: 'relation', schema: existing.schema, name: existing.name, relation: existing },
      at: node.table.start,
      guard: 'guarded',
    })
  }
  const effect = node.orReplace && existing ? (['define', 'delete'] as const) : (['define'] as const)
  for (const one of effect) {
    draft.uses.push({ schema, table: existing?.name ?? node.table.name.text, effect: one, columns: [] })
  }
  const values = describeParts(draft, node, context)
  if (node.partitioning) values.push(node.partitioning.expressions, node.partitioning.options)
  if (node.like) {
    const source = resolveTable(index, state, node.like.schema, node.like.name)
    use(draft, source, 'select', [])
  }
  const parts = surveyStatement(values, { ...context, hasParameters: true })
  const query = node.query ? surveyStatement(node.query, context) : undefined
  draft.survey = query ? { ...query, calls: [...query.calls, ...parts.calls] } : parts
  const columns = columnsOf(node, context)
  draft.changes.push({
    kind: 'create',
    table: { schema, name: node.table.name.text, columns, temporary: node.temporary },
  })
  return draft
}

/** `undefined`: the statement does not tell. */
function columnsOf(node: CreateTable, context: ReadContext): readonly string[] | undefined {
  if (node.like) {
    const source = findTable(context.index, context.state, node.like.schema, node.like.name)
    return source && columnNames(source)
  }
  const own = node.columns.map(column => column.name.text)
  if (!node.query) return own
  const selected = selectedNames(node.query)
  return selected && [...own, ...selected]
}

function selectedNames(query: Query): readonly string[] | undefined {
  if (query.body.kind !== 'select') return undefined
  const names = query.body.items.map(item => {
    if (item.alias) return item.alias.text
    return item.expression.kind === 'column' ? item.expression.parts.at(-1)?.text : undefined
  })
  return names.every(one => one !== undefined) ? names : undefined
}

function describeAlter(node: AlterTable, context: ReadContext): Draft {
  const draft = newDraft('ALTER TABLE', 'query')
  draft.literalsMatter = true
  const target = name(draft, context, node.table, 'guarded')
  const values: unknown[] = []
  for (const action of node.actions) {
    values.push(...describeParts(draft, action, context), action.expressions)
    if (action.action.startsWith('RENAME') && !/COLUMN|INDEX|KEY/.test(action.action)) {
      for (const table of action.tables) defineNew(draft, context, table, target)
    } else mention(draft, context, action.tables)
    if (action.action.startsWith('EXCHANGE')) {
      for (const table of action.tables) name(draft, context, table, 'guarded')
    }
    if (/TABLESPACE|SECONDARY_/.test(action.action)) draft.effects.add('administer')
  }
  draft.survey = expressionsOf(values, context)
  if (target.kind === 'session') {
    draft.changes.push({ kind: 'create', table: { ...target.table, columns: undefined } })
  }
  return draft
}

function defineNew(draft: Draft, context: ReadContext, table: TableName, from: Resolved): void {
  const schema = schemaOf(context.index, context.state, table.schema, table.start)
  refuseSystem(schema, table)
  draft.uses.push({ schema, table: table.name.text, effect: 'define', columns: [] })
  if (from.kind === 'session')
    draft.changes.push({ kind: 'drop', schema: from.schema, name: from.table.name })
  const columns = columnNames(from)
  const temporary = from.kind === 'session' && from.table.temporary
  draft.changes.push({ kind: 'create', table: { schema, name: table.name.text, columns, temporary } })
}

function describeRename(node: RenameTables, context: ReadContext): Draft {
  const draft = newDraft('RENAME TABLE', 'query')
  draft.literalsMatter = true
  for (let at = 0; at + 1 < node.tables.length; at += 2) {
    const [from, to] = [node.tables[at], node.tables[at + 1]]
    if (!from || !to) continue
    const target = findTable(context.index, context.state, from.schema, from.name)
    // `RENAME TABLE a TO b, c TO a`: what a later one names may come of an earlier one.
    if (target) defineNew(draft, context, to, name(draft, context, from, 'guarded'))
    else defineNew(draft, context, to, { kind: 'system', schema: '', name: '', relation: undefined })
  }
  return draft
}

function describeView(node: CreateView, context: ReadContext): Draft {
  const draft = newDraft(node.alter ? 'ALTER VIEW' : 'CREATE VIEW', 'store')
  draft.literalsMatter = true
  const schema = schemaOf(context.index, context.state, node.view.schema, node.view.start)
  refuseSystem(schema, node.view)
  const existing = context.index.relation(schema, node.view.name.text)
  if (existing) {
    const target: Resolved = {
      kind: 'relation',
      schema: existing.schema,
      name: existing.name,
      relation: existing,
    }
    draft.named.push({ target, at: node.view.start, guard: 'guarded' })
  }
  draft.uses.push({ schema, table: existing?.name ?? node.view.name.text, effect: 'define', columns: [] })
  draft.survey = surveyStatement(node.query, context)
  const columns = node.columns.length > 0 ? node.columns.map(one => one.text) : selectedNames(node.query)
  draft.changes.push({
    kind: 'create',
    table: { schema, name: node.view.name.text, columns, temporary: false },
  })
  return draft
}

function describeRoutine(node: CreateRoutine, context: ReadContext): Draft {
  const draft = newDraft(`${node.alter ? 'ALTER' : 'CREATE'} ${node.object}`, 'refuse', ['define'])
  if (node.table) {
    const target = resolveTable(context.index, context.state, node.table.schema, node.table.name)
    draft.uses.push({ schema: target.schema, table: target.name, effect: 'define', columns: [] })
  }
  if (node.definer) draft.effects.add('administer')
  return draft
}
