// One measurement each: pgbench against a port, a large read from a port, processor time of a process.

import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Socket } from 'node:net'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)

/** Where to measure. */
export interface Place {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  /** Processes that stand between client and target; none for `direct`. */
  readonly pids: readonly number[]
}

export interface QueryFigures {
  readonly queriesPerSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  /** Processor time of the process between, in µs. */
  readonly cpuUsPerQuery: number
}

export interface ReadFigures {
  readonly megabytesPerSecond: number
  /** Processor time of the process between, in ms for a megabyte. */
  readonly cpuMsPerMegabyte: number
}

/** Clock ticks of a second in `/proc` (`getconf CLK_TCK`; 100 on every Linux of today). */
const ticksPerSecond = 100

/** Processor time that processes have used so far, in µs (proc(5), `stat`, fields 14 and 15). */
export function cpuUs(pids: readonly number[]): number {
  let ticks = 0
  for (const pid of pids) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    ticks += Number(fields[11]) + Number(fields[12])
  }
  return (ticks * 1_000_000) / ticksPerSecond
}

/** Resident memory of a process, in MB. */
export function residentMegabytes(pid: number): number {
  const pages = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(pages?.[1] ?? 0) / 1024
}

/** Nothing is measured for longer. */
const secondsMax = 10

/** `pgbench -S` for some seconds. @param mode  as pgbench names it: `simple`, `extended`, `prepared` */
export async function measureQueries(
  program: string,
  place: Place,
  mode: string,
  clients: number,
  seconds: number,
  folder: string,
): Promise<QueryFigures> {
  const before = cpuUs(place.pids)
  const prefix = `latency-${process.pid}`
  const args = [
    '-S',
    '-n',
    '-M',
    mode,
    '-c',
    String(clients),
    '-j',
    '1',
    '-T',
    String(seconds),
    '-l',
    '--log-prefix',
    prefix,
  ]
  const { stdout } = await run(
    program,
    [...args, '-h', place.host, '-p', String(place.port), '-U', place.user, place.database],
    {
      cwd: folder,
      env: { ...process.env, PGPASSWORD: place.password, PGSSLMODE: 'disable' },
    },
  )
  const after = cpuUs(place.pids)
  const latencies = readLatencies(folder, prefix)
  const perSecond = Number(/tps = ([\d.]+) \(without/.exec(stdout)?.[1] ?? Number.NaN)
  // On a busy machine, signing in may have taken all of the time.
  if (latencies.length === 0 && seconds < secondsMax)
    return measureQueries(program, place, mode, clients, seconds * 4, folder)
  if (Number.isNaN(perSecond) || latencies.length === 0)
    throw new Error(`pgbench printed no figures: ${stdout}`)
  return {
    queriesPerSecond: perSecond,
    p50Ms: (latencies[Math.floor(latencies.length * 0.5)] ?? 0) / 1000,
    p95Ms: (latencies[Math.floor(latencies.length * 0.95)] ?? 0) / 1000,
    cpuUsPerQuery: (after - before) / latencies.length,
  }
}

/** Sorted latencies in µs from pgbench's transaction log (third column). */
function readLatencies(folder: string, prefix: string): readonly number[] {
  const latencies: number[] = []
  for (const file of readdirSync(folder)) {
    if (!file.startsWith(prefix)) continue
    for (const line of readFileSync(join(folder, file), 'latin1').split('\n')) {
      const latency = line.split(' ', 3)[2]
      if (latency !== undefined) latencies.push(Number(latency))
    }
    rmSync(join(folder, file))
  }
  return Float64Array.from(latencies).sort() as unknown as readonly number[]
}

/** Reads a whole table and throws the bytes away: the client costs as little as can be. */
export async function measureRead(place: Place, sql: string): Promise<ReadFigures> {
  const { host, port, user, password, database } = place
  const client = new pg.Client({ host, port, user, password, database, ssl: false })
  // It is cut off when the answer is over, which the driver takes for an accident.
  client.on('error', () => {})
  await client.connect()
  try {
    const stream = socketOf(client)
    stream.removeAllListeners('data')
    const before = cpuUs(place.pids)
    const start = performance.now()
    const bytes = await swallowAnswer(stream, sql)
    const seconds = (performance.now() - start) / 1000
    const megabytes = bytes / 1_000_000
    return {
      megabytesPerSecond: megabytes / seconds,
      cpuMsPerMegabyte: (cpuUs(place.pids) - before) / 1000 / megabytes,
    }
  } finally {
    socketOf(client).destroy()
  }
}

/** The driver's own socket: its types do not show it. */
const socketOf = (client: pg.Client): Socket =>
  (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream

const smallestHonestAnswer = 1_000_000

function swallowAnswer(stream: Socket, sql: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let bytes = 0
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      // ReadyForQuery ends the answer: 'Z', length 5, transaction status.
      const end = chunk.length - 6
      if (end < 0 || chunk[end] !== 0x5a || chunk.readInt32BE(end + 1) !== 5) return
      if (bytes < smallestHonestAnswer)
        reject(new Error(`the answer was an error: ${chunk.toString('latin1')}`))
      else resolve(bytes)
    })
    stream.once('close', () => reject(new Error('the connection was closed')))
    const text = Buffer.from(`${sql}\0`)
    const head = Buffer.from([0x51, 0, 0, 0, 0])
    head.writeInt32BE(text.length + 4, 1)
    stream.write(Buffer.concat([head, text]))
  })
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
