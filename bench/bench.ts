// `npm run bench`: Sekisho beside a plain TCP proxy (HAProxy) and a pooler (PgBouncer), interleaved in one run.
// Prints queries/s, p50, p95, processor time per query, MB/s, ratios to HAProxy, and idle memory. Options: --rounds N --seconds N
// --parts simple/8,prepared/8,reads (what to measure; all of it if not given).

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { loadPostgresDialect } from '../src/sql/postgres/index.ts'
import { maskExpression } from '../src/sql/postgres/masks.ts'
import { type RunningPostgres, startPostgres } from '../test/support/postgres.ts'
import { type RunningSekisho, startSekisho } from '../test/support/sekisho.ts'
import { asStarted } from './as-started.ts'
import {
  measureQueries,
  measureRead,
  median,
  type Place,
  type QueryFigures,
  residentMegabytes,
} from './measure.ts'
import { startHaproxy, startPgbouncer } from './proxies.ts'
import { measureReads, type PlacedRead } from './reads.ts'

const run = promisify(execFile)

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    parts: { type: 'string', default: 'simple/1,simple/8,simple/32,prepared/1,prepared/8,prepared/32,reads' },
  },
})
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)
const parts = new Set(values.parts.split(','))
const rows = 500_000
const readSql = 'select * from bench_rows'
const scale = 10

const seed = `
create table bench_rows (id integer primary key, name text, email text, amount numeric(10, 2), note text);
insert into bench_rows select n, 'Customer ' || n, 'customer' || n || '@example.com', n % 1000, repeat('x', 40) from generate_series(1, ${rows}) n;
vacuum analyze bench_rows;
`

const policies = `
@id("bench")
permit(principal, action in [Action::"connect", Action::"select"], resource);
`

const folder = mkdtempSync(join(tmpdir(), 'sekisho-bench-'))
const log = (text: string): void => console.log(text)

async function main(): Promise<void> {
  log(
    `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown processor'}; Node ${process.versions.node}; ${rounds} rounds of ${seconds} s each`,
  )
  const target = await startPostgres({
    database: 'bench',
    settings: { shared_buffers: '512MB', max_connections: '300' },
  })
  const stops: (() => Promise<void>)[] = [() => target.stop()]
  try {
    log('Filling the tables …')
    await fill(target)
    const haproxy = await startHaproxy(folder, target)
    stops.push(() => haproxy.stop())
    const pgbouncer = await startPgbouncer(folder, target)
    stops.push(() => pgbouncer.stop())
    const direct: Place = {
      name: 'direct',
      host: target.host,
      port: target.port,
      user: target.user,
      password: target.password,
      database: target.database,
      pids: [],
    }
    const places: Place[] = [
      direct,
      { ...direct, name: 'HAProxy (TCP)', port: haproxy.port, pids: [haproxy.pid] },
      { ...direct, name: 'PgBouncer (session)', port: pgbouncer.port, pids: [pgbouncer.pid] },
    ]
    const memory: string[] = []
    for (const strength of ['written', 'strict'] as const) {
      const sekisho = await startSekisho({ environment: { ...asStarted, SEKISHO_AUDIT_STRENGTH: strength } })
      stops.push(() => sekisho.stop())
      memory.push(`Sekisho ${strength}, idle: ${residentMegabytes(sekisho.pid).toFixed(0)} MB resident`)
      places.push(...(await prepare(sekisho, target, strength)))
    }
    await queries(target, places)
    if (parts.has('reads')) await reads(places, direct)
    log('')
    for (const line of memory) log(line)
  } finally {
    for (const stop of stops.reverse()) await stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function fill(target: RunningPostgres): Promise<void> {
  await run(
    join(target.programs, 'pgbench'),
    [
      '-i',
      '-q',
      '-s',
      String(scale),
      '-h',
      target.host,
      '-p',
      String(target.port),
      '-U',
      target.user,
      target.database,
    ],
    {
      env: { ...process.env, PGPASSWORD: target.password },
    },
  )
  for (const statement of seed.split(';')) if (statement.trim() !== '') await target.run(statement)
}

/** Two targets of the same database: one plain, one with a hidden column in each table that is read. */
async function prepare(
  sekisho: RunningSekisho,
  target: RunningPostgres,
  strength: string,
): Promise<readonly Place[]> {
  await sekisho.addTarget('plain', target)
  const masked = await sekisho.addTarget('masked', target)
  await sekisho.savePolicies(policies)
  const hide = (table: string, column: string, tag: string): Promise<void> =>
    sekisho.admin.call(
      'PUT /api/targets/:id/tags',
      { schema: 'public', table, column, tags: [tag] },
      { id: masked.id },
    )
  await hide('pgbench_accounts', 'abalance', 'hr.salary')
  await hide('bench_rows', 'email', 'pii.email')
  const person = await sekisho.addPerson('bench', [])
  return ['plain', 'masked'].map(name => ({
    name: `Sekisho ${strength}, ${name}`,
    ...person.connection(name),
    pids: [sekisho.pid],
  }))
}

async function queries(target: RunningPostgres, places: readonly Place[]): Promise<void> {
  const program = join(target.programs, 'pgbench')
  for (const mode of ['simple', 'prepared']) {
    // A process that has just started still compiles what it runs.
    if ([...parts].some(part => part.startsWith(mode)))
      for (const place of places) await measureQueries(program, place, mode, 8, seconds, folder)
    for (const clients of [1, 8, 32]) {
      if (!parts.has(`${mode}/${clients}`)) continue
      const figures = new Map<string, QueryFigures[]>(places.map(place => [place.name, []]))
      for (let round = 0; round < rounds; round++) {
        for (const place of places)
          figures.get(place.name)?.push(await measureQueries(program, place, mode, clients, seconds, folder))
      }
      printQueries(`pgbench -S -M ${mode} -c ${clients}`, figures)
    }
  }
}

function printQueries(title: string, figures: ReadonlyMap<string, readonly QueryFigures[]>): void {
  const middle = (name: string, of: (figures: QueryFigures) => number): number =>
    median((figures.get(name) ?? []).map(of))
  const base = middle('HAProxy (TCP)', each => each.queriesPerSecond)
  log(`\n${title}`)
  log(
    `${'through'.padEnd(26)}${'queries/s'.padStart(11)}${'of HAProxy'.padStart(12)}${'p50 ms'.padStart(9)}${'p95 ms'.padStart(9)}${'proxy µs/query'.padStart(16)}`,
  )
  for (const name of figures.keys()) {
    const perSecond = middle(name, each => each.queriesPerSecond)
    log(
      name.padEnd(26) +
        perSecond.toFixed(0).padStart(11) +
        (perSecond / base).toFixed(2).padStart(12) +
        middle(name, each => each.p50Ms)
          .toFixed(3)
          .padStart(9) +
        middle(name, each => each.p95Ms)
          .toFixed(3)
          .padStart(9) +
        middle(name, each => each.cpuUsPerQuery)
          .toFixed(1)
          .padStart(16),
    )
  }
}

/** What the target itself can do with the masked statement. */
async function sameMask(direct: Place): Promise<PlacedRead> {
  await loadPostgresDialect()
  const column = { name: 'email', type: 'text', notNull: false, generated: undefined }
  const mask = maskExpression(column, 'email', '"email"', '')
  const sql = `select * from (select id, name, ${mask} as email, amount, note from bench_rows) as bench_rows`
  return { place: { ...direct, name: 'direct, same mask' }, sql }
}

async function reads(places: readonly Place[], direct: Place): Promise<void> {
  const all = [...places.map(place => ({ place, sql: readSql })), await sameMask(direct)]
  await measureReads(`Reading ${rows} rows`, all, rounds * 2, measureRead)
}

await main()
