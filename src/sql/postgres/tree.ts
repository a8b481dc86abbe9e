// Ways into the grammar's tree: nodes are `{ Kind: body }`, fields of a body begin with a small letter, defaults are left out.

/** A body or a node of the tree. */
export type Tree = Readonly<Record<string, unknown>>

/** A node taken out of its wrapping. */
export interface Node {
  readonly kind: string
  readonly body: Tree
}

const nothing: readonly unknown[] = []

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function textOf(tree: Tree, field: string): string | undefined {
  const value = tree[field]
  return typeof value === 'string' ? value : undefined
}

/** A number; the tree leaves zeros out. */
export function numberOf(tree: Tree, field: string): number {
  const value = tree[field]
  return typeof value === 'number' ? value : 0
}

export function treeOf(tree: Tree, field: string): Tree | undefined {
  const value = tree[field]
  return isTree(value) ? value : undefined
}

export function listOf(tree: Tree, field: string): readonly unknown[] {
  const value = tree[field]
  return Array.isArray(value) ? value : nothing
}

/** `{ Kind: body }` → kind and body; `undefined` for anything else. */
export function nodeOf(value: unknown): Node | undefined {
  if (!isTree(value)) return undefined
  for (const kind in value) {
    const body = value[kind]
    const first = kind.charCodeAt(0)
    return first >= 65 && first <= 90 && isTree(body) ? { kind, body } : undefined
  }
  return undefined
}

/** The body of a node that must be of one kind. */
export function bodyOf(value: unknown, kind: string): Tree | undefined {
  return isTree(value) ? treeOf(value, kind) : undefined
}

/** The names in a list of `String` nodes; stars and everything else are left out. */
export function namesOf(tree: Tree, field: string): string[] {
  const names: string[] = []
  for (const item of listOf(tree, field)) {
    const body = bodyOf(item, 'String')
    if (body) names.push(textOf(body, 'sval') ?? '')
  }
  return names
}

/** The text of a string constant, a cast one included (`'a'::regclass`). */
export function stringConstant(value: unknown): string | undefined {
  const node = nodeOf(value)
  if (node?.kind === 'TypeCast') return stringConstant(node.body['arg'])
  if (node?.kind !== 'A_Const') return undefined
  const sval = treeOf(node.body, 'sval')
  return sval ? (textOf(sval, 'sval') ?? '') : undefined
}
