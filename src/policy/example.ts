// For tests: people, targets and tags to ask about.

import type { Action, SqlStatement, TableEffect, TargetEffect } from '../core/action.ts'
import type { TargetId, UserId } from '../core/ids.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { MaskShape } from '../core/verdict.ts'
import type { Asker, ColumnTags, PolicyContext, TagDefinition } from './policy.ts'

export function exampleUser(name: string, groups: readonly string[] = [], more: Partial<User> = {}): User {
  return {
    id: `user-${name}` as UserId,
    name,
    displayName: name,
    email: `${name}@example.org`,
    role: 'user',
    disabled: false,
    groups,
    ...more,
  }
}

export function exampleTarget(name: string, tags: Readonly<Record<string, string>> = {}): Target {
  return {
    id: `target-${name}` as TargetId,
    name,
    protocol: 'postgres',
    host: 'db.example.org',
    port: 5432,
    database: 'main',
    account: 'gateway',
    tls: 'require',
    tlsCa: undefined,
    tags,
    listenPort: 40_001,
    disabled: false,
  }
}

/** A Wednesday, 10:30 in UTC. */
export const wednesdayMs = Date.UTC(2026, 6, 1, 10, 30)

export function exampleAsker(user: User, target: Target, context: Partial<PolicyContext> = {}): Asker {
  return {
    user,
    target,
    context: { nowMs: wednesdayMs, address: '10.1.2.3', program: 'psql', ...context },
  }
}

export function uses(table: string, ...effects: readonly TableEffect[]): SqlStatement {
  const [schema = '', name = ''] = table.split('.')
  return {
    verb: 'SELECT',
    tables: [{ schema, table: name, effects, reads: [], writes: [] }],
    effects: [],
    functions: [],
  }
}

export function onTarget(...effects: readonly TargetEffect[]): SqlStatement {
  return { verb: 'SET', tables: [], effects, functions: [] }
}

export function sql(...statements: readonly SqlStatement[]): Action {
  return { kind: 'sql', statements }
}

export function tag(name: string, mask: MaskShape = 'email', sensitive = true): TagDefinition {
  return { name, description: '', sensitive, mask }
}

/** @param tables `{ 'public.customers': { email: [tag('pii.email')] } }` */
export function columnTags(
  tables: Readonly<Record<string, Readonly<Record<string, readonly TagDefinition[]>>>>,
  version = '1',
): ColumnTags {
  return {
    version,
    tables: Object.entries(tables).map(([path, columns]) => {
      const [schema = '', table = ''] = path.split('.')
      return { schema, table, columns: new Map(Object.entries(columns)) }
    }),
  }
}
