// What a policy is about, in plain words: targets, tables, columns.

import type { Scope } from './compiled-policy.ts'
import type { Say } from './meaning-condition.ts'
import type { EntityName } from './value.ts'

/** `column`: as something that is hidden. */
type Kind = 'target' | 'table' | 'column' | 'any column'

/** `undefined` if nothing of this kind can be meant. @param any `any table` in place of `every table` */
export function objectWords(kind: Kind, scope: Scope, say: Say, any: boolean): string | undefined {
  if (kind === 'target') return targetWords(scope, say, any)
  const type = kind === 'table' ? 'Table' : 'Column'
  if (scope.kind === 'is') {
    if (scope.type !== type) return undefined
    return objectWords(kind, scope.within === undefined ? { kind: 'all' } : inside(scope.within), say, any)
  }
  const each = any ? 'any' : 'every'
  if (scope.kind === 'all')
    return kind === 'table'
      ? say(`${each} table`, 'すべてのテーブル')
      : kind === 'column'
        ? say(`${each} hidden column`, 'すべての隠された列')
        : say(`${each} column`, 'すべての列')
  const { entity } = scope
  if (scope.kind === 'exactly' && entity.type !== type) return undefined
  return kind === 'table' ? tableWords(entity, say, each) : columnWords(entity, say)
}

const inside = (entity: EntityName): Scope => ({ kind: 'in', entity })

export function targetWords(scope: Scope, say: Say, any: boolean): string | undefined {
  const every = say(any ? 'any target' : 'every target', 'すべての接続先')
  if (scope.kind === 'all') return every
  if (scope.kind === 'is') {
    if (scope.type !== 'Target') return undefined
    return scope.within === undefined ? every : targetWords(inside(scope.within), say, any)
  }
  return scope.entity.type === 'Target' ? scope.entity.id : undefined
}

function tableWords({ type, id }: EntityName, say: Say, each: string): string | undefined {
  const [target = '', schema = '', table = ''] = pathOf(id)
  switch (type) {
    case 'Target':
      return say(`${each} table of ${id}`, `${id} のすべてのテーブル`)
    case 'Schema':
      return say(
        `${each} table of the schema ${schema} of ${target}`,
        `${target} のスキーマ ${schema} のすべてのテーブル`,
      )
    case 'Table':
      return say(`the table ${schema}.${table} of ${target}`, `${target} のテーブル ${schema}.${table}`)
    default:
      return undefined
  }
}

function columnWords({ type, id }: EntityName, say: Say): string | undefined {
  const [target = '', schema = '', table = '', column = ''] = pathOf(id)
  switch (type) {
    case 'Target':
      return say(`the hidden columns of ${id}`, `${id} の隠された列`)
    case 'Schema':
      return say(
        `the hidden columns of the schema ${schema} of ${target}`,
        `${target} のスキーマ ${schema} の隠された列`,
      )
    case 'Table':
      return say(
        `the hidden columns of the table ${schema}.${table} of ${target}`,
        `${target} のテーブル ${schema}.${table} の隠された列`,
      )
    case 'Column':
      return say(
        `the column ${column} of the table ${schema}.${table} of ${target}`,
        `${target} のテーブル ${schema}.${table} の列 ${column}`,
      )
    case 'Tag':
      return say(`the columns tagged ${id}`, `タグ ${id} の付いた列`)
    default:
      return undefined
  }
}

/** The parts of an id such as `shop/public/orders`. */
export function pathOf(id: string): readonly string[] {
  return id.split('/').map(part => part.replaceAll('%2F', '/').replaceAll('%25', '%'))
}

/** One entity by itself. */
export function entityWords(entity: EntityName, say: Say): string {
  if (entity.type === 'Target' || entity.type === 'User') return entity.id
  const path = pathOf(entity.id)
  if (entity.type === 'Schema') return say(`the schema ${path.join('.')}`, `スキーマ ${path.join('.')}`)
  if (entity.type === 'Table') return say(`the table ${path.join('.')}`, `テーブル ${path.join('.')}`)
  if (entity.type === 'Column') return say(`the column ${path.join('.')}`, `列 ${path.join('.')}`)
  if (entity.type === 'Group') return say(`the group ${entity.id}`, `グループ ${entity.id}`)
  if (entity.type === 'Tag') return say(`the tag ${entity.id}`, `タグ ${entity.id}`)
  return `${entity.type}::${JSON.stringify(entity.id)}`
}

/** A Latin name is set apart from the Japanese that follows it. */
export function spaced(words: string): string {
  return /[\x21-\x7e]$/.test(words) ? `${words} ` : words
}
