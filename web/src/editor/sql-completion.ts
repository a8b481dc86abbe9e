// Completes names where they can stand: columns behind an alias, tables behind FROM, everything in reach elsewhere.

import type {
  Completion,
  CompletionContext,
  CompletionResult,
  CompletionSource,
} from '@codemirror/autocomplete'
import type { SqlObject, TableRow, TargetProtocol } from '../../../src/console/contract.ts'
import { sqlName } from '../format/product.ts'
import type { SqlCatalog } from './sql-catalog.ts'
import { functionsOf, keywordsOf } from './sql-words.ts'
import { type Scope, type ScopeTable, scopeAt } from './text/sql-scope.ts'
import { splitStatements } from './text/sql-statements.ts'

export interface CompletionParts {
  readonly protocol: TargetProtocol
  readonly catalog: SqlCatalog
  /** Where names without a schema are looked up. */
  readonly schema: () => string
  /** Said of a column whose values are hidden. */
  readonly maskedWord: string
}

const boosts = { column: 4, alias: 3, cte: 3, table: 2, schema: 1, function: 0, keyword: -1 } as const

export function sqlCompletion(parts: CompletionParts): CompletionSource {
  const names = new Names(parts)
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const text = context.state.doc.toString()
    // The statement around the place, to its delimiter: what is written may be no whole statement yet.
    const around = splitStatements(text, parts.protocol).find(
      ({ from, end }) => context.pos >= from && context.pos <= end,
    )
    const start = around?.from ?? context.pos
    const scope = scopeAt(around?.text ?? '', context.pos - start, parts.protocol)
    if (scope.wanted.kind === 'nothing') return null
    const from = start + scope.from
    const written = context.state.sliceDoc(from, context.pos)
    if (written === '' && scope.wanted.kind !== 'member' && !context.explicit) return null
    const beginning = written.replace(/^["`]/, '')
    const options = await names.offer(scope, beginning)
    if (context.aborted || options.length === 0) return null
    return { from, options, validFor: /^["`]?[\p{L}\p{N}_$]*$/u }
  }
}

class Names {
  readonly #parts: CompletionParts

  constructor(parts: CompletionParts) {
    this.#parts = parts
  }

  async offer(scope: Scope, beginning: string): Promise<readonly Completion[]> {
    switch (scope.wanted.kind) {
      case 'member':
        return this.#members(scope, scope.wanted.path, beginning)
      case 'table':
        return this.#tables(scope, beginning)
      case 'expression':
        return this.#everything(scope)
      default:
        return []
    }
  }

  async #members(scope: Scope, path: readonly string[], beginning: string): Promise<readonly Completion[]> {
    const [first = '', second] = path
    const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
    if (second !== undefined)
      return this.#columnsOf({ schema: first, name: second, alias: second, columns: undefined }, scope)
    const table = scope.tables.find(({ alias }) => same(alias, first))
    if (table !== undefined) return this.#columnsOf(table, scope)
    const objects = await this.#parts.catalog.objects(first, beginning).catch(() => [])
    return objects.map(object => this.#objectNamed(object, false))
  }

  async #tables(scope: Scope, beginning: string): Promise<readonly Completion[]> {
    const [schemas, objects] = await Promise.all([
      this.#parts.catalog.schemas().catch(() => []),
      this.#parts.catalog.objects(undefined, beginning).catch(() => []),
    ])
    return [
      ...scope.ctes.map(({ name }) => this.#named(name, 'cte', 'type')),
      ...objects
        .filter(({ kind }) => kind !== 'routine' && kind !== 'sequence')
        .map(object => this.#objectNamed(object, true)),
      ...schemas.map(name => this.#named(name, 'schema', 'namespace')),
      ...['select', 'lateral', 'where', 'join', 'left', 'on'].map(label => keyword(label)),
    ]
  }

  async #everything(scope: Scope): Promise<readonly Completion[]> {
    const columns = (await Promise.all(scope.tables.map(table => this.#columnsOf(table, scope)))).flat()
    // A column of two tables is offered once; which one is meant must be said with an alias.
    const once = new Map(columns.map(column => [column.label, column]))
    return [
      ...once.values(),
      ...scope.tables.map(({ alias, name }) => ({
        ...this.#named(alias, 'alias', 'variable'),
        ...(name === undefined || name === alias ? {} : { detail: name }),
      })),
      ...scope.ctes.map(({ name }) => this.#named(name, 'cte', 'type')),
      ...functionsOf(this.#parts.protocol).map(label => ({
        label,
        apply: `${label}(`,
        type: 'function',
        boost: boosts.function,
      })),
      ...keywordsOf(this.#parts.protocol).map(keyword),
    ]
  }

  async #columnsOf(table: ScopeTable, scope: Scope): Promise<readonly Completion[]> {
    const known =
      table.columns ??
      scope.ctes.find(({ name }) => table.schema === undefined && name === table.name)?.columns
    if (known !== undefined) return known.map(name => this.#named(name, 'column', 'property'))
    if (table.name === undefined) return []
    const columns = await this.#parts.catalog.columns(table.schema ?? this.#parts.schema(), table.name)
    return (columns ?? []).map(column => this.#columnNamed(column))
  }

  #columnNamed({ name, type, hiddenAs }: TableRow['columns'][number]): Completion {
    const { maskedWord } = this.#parts
    return {
      ...this.#named(name, 'column', 'property'),
      detail: hiddenAs === undefined ? type : `${type} · ${maskedWord}`,
    }
  }

  #objectNamed(object: SqlObject, withSchema: boolean): Completion {
    const { protocol, schema } = this.#parts
    const near = object.schema === schema()
    const bare = sqlName(protocol, object.name)
    return {
      label: object.name,
      apply: near || !withSchema ? bare : `${sqlName(protocol, object.schema)}.${bare}`,
      ...(near || !withSchema ? {} : { detail: object.schema }),
      type: 'class',
      boost: boosts.table + (near ? 0.5 : 0),
    }
  }

  #named(name: string, kind: keyof typeof boosts, type: string): Completion {
    return { label: name, apply: sqlName(this.#parts.protocol, name), type, boost: boosts[kind] }
  }
}

const keyword = (label: string): Completion => ({ label, type: 'keyword', boost: boosts.keyword })
