// Makes queries nobody would write: scopes inside scopes, names that shadow names, whole rows, renamed columns.

/** A small generator of numbers from a seed, so that a failure can be made again. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const next = (below: number): number => {
    // https://en.wikipedia.org/wiki/Linear_congruential_generator, the high bits of it.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  return { next, pick: list => list[next(list.length)] ?? fail(), often: share => next(100) < share }
}

export interface Chance {
  next(below: number): number
  pick<Value>(list: readonly Value[]): Value
  /** True in so many of a hundred cases. */
  often(share: number): boolean
}

function fail(): never {
  throw new Error('nothing to pick from')
}

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
  ['public.customers', ['id', 'email', 'country']],
  ['crm.customers', ['id', 'email', 'note']],
  ['archive.customers', ['id', 'email', 'note']],
  ['orders', ['id', 'customer_id', 'amount', 'status']],
  ['employees', ['id', 'name', 'email', 'salary', 'bonus', 'department']],
  ['people', ['id', 'full_name', 'email']],
  ['students', ['id', 'full_name', 'email', 'school']],
  ['ONLY people', ['id', 'full_name', 'email']],
  ['contacts', ['id', 'email', 'email_key']],
  ['payments', ['id', 'order_id', 'card', 'amount']],
  ['payments_2025', ['id', 'card']],
  ['v_contacts', ['id', 'contact', 'country']],
  ['v_nested', ['id', 'shouted']],
  ['v_filtered', ['id', 'country']],
  ['v_stats', ['country', 'n', 'first_email']],
  ['v_whole', ['id', 'all_of_it']],
  ['v_ranked', ['id', 'place']],
  ['tickets', ['id', 'region', 'subject']],
  ['vouchers', ['code', 'value']],
]

/** Names that are names of tables and columns as well. */
const aliases = ['customers', 'orders', 'email', 'c', 'a', 'b', 'x', 'people', 'id', 'v_contacts'] as const
const newNames = ['email', 'id', 'name', 'country', 'x', 'salary', 'customers'] as const

export function randomQuery(chance: Chance): string {
  const query = select(chance, { sources: [], ctes: [], depth: 0 }, 3)
  return `SELECT q::text FROM (${query.text}) AS q ORDER BY 1 LIMIT 300`
}

interface Made {
  readonly text: string
  readonly columns: readonly string[]
}

function select(chance: Chance, outer: Scope, width: number): Made {
  const ctes: Source[] = []
  const written: string[] = []
  if (outer.depth < 2 && chance.often(25)) {
    const inner = select(chance, { ...outer, depth: outer.depth + 1 }, 2)
    const alias = chance.pick(aliases)
    const kept = chance.pick(['', '', 'MATERIALIZED '])
    written.push(`"${alias}" AS ${kept}(${inner.text})`)
    ctes.push({ alias, columns: inner.columns })
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
    items.push(`${expression(chance, inside, 2)} AS "${name}"`)
  }
  const where = chance.often(40) ? ` WHERE ${condition(chance, inside)}` : ''
  const order = chance.often(20) ? ` ORDER BY ${expression(chance, inside, 1)}, 1` : ''
  const distinct = order === '' && chance.often(10) ? 'DISTINCT ' : ''
  const withClause = written.length === 0 ? '' : `WITH ${written.join(', ')} `
  return {
    text: `${withClause}SELECT ${distinct}${items.join(', ')} FROM ${from.text}${where}${order}`,
    columns: [...names],
  }
}

function fromClause(
  chance: Chance,
  scope: Scope,
): { readonly text: string; readonly sources: readonly Source[] } {
  const first = source(chance, scope, 0)
  if (chance.often(55)) return { text: first.text, sources: [first.source] }
  const lateral = chance.often(30)
  const second = source(chance, lateral ? { ...scope, sources: [first.source] } : scope, 1)
  const sources = [first.source, second.source]
  if (lateral) {
    // Only a sub-query may follow the word.
    const word = second.text.startsWith('(') ? 'LATERAL ' : ''
    return { text: `${first.text}, ${word}${second.text}`, sources }
  }
  const shared = first.source.columns.filter(column => second.source.columns.includes(column))
  const kind = chance.pick(['JOIN', 'LEFT JOIN', 'FULL JOIN', 'RIGHT JOIN'])
  const key = shared.find(column => column === 'id' || column === 'email')
  if (key !== undefined && chance.often(40))
    return {
      text: `${first.text} ${kind} ${second.text} USING ("${key}")`,
      sources: [{ ...first.source, columns: first.source.columns }, second.source],
    }
  const on = `${column(chance, [first.source])}::text = ${column(chance, [second.source])}::text`
  return { text: `${first.text} ${kind} ${second.text} ON ${on}`, sources }
}

function source(
  chance: Chance,
  scope: Scope,
  place: number,
): { readonly text: string; readonly source: Source } {
  const alias = `${chance.pick(aliases)}${place === 0 ? '' : '2'}`
  const cte = scope.ctes.at(-1)
  if (cte !== undefined && chance.often(50)) {
    return { text: `"${cte.alias}" AS "${alias}"`, source: { alias, columns: cte.columns } }
  }
  if (scope.depth < 2 && chance.often(30)) {
    const inner = select(chance, { ...scope, depth: scope.depth + 1 }, 3)
    return { text: `(${inner.text}) AS "${alias}"`, source: { alias, columns: inner.columns } }
  }
  const [name, columns] = chance.pick(tables)
  if (chance.often(25)) {
    const renamed = [...new Set([chance.pick(newNames), ...columns.slice(1, 3)])]
    if (renamed.length > 1) {
      const list = [`"${renamed[0]}"`, '"second one"'].join(', ')
      return {
        text: `${name} AS "${alias}" (${list})`,
        source: { alias, columns: [renamed[0] ?? 'id', 'second one'] },
      }
    }
  }
  return { text: `${name} AS "${alias}"`, source: { alias, columns } }
}

function column(chance: Chance, sources: readonly Source[]): string {
  const { alias, columns } = chance.pick(sources)
  return `"${alias}"."${chance.pick(columns)}"`
}

function expression(chance: Chance, scope: Scope, depth: number): string {
  const value = column(chance, scope.sources)
  const row = `"${chance.pick(scope.sources).alias}"`
  if (depth === 0) return value
  const inner = (): string => expression(chance, scope, depth - 1)
  switch (chance.next(14)) {
    case 0:
      return `md5(${inner()}::text)`
    case 1:
      return `length(${inner()}::text)`
    case 2:
      return `CASE WHEN ${condition(chance, scope)} THEN ${inner()}::text ELSE 'no' END`
    case 3:
      return `${row}::text`
    case 4:
      return `row_to_json(${row})`
    case 5:
      return `to_jsonb(${row}) ->> '${chance.pick(newNames)}'`
    case 6:
      return `coalesce(${inner()}::text, ${inner()}::text)`
    case 7:
      return `row_number() OVER (ORDER BY ${inner()}::text, ${column(chance, scope.sources)}::text)`
    case 8:
      return subquery(chance, scope)
    case 9:
      return `(${row} IS NULL)`
    case 10:
      return `array_to_string(ARRAY[${inner()}::text, ${inner()}::text], '-')`
    case 11:
      return `(SELECT count(*) FROM customers AS i WHERE i.email::text < ${value}::text)`
    default:
      return value
  }
}

/** May speak of the rows around it. */
function subquery(chance: Chance, scope: Scope): string {
  if (scope.depth >= 2) return "'deep'"
  const inner = source(chance, { ...scope, depth: scope.depth + 1 }, 0)
  const what = column(chance, [inner.source])
  const outer = column(chance, scope.sources)
  const limit = chance.pick([
    `min(${what}::text)`,
    `max(${outer}::text)`,
    'count(*)',
    `string_agg(${what}::text, ',' ORDER BY ${what}::text)`,
  ])
  return `(SELECT ${limit} FROM ${inner.text} WHERE ${chance.pick([`${what}::text = ${outer}::text`, 'true', `${what}::text LIKE '%k%'`])})`
}

function condition(chance: Chance, scope: Scope): string {
  const value = `${column(chance, scope.sources)}::text`
  return chance.pick([
    `${value} LIKE '_zq7%'`,
    `${value} > 'bzq7k1'`,
    `length(${value}) > 9`,
    `${value} IN (SELECT email::text FROM customers)`,
    `EXISTS (SELECT FROM employees AS e WHERE e.salary::text > ${value})`,
    `${value} IS NOT NULL`,
    `${value} = ANY (ARRAY(SELECT code FROM vouchers))`,
  ])
}
