// One piece of a set's text for a list: where it stands, what it is called, whom and what it names.

import type { CompiledPolicy, Scope } from './compiled-policy.ts'
import { children, type Expression } from './expression.ts'
import { pathOf } from './meaning-object.ts'
import type { PolicyPart } from './policy.ts'
import { actionNames } from './schema.ts'
import type { Piece } from './source.ts'
import type { EntityName } from './value.ts'

export function describePart(
  piece: Piece,
  policy: CompiledPolicy | undefined,
  meaning: string | undefined,
): PolicyPart {
  const { start, head, text } = piece
  const place = { start, head, end: start + text.length }
  if (policy === undefined) {
    const name = /@\s*id\s*\(\s*"((?:[^"\\]|\\.)*)"/.exec(text.slice(head - start))?.[1] ?? ''
    const unknown = { effect: undefined, disabled: false, meaning, people: [], targets: [], actions: [] }
    return { ...place, name, ...unknown }
  }
  const { name, effect, disabled, actions, anyAction } = policy
  const named = [policy.principal, policy.resource]
    .flatMap(ofScope)
    .concat(policy.conditions.flatMap(({ expression }) => inside(expression)))
  const people = named.filter(({ type }) => type === 'Group' || type === 'User').map(({ id }) => id)
  const targets = named.flatMap(targetOf)
  return {
    ...place,
    name,
    effect,
    disabled,
    meaning,
    people: [...new Set(people)],
    targets: [...new Set(targets)],
    actions: anyAction ? [] : actionNames.filter(action => actions.has(action)),
  }
}

function ofScope(scope: Scope): readonly EntityName[] {
  if (scope.kind === 'all') return []
  if (scope.kind === 'is') return scope.within === undefined ? [] : [scope.within]
  return [scope.entity]
}

function inside(expression: Expression): readonly EntityName[] {
  if (expression.kind === 'literal') {
    const { value } = expression
    return typeof value === 'object' && value.kind === 'entity' ? [value] : []
  }
  return children(expression).flatMap(inside)
}

function targetOf({ type, id }: EntityName): readonly string[] {
  if (type === 'Target') return [id]
  if (!['Schema', 'Table', 'Column'].includes(type)) return []
  return pathOf(id).slice(0, 1)
}
