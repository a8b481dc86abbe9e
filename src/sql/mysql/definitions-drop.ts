// DROP of anything, and sequences.

import { refuseSystem } from './definitions.ts'
import { type Resolved, findTable, resolveTable, schemaOf } from './names.ts'
import { type Draft, type ReadContext, newDraft } from './statement-reading.ts'
import type { DefineSequence, Drop } from './syntax.ts'

export function describeSequence(node: DefineSequence, context: ReadContext): Draft {
  const draft = newDraft(`${node.verb} SEQUENCE`, 'plain')
  const schema = schemaOf(context.index, context.state, node.sequence.schema, node.sequence.start)
  refuseSystem(schema, node.sequence)
  const existing = context.index.relation(schema, node.sequence.name.text)
  if (existing) {
    const target: Resolved = {
      kind: 'relation',
      schema: existing.schema,
      name: existing.name,
      relation: existing,
    }
    draft.named.push({ target, at: node.sequence.start, guard: 'guarded' })
  }
  const table = { schema, name: node.sequence.name.text, columns: undefined, temporary: node.temporary }
  draft.uses.push({ schema, table: table.name, effect: 'define', columns: [] })
  draft.changes.push({ kind: 'create', table })
  return draft
}

export function describeDrop(node: Drop, context: ReadContext): Draft {
  const tables = /^(?:TEMPORARY )?(?:TABLE|VIEW|SEQUENCE|INDEX)S?$/.test(node.object)
  const draft = newDraft(`DROP ${node.object}`, tables ? 'plain' : 'refuse')
  for (const table of node.tables) {
    const target = node.ifExists
      ? findTable(context.index, context.state, table.schema, table.name)
      : resolveTable(context.index, context.state, table.schema, table.name)
    if (!target) continue
    refuseSystem(target.schema, table)
    // Dropping an index that enforces a key would show nothing, but lets it be made again; that is refused where it is made.
    draft.named.push({ target, at: table.start, guard: node.object.includes('INDEX') ? 'guarded' : 'loose' })
    draft.uses.push({ schema: target.schema, table: target.name, effect: 'define', columns: [] })
    if (target.kind === 'session' && !node.object.includes('INDEX')) {
      draft.changes.push({ kind: 'drop', schema: target.schema, name: target.table.name })
    }
  }
  if (!tables) {
    const defined = /^(?:PROCEDURE|FUNCTION|TRIGGER|EVENT|PACKAGE|PACKAGE BODY)$/.test(node.object)
    draft.effects.add(defined ? 'define' : 'administer')
  } else if (draft.uses.length === 0) draft.effects.add('define')
  // Nothing is told by it; what it took with it is gone.
  if (/^(?:PROCEDURE|FUNCTION|TRIGGER|EVENT)$/.test(node.object)) draft.treatment = 'plain'
  return draft
}
