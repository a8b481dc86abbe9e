// What of the owner's acts when rows are written: triggers pass if they touch nothing hidden.

import type { Relation } from '../schema.ts'
import { unsafe } from './refusal.ts'
import type { Rewriting } from './rewriting.ts'
import { type Body, bodyOf, bodyPasses } from './routines.ts'
import type { MysqlIndex } from './schema-index.ts'
import { sightOf } from './sights.ts'
import type { Write } from './survey-facts.ts'

type Event = 'INSERT' | 'UPDATE' | 'DELETE'

/** @throws Refusal */
export function refuseTriggers(rewriting: Rewriting, relation: Relation, write: Write): void {
  const events = eventsOf(write)
  const follows = events.some(event => event !== 'INSERT')
  for (const one of actingOn(rewriting.index, relation, follows)) {
    if (!one.hasTriggers) continue
    if (one.triggersUnknown === true || one.triggers === undefined) throw acts(one, write.target.at)
    one.triggers.forEach((definition, at) => {
      // Rows that go along with others change or go.
      const wanted: readonly string[] = one === relation ? events : ['UPDATE', 'DELETE']
      const event = /^CREATE TRIGGER .*? (?:BEFORE|AFTER) (INSERT|UPDATE|DELETE) ON /s.exec(definition)?.[1]
      if (event !== undefined && !wanted.includes(event)) return
      if (!triggerPasses(rewriting, one, definition, one.triggerModes?.[at])) throw acts(one, write.target.at)
    })
  }
}

function eventsOf({ node }: Write): readonly Event[] {
  switch (node.kind) {
    case 'update':
      return ['UPDATE']
    case 'delete':
      return ['DELETE']
    case 'load':
      return node.options.includes('REPLACE') ? ['INSERT', 'UPDATE', 'DELETE'] : ['INSERT']
    case 'insert':
      if (node.verb === 'REPLACE') return ['INSERT', 'UPDATE', 'DELETE']
      return node.onDuplicate.length > 0 ? ['INSERT', 'UPDATE'] : ['INSERT']
  }
}

function acts(relation: Relation, at: number): Error {
  return unsafe(
    `Triggers of "${relation.name}" could read what is hidden from you or copy it to elsewhere, so its rows cannot be ` +
      'changed. Ask an administrator.',
    at,
  )
}

/** Those that refer to a row may go with it. */
function actingOn(index: MysqlIndex, relation: Relation, follows: boolean): ReadonlySet<Relation> {
  const found = new Set<Relation>()
  const open = [relation]
  for (let one = open.pop(); one; one = open.pop()) {
    if (found.has(one)) continue
    found.add(one)
    if (follows) open.push(...index.followers(one))
  }
  return found
}

const bodies = new WeakMap<Relation, Map<string, Body | undefined>>()

function triggerPasses(
  rewriting: Rewriting,
  relation: Relation,
  definition: string,
  mode: string | undefined,
): boolean {
  const ofRelation = bodies.get(relation) ?? new Map<string, Body | undefined>()
  bodies.set(relation, ofRelation)
  if (!ofRelation.has(definition)) {
    ofRelation.set(definition, bodyOf(rewriting.index, definition, relation.schema, mode))
  }
  const body = ofRelation.get(definition)
  if (!body) return false
  const sight = sightOf(rewriting.sight, relation)
  // What it does with a hidden value of its row cannot be followed.
  if (sight && body.survey.rowColumns.some(name => sight.hidden.has(name))) return false
  return bodyPasses(rewriting, body, `trigger ${definition}`)
}
