// Makes queries of MySQL and MariaDB that nobody would write: scopes inside scopes, names that shadow names.

import type { Chance } from '../random-query.ts'

interface Source {
  readonly alias: string
  readonly columns: readonly string[]
}

interface Scope {
  readonly sources: readonly Source[]
  readonly ctes: readonly Source[]
  readonly depth: number
}

const tables: readonly (readonly [string, readonly string[]])[] = [
  [
    'customers',
    ['id', 'name', 'email', 'phone', 'card', 'birthday', 'address', 'balance', 'grade', 'country', 'active'],
  ],
  ['shop.customers', ['id', 'email', 'country']],
  ['`crm`.`customers`', ['id', 'email', 'note']],
  ['archive . customers', ['id', 'email', 'note']],
  ['orders', ['id', 'customer_id', 'amount', 'status']],
  ['employees', ['id', 'name', 'email', 'salary', 'bonus', 'department']],
  ['contacts', ['id', 'email', 'email_key']],
  ['payments', ['id', 'order_id', 'card', 'amount']],
  ['payments PARTITION (p2025)', ['id', 'card']],
  ['v_contacts', ['id', 'contact', 'country']],
  ['v_nested', ['id', 'shouted']],
  ['v_filtered', ['id', 'country']],
  ['v_stats', ['country', 'n', 'first_email']],
  ['v_ranked', ['id', 'place']],
  ['v_temporary', ['id', 'email']],
  ['tickets', ['id', 'region', 'subject']],
  ['vouchers', ['code', 'value']],
  ['history', ['id', 'email']],
  ['/*!50000 notes */', ['id', 'body']],
]

/** Names that are names of tables and columns as well. */
const aliases = ['customers', 'orders', 'email', 'c', 'a', 'b', 'x', 'contacts', 'id', 'v_contacts'] as const
const newNames = ['email', 'id', 'name', 'country', 'x', 'salary', 'customers'] as const

export function randomQuery(chance: Chance): string {
  const query = select(chance, { sources: [], ctes: [], depth: 0 }, 3)
  const all = query.columns.map(name => `ifnull(hex(q.\`${name}\`), '-')`).join(", ',', ")
  return `SELECT concat(${all}) AS line FROM (${query.text}) AS q ORDER BY 1 LIMIT 300`
}

interface Made {
  readonly text: string
  readonly columns: readonly string[]
}

function select(chance: Chance, outer: Scope, width: number): Made {
  const ctes: Source[] = []
  const written: string[] = []
  if (outer.depth < 2 && chance.often(25)) {
    const inner = select(chance, { ...outer, depth: outer.depth + 1, sources: [] }, 2)
    const alias = chance.pick(aliases)
    const renamed = chance.often(40)
    const columns = renamed ? inner.columns.map((_, index) => `n${index}`) : inner.columns
    written.push(`\`${alias}\`${renamed ? ` (${columns.map(quoted).join(', ')})` : ''} AS (${inner.text})`)
    ctes.push({ alias, columns })
  }
  const scope: Scope = { ...outer, ctes: [...outer.ctes, ...ctes] }
  const from = fromClause(chance, scope)
  const inside: Scope = { ...scope, sources: from.sources }
  const names = new Set<string>()
  const items: string[] = []
  for (let n = 1 + chance.next(width); n > 0; n--) {
    const name = chance.pick(newNames)
    if (names.has(name)) continue
    names.add(name)
    items.push(`${expression(chance, inside, 2)} AS ${quoted(name)}`)
  }
  const where = chance.often(40) ? ` WHERE ${condition(chance, inside)}` : ''
  const having =
    where === '' && chance.often(15) ? ` HAVING ${quoted([...names][0] ?? 'id')} IS NOT NULL` : ''
  const distinct = chance.often(10) ? 'DISTINCT ' : ''
  const withClause = written.length === 0 ? '' : `WITH ${written.join(', ')} `
  const head = `${withClause}SELECT ${distinct}${items.join(', ')} FROM ${from.text}${where}${having}`
  if (outer.depth > 0 || !chance.often(15)) return { text: head, columns: [...names] }
  const nulls = [...names].map(() => chance.pick(['NULL', "'x'", '1']))
  return { text: `${head} UNION ALL SELECT ${nulls.join(', ')}`, columns: [...names] }
}

const quoted = (name: string): string => `\`${name}\``

function fromClause(
  chance: Chance,
  scope: Scope,
): { readonly text: string; readonly sources: readonly Source[] } {
  const first = source(chance, scope, 0)
  if (chance.often(55)) return { text: first.text, sources: [first.source] }
  const second = source(chance, scope, 1)
  const sources = [first.source, second.source]
  const kind = chance.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'STRAIGHT_JOIN', 'INNER JOIN'])
  const key = first.source.columns
    .filter(name => second.source.columns.includes(name))
    .find(name => name === 'id' || name === 'email')
  if (key !== undefined && kind !== 'STRAIGHT_JOIN' && chance.often(40))
    return { text: `${first.text} ${kind} ${second.text} USING (${quoted(key)})`, sources }
  const on = `hex(${column(chance, [first.source])}) = hex(${column(chance, [second.source])})`
  return { text: `(${first.text} ${kind} ${second.text} ON ${on})`, sources }
}

function source(
  chance: Chance,
  scope: Scope,
  place: number,
): { readonly text: string; readonly source: Source } {
  const alias = `${chance.pick(aliases)}${place === 0 ? '' : '2'}`
  const cte = scope.ctes.at(-1)
  if (cte !== undefined && chance.often(50))
    return { text: `${quoted(cte.alias)} AS ${quoted(alias)}`, source: { alias, columns: cte.columns } }
  if (scope.depth < 2 && chance.often(30)) {
    const inner = select(chance, { ...scope, sources: [], depth: scope.depth + 1 }, 3)
    return { text: `(${inner.text}) AS ${quoted(alias)}`, source: { alias, columns: inner.columns } }
  }
  const [name, columns] = chance.pick(tables)
  const as = chance.pick(['AS ', '', '/* as */ '])
  return { text: `${name} ${as}${quoted(alias)}`, source: { alias, columns } }
}

function column(chance: Chance, sources: readonly Source[]): string {
  const { alias, columns } = chance.pick(sources)
  return `${quoted(alias)}.${quoted(chance.pick(columns))}`
}

function expression(chance: Chance, scope: Scope, depth: number): string {
  const value = column(chance, scope.sources)
  if (depth === 0) return value
  const inner = (): string => expression(chance, scope, depth - 1)
  switch (chance.next(12)) {
    case 0:
      return `md5(${inner()})`
    case 1:
      return `length(${inner()})`
    case 2:
      return `CASE WHEN ${condition(chance, scope)} THEN hex(${inner()}) ELSE 'no' END`
    case 3:
      return `if(${condition(chance, scope)}, 1, 0)`
    case 4:
      return `coalesce(hex(${inner()}), hex(${inner()}))`
    case 5:
      // Not row_number(): rows that sort alike come in any order.
      return `rank() OVER (ORDER BY hex(${value}), hex(${column(chance, scope.sources)}))`
    case 6:
      return subquery(chance, scope)
    case 7:
      return `json_object('v', hex(${inner()}))`
    case 8:
      return `(SELECT count(*) FROM customers AS i WHERE hex(i.email) < hex(${value}))`
    case 9:
      return `substring_index(hex(${inner()}), '4', 2)`
    default:
      return value
  }
}

/** May speak of the rows around it. */
function subquery(chance: Chance, scope: Scope): string {
  if (scope.depth >= 2) return "'deep'"
  const inner = source(chance, { ...scope, depth: scope.depth + 1, sources: [] }, 0)
  const what = column(chance, [inner.source])
  const outer = column(chance, scope.sources)
  const shown = chance.pick([
    `min(hex(${what}))`,
    `max(hex(${what}))`,
    'count(*)',
    `group_concat(hex(${what}) ORDER BY hex(${what}))`,
  ])
  const where = chance.pick([`hex(${what}) = hex(${outer})`, 'true', `${what} LIKE '%k%'`])
  return `(SELECT ${shown} FROM ${inner.text} WHERE ${where})`
}

function condition(chance: Chance, scope: Scope): string {
  const value = column(chance, scope.sources)
  return chance.pick([
    `${value} LIKE '_zq7%'`,
    `hex(${value}) > hex('bzq7k1')`,
    `length(${value}) > 9`,
    `hex(${value}) IN (SELECT hex(email) FROM customers)`,
    `EXISTS (SELECT 1 FROM employees AS e WHERE hex(e.salary) > hex(${value}))`,
    `${value} IS NOT NULL`,
    `hex(${value}) = ANY (SELECT hex(code) FROM vouchers)`,
  ])
}
