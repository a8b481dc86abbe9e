// Names of procedures, functions, triggers and events.

import { accept, type Cursor, name, nameBehindDot, startOf } from './parse-cursor.ts'
import type { RoutineName } from './syntax.ts'

export function routineName(c: Cursor): RoutineName {
  const start = startOf(c)
  const first = name(c)
  if (!accept(c, '.')) return { kind: 'routine-name', schema: undefined, name: first, start, end: first.end }
  const own = nameBehindDot(c)
  return { kind: 'routine-name', schema: first, name: own, start, end: own.end }
}
