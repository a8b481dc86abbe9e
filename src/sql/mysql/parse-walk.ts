// A walk over every node of a tree, for tests and for whoever needs no more than that.

import type { Span } from './syntax.ts'

export interface AnyNode extends Span {
  readonly kind: string
}

/** Calls `visit` with every node, parents first. */
export function walk(tree: unknown, visit: (node: AnyNode) => void): void {
  const waiting: unknown[] = [tree]
  for (let own = waiting.pop(); own !== undefined; own = waiting.pop()) {
    if (typeof own !== 'object' || own === null) continue
    if (isNode(own)) visit(own)
    const values: unknown[] = Array.isArray(own) ? own : Object.values(own)
    for (let i = values.length - 1; i >= 0; i -= 1) {
      if (values[i] !== undefined && values[i] !== null) waiting.push(values[i])
    }
  }
}

function isNode(value: object): value is AnyNode {
  return 'kind' in value && typeof value.kind === 'string' && 'start' in value && 'end' in value
}
