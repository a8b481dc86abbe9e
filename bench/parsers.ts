// `node bench/parsers.ts`: our parser of MySQL's SQL beside two from npm, in processor time for one text.

import { createRequire, registerHooks } from 'node:module'
import { canonicalise } from '../src/sql/mysql/canonical.ts'
import { parse } from '../src/sql/mysql/parse.ts'
import { sqlModeUsual, type ParseContext } from '../src/sql/mysql/syntax.ts'

const log = (text: string): void => console.log(text)
const require = createRequire(import.meta.url)

const context: ParseContext = {
  product: 'mysql',
  version: 80036,
  sqlMode: sqlModeUsual,
  characterSet: 'utf8mb4',
}

const short = 'SELECT id, name, email FROM customers WHERE id = 42 AND country = 1'
const middle = `SELECT c.id, c.name, COUNT(o.id) AS orders, SUM(o.total) AS total FROM customers AS c
  LEFT JOIN orders AS o ON o.customer_id = c.id AND o.created_at > '2024-01-01' WHERE c.country IN ('JP', 'KR', 'DE')
  AND c.name LIKE 'A%' GROUP BY c.id, c.name HAVING COUNT(o.id) > 3 ORDER BY total DESC LIMIT 10`
const items = Array.from(
  { length: 55 },
  (_, i) => `t${i % 3}.column_${i} + ${i} * coalesce(t${i % 3}.other_${i}, 'value ${i}') AS c${i}`,
)
const long = `SELECT ${items.join(', ')} FROM t0 JOIN t1 ON t0.id = t1.id JOIN t2 ON t1.id = t2.id WHERE t0.a = 1 AND t1.b > 2`
const insert = `INSERT INTO t (a, b, c) VALUES ${Array.from({ length: 8_000 }, (_, i) => `(${i}, 'some text number ${i}', ${i * 1.5})`).join(', ')}`

const texts: readonly (readonly [string, string])[] = [
  [`short, ${short.length} characters`, short],
  [`middle, ${middle.length}`, middle],
  [`long, ${long.length}`, long],
  [`insert, ${insert.length}`, insert],
]

type Parser = (text: string) => void

function ours(text: string): void {
  const found = parse(canonicalise(text, context).text, context)
  if (found.kind === 'problem') throw new Error(`${found.message} at ${found.position}`)
}

function nodeSqlParser(): Parser {
  const { Parser: Foreign } = require('node-sql-parser') as {
    Parser: new () => { astify(text: string, options: { database: string }): unknown }
  }
  const parser = new Foreign()
  return text => void parser.astify(text, { database: 'MySQL' })
}

/** Its modules import folders and files without ending, which Node does not resolve by itself. */
async function dtSqlParser(): Promise<Parser> {
  const hooks = registerHooks({
    resolve(specifier, from, next) {
      if (!specifier.startsWith('.') || specifier.endsWith('.js')) return next(specifier, from)
      try {
        return next(`${specifier}.js`, from)
      } catch {
        return next(`${specifier}/index.js`, from)
      }
    },
  })
  const module_ = (await import('dt-sql-parser')) as unknown as {
    MySQL: new () => { parse(text: string, onError: (error: unknown) => void): unknown }
  }
  hooks.deregister()
  const parser = new module_.MySQL()
  return text => {
    parser.parse(text, () => {
      throw new Error('not read')
    })
  }
}

/** Median of the processor time of one call, in microseconds, over batches of about 20 ms each. */
function measure(parser: Parser, text: string): number {
  const once = (): number => {
    const before = process.cpuUsage()
    parser(text)
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  const first = Math.max(1, Math.min(once(), once()))
  const perBatch = Math.max(1, Math.min(5_000, Math.round(20_000 / first)))
  const batches: number[] = []
  const rounds = first > 200_000 ? 3 : 15
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage()
    for (let i = 0; i < perBatch; i += 1) parser(text)
    const { user, system } = process.cpuUsage(before)
    batches.push((user + system) / perBatch)
  }
  return batches.sort((a, b) => a - b)[Math.floor(batches.length / 2)] ?? 0
}

async function loaded(
  name: string,
  load: () => Promise<Parser> | Parser,
): Promise<readonly [string, Parser] | undefined> {
  try {
    return [name, await load()]
  } catch (error) {
    log(
      `${name} cannot be loaded here: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown'}`,
    )
    return undefined
  }
}

const parsers = [
  await loaded('Sekisho', () => ours),
  await loaded('node-sql-parser', nodeSqlParser),
  await loaded('dt-sql-parser', dtSqlParser),
].filter(one => one !== undefined)

// Everybody has seen every kind of text before the clock runs.
for (let round = 0; round < 2_000; round += 1) for (const [, text] of texts.slice(0, 3)) ours(text)

for (const [name, text] of texts) {
  const figures = parsers.map(([own, parser]) => {
    try {
      return `${own} ${measure(parser, text).toFixed(1)} µs`
    } catch {
      return `${own} does not read it`
    }
  })
  log(`${name}: ${figures.join(', ')}`)
}
