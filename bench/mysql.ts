// `npm run bench:mysql`: Sekisho beside HAProxy (TCP) in front of MariaDB, interleaved in one run, measured with sysbench.
// Prints queries/s, p50, p95, processor time per query and MB/s, with ratios to HAProxy. Options: --rounds N --seconds N
// --parts point/prepared/8,point/repeat/8,point/new/8,read/prepared/8,read/new/8,reads (what to measure; all of it if not given).

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { maskExpression } from '../src/sql/mysql/masks.ts'
import { startMariadb } from '../test/support/mariadb.ts'
import { startSekisho } from '../test/support/sekisho.ts'
import { asStarted } from './as-started.ts'
import { cpuUs, median, type Place, type QueryFigures, residentMegabytes } from './measure.ts'
import { measureMysqlRead } from './mysql-read.ts'
import { startHaproxy } from './proxies.ts'
import { measureReads, type PlacedRead } from './reads.ts'

const run = promisify(execFile)

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    parts: { type: 'string' },
  },
})
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)
const parts = values.parts?.split(',')
const rows = 500_000
/** Rows of sysbench's table: many more than texts are kept, so that literals do not repeat. */
const tableSize = 200_000
/** Few enough for every text to be known after a moment. */
const repeatingSize = 500
const readSql = 'select * from bench_rows'

const policies = `
@id("bench")
permit(principal, action in [Action::"connect", Action::"select", Action::"write"], resource);
`

interface Load {
  /** As `--parts` names it. */
  readonly part: string
  readonly name: string
  readonly script: 'oltp_point_select' | 'oltp_read_only'
  readonly prepared: boolean
  readonly size: number
}

const pointSelect = 'oltp_point_select'
const readOnly = 'oltp_read_only'

const loads: readonly Load[] = [
  { part: 'point/prepared', name: 'prepared', script: pointSelect, prepared: true, size: tableSize },
  {
    part: 'point/repeat',
    name: 'text, literals repeat',
    script: pointSelect,
    prepared: false,
    size: repeatingSize,
  },
  {
    part: 'point/new',
    name: 'text, literals seldom repeat',
    script: pointSelect,
    prepared: false,
    size: tableSize,
  },
  { part: 'read/prepared', name: 'prepared', script: readOnly, prepared: true, size: tableSize },
  {
    part: 'read/new',
    name: 'text, literals seldom repeat',
    script: readOnly,
    prepared: false,
    size: tableSize,
  },
]

const folder = mkdtempSync(join(tmpdir(), 'sekisho-bench-'))
const log = (text: string): void => console.log(text)

async function main(): Promise<void> {
  log(
    `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown processor'}; Node ${process.versions.node}; ${rounds} rounds of ${seconds} s each`,
  )
  const target = await startMariadb()
  const stops: (() => Promise<void>)[] = [() => target.stop()]
  try {
    log('Filling the tables …')
    await target.asRoot(
      `SET GLOBAL innodb_buffer_pool_size = 536870912; GRANT ALL ON *.* TO sekisho@'127.0.0.1'; CREATE DATABASE bench; USE bench;
       CREATE TABLE bench.bench_rows (id int PRIMARY KEY, name varchar(40), email varchar(60), amount decimal(10, 2), note varchar(60));
       INSERT INTO bench.bench_rows SELECT seq, concat('Customer ', seq), concat('customer', seq, '@example.com'), seq % 1000, repeat('x', 40) FROM seq_1_to_${rows}`,
    )
    const direct: Place = { ...target, name: 'direct', database: 'bench', pids: [] }
    await sysbench(direct, 'oltp_point_select', ['prepare', `--table-size=${tableSize}`])
    const haproxy = await startHaproxy(folder, target)
    stops.push(() => haproxy.stop())
    const sekisho = await startSekisho({ environment: asStarted })
    stops.push(() => sekisho.stop())
    const account = { ...target, database: 'bench' }
    await sekisho.addTarget('plain', account, { protocol: 'mysql' })
    const masked = await sekisho.addTarget('masked', account, { protocol: 'mysql' })
    await sekisho.savePolicies(policies)
    const hide = (table: string, column: string, tag: string): Promise<void> =>
      sekisho.admin.call(
        'PUT /api/targets/:id/tags',
        { schema: 'bench', table, column, tags: [tag] },
        { id: masked.id },
      )
    // What all of the statements read but one, which sums another column of the table.
    await hide('sbtest1', 'c', 'pii.name')
    await hide('bench_rows', 'email', 'pii.email')
    const person = await sekisho.addPerson('bench', [])
    const places: Place[] = [
      direct,
      { ...direct, name: 'HAProxy (TCP)', port: haproxy.port, pids: [haproxy.pid] },
      { name: 'Sekisho, plain', ...person.connection('plain'), pids: [sekisho.pid] },
      { name: 'Sekisho, masked column', ...person.connection('masked'), pids: [sekisho.pid] },
    ]
    const idle = residentMegabytes(sekisho.pid)
    for (const load of loads) {
      const wanted = [1, 8, 32].filter(threads => isWanted(`${load.part}/${threads}`))
      // A process that has just started still compiles what it runs.
      if (wanted.length > 0) for (const place of places) await measure(place, load, 8)
      for (const threads of wanted) await queries(load, threads, places)
    }
    if (isWanted('reads')) await reads(places, direct)
    log(
      `\nSekisho: ${idle.toFixed(0)} MB resident before, ${residentMegabytes(sekisho.pid).toFixed(0)} MB after`,
    )
  } finally {
    for (const stop of stops.reverse()) await stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const isWanted = (part: string): boolean => parts === undefined || parts.includes(part)

function sysbench(place: Place, script: Load['script'], args: readonly string[]): Promise<string> {
  const login = [
    '--db-driver=mysql',
    `--mysql-host=${place.host}`,
    `--mysql-port=${place.port}`,
    `--mysql-user=${place.user}`,
    `--mysql-password=${place.password}`,
    `--mysql-db=${place.database}`,
  ]
  return run('sysbench', [script, ...login, '--tables=1', ...args], { maxBuffer: 64 * 1024 * 1024 }).then(
    ({ stdout }) => stdout,
  )
}

async function measure(place: Place, load: Load, threads: number): Promise<QueryFigures> {
  const before = cpuUs(place.pids)
  const out = await sysbench(place, load.script, [
    `--threads=${threads}`,
    `--time=${seconds}`,
    `--table-size=${load.size}`,
    `--db-ps-mode=${load.prepared ? 'auto' : 'disable'}`,
    '--rand-type=uniform',
    '--histogram=on',
    'run',
  ])
  const used = cpuUs(place.pids) - before
  const total = Number(/total:\s+(\d+)/.exec(out)?.[1] ?? Number.NaN)
  const perSecond = Number(/queries:\s+\d+\s+\(([\d.]+) per sec/.exec(out)?.[1] ?? Number.NaN)
  if (Number.isNaN(perSecond)) throw new Error(`sysbench printed no figures: ${out}`)
  return {
    queriesPerSecond: perSecond,
    p50Ms: percentile(out, 0.5),
    p95Ms: percentile(out, 0.95),
    cpuUsPerQuery: used / total,
  }
}

/** Of sysbench's histogram: lines of `upper bound in ms |**** count`. */
function percentile(out: string, share: number): number {
  const lines = [...out.matchAll(/^\s+([\d.]+) \|\**\s*(\d+)$/gm)]
  const buckets = lines.map(match => [Number(match[1]), Number(match[2])] as const)
  const total = buckets.reduce((sum, [, count]) => sum + count, 0)
  let seen = 0
  for (const [ms, count] of buckets) {
    seen += count
    if (seen >= total * share) return ms
  }
  return Number.NaN
}

async function queries(load: Load, threads: number, places: readonly Place[]): Promise<void> {
  const figures = new Map<string, QueryFigures[]>(places.map(place => [place.name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const place of places) figures.get(place.name)?.push(await measure(place, load, threads))
  }
  const middle = (name: string, of: (figures: QueryFigures) => number): number =>
    median((figures.get(name) ?? []).map(of))
  const base = middle('HAProxy (TCP)', each => each.queriesPerSecond)
  const baseCpu = middle('HAProxy (TCP)', each => each.cpuUsPerQuery)
  log(`\n${load.script}, ${load.name}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`)
  log(
    `${'through'.padEnd(26)}${'queries/s'.padStart(11)}${'of HAProxy'.padStart(12)}${'p50 ms'.padStart(9)}${'p95 ms'.padStart(9)}${'proxy µs/query'.padStart(16)}${'× HAProxy'.padStart(11)}`,
  )
  for (const name of figures.keys()) {
    const perSecond = middle(name, each => each.queriesPerSecond)
    const cpu = middle(name, each => each.cpuUsPerQuery)
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
        cpu.toFixed(1).padStart(16) +
        (cpu === 0 ? '-' : (cpu / baseCpu).toFixed(2)).padStart(11),
    )
  }
}

/** What the target itself can do with the masked statement. */
function sameMask(direct: Place): PlacedRead {
  const column = { name: 'email', type: 'varchar(60)', notNull: false, generated: undefined }
  const mask = maskExpression(column, 'email', '`email`', '')
  const sql = `select * from (select id, name, ${mask} as email, amount, note from bench_rows) as bench_rows`
  return { place: { ...direct, name: 'direct, same mask' }, sql }
}

async function reads(places: readonly Place[], direct: Place): Promise<void> {
  const all = [...places.map(place => ({ place, sql: readSql })), sameMask(direct)]
  await measureReads(`Reading ${rows} rows`, all, rounds * 2, measureMysqlRead)
}

await main()
