// The demo's PostgreSQL as a process: made, started, found again after a crash, stopped.

import { type ChildProcess, spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import type { Secret } from '../../core/secret.ts'
import { type DemoPlace, handOver } from './demo-place.ts'

export const superuser = 'postgres'

const clusterSettings = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-sync',
]
const serverSettings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'shared_buffers=64MB',
  'max_connections=100',
  'jit=off',
  'synchronous_commit=off',
  'timezone=UTC',
  'log_timezone=UTC',
]

const startTimeoutMs = 30_000
const stopTimeoutMs = 10_000
const lookEveryMs = 20

/** Makes an empty cluster, if there is none. It counts as made only when complete. */
export async function makeCluster(place: DemoPlace, password: Secret): Promise<void> {
  const making = `${place.cluster}.making`
  rmSync(making, { recursive: true, force: true })
  const passwordFile = `${place.cluster}.password`
  rmSync(passwordFile, { force: true })
  writeFileSync(passwordFile, password.reveal(), { mode: 0o600 })
  handOver(passwordFile, place.identity)
  mkdirSync(making, { mode: 0o700 })
  handOver(making, place.identity)
  try {
    const files = ['-D', making, '-U', superuser, '-A', 'scram-sha-256', '--pwfile', passwordFile]
    await runToEnd(place, 'initdb', [...files, ...clusterSettings])
  } finally {
    rmSync(passwordFile, { force: true })
  }
  renameSync(making, place.cluster)
}

function runToEnd(place: DemoPlace, program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(place.programs, 'bin', program), args, {
      ...place.identity,
      cwd: '/',
      env: surroundings(place),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', chunk => (output += String(chunk)))
    child.stderr.on('data', chunk => (output += String(chunk)))
    child.on('error', reject)
    child.on('close', code =>
      code === 0
        ? resolve()
        : reject(new Error(`${program} of the demo ended with ${code}: ${output.trim()}`)),
    )
  })
}

/** Nothing of our own environment: it may hold our secrets. */
const surroundings = (place: DemoPlace) => ({
  PATH: '/usr/bin:/bin',
  LC_ALL: 'C',
  LD_LIBRARY_PATH: join(place.programs, 'lib'),
})

/** @returns a port on loopback that nobody has: `wish` if possible */
export async function freePort(wish: number | undefined): Promise<number> {
  const attempt = (port: number) =>
    new Promise<number | undefined>(resolve => {
      const server = createServer()
      server.on('error', () => resolve(undefined))
      server.listen(port, '127.0.0.1', () => {
        const address = server.address()
        server.close(() => resolve(typeof address === 'object' ? address?.port : undefined))
      })
    })
  const port = (wish === undefined ? undefined : await attempt(wish)) ?? (await attempt(0))
  if (port === undefined) throw new Error('There is no free port on this machine for the demo.')
  return port
}

export interface RunningServer {
  /** Ends all connections and waits until the files are safe. */
  stop(): Promise<void>
}

export async function startServer(place: DemoPlace, port: number, password: Secret): Promise<RunningServer> {
  const logFile = join(place.own, 'postgres.log')
  // A file and not a pipe: it must outlive us, or the server would die of its own log after a crash of ours.
  const log = openSync(logFile, 'w', 0o600)
  const child = spawn(
    join(place.programs, 'bin', 'postgres'),
    ['-D', place.cluster, '-p', String(port), ...serverSettings.flatMap(setting => ['-c', setting])],
    // Detached: ctrl-C in a terminal is for us, and we stop it after our sessions have ended.
    { ...place.identity, cwd: '/', env: surroundings(place), stdio: ['ignore', log, log], detached: true },
  )
  closeSync(log)
  let failure: string | undefined
  child.on('error', error => (failure = error.message))
  child.on('exit', (code, signal) => (failure ??= `it ended with ${signal ?? code}`))
  const deadline = performance.now() + startTimeoutMs
  while (!(await answers(port, password))) {
    if (failure !== undefined || performance.now() > deadline) {
      child.kill('SIGKILL')
      const tail = existsSync(logFile)
        ? readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n')
        : ''
      throw new Error(`The demo's PostgreSQL did not start: ${failure ?? 'it does not answer'}.\n${tail}`)
    }
    await wait(lookEveryMs)
  }
  return { stop: () => stop(child) }
}

async function answers(port: number, password: Secret): Promise<boolean> {
  const client = connection(port, superuser, 'postgres', password)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** A client that does not bring us down when the demo goes away. */
export function connection(port: number, user: string, database: string, password: Secret): Client {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user,
    database,
    password: password.reveal(),
    ssl: false,
  })
  client.on('error', () => undefined)
  return client
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  // "Fast" shutdown: connections are ended, transactions rolled back. "Immediate" if that takes too long.
  child.kill('SIGINT')
  const timer = setTimeout(() => child.kill('SIGQUIT'), stopTimeoutMs)
  await ended
  clearTimeout(timer)
}

/** Ends the server that an earlier run of ours left behind when it was killed. */
export async function stopLeftover(place: DemoPlace): Promise<void> {
  const pidFile = join(place.cluster, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const [first = '', folder] = readFileSync(pidFile, 'utf8').split('\n')
  const pid = Number(first)
  const ours = () => folder === place.cluster && isServerOf(pid, place.cluster)
  const deadline = performance.now() + stopTimeoutMs
  if (Number.isSafeInteger(pid) && pid > 1 && ours()) process.kill(pid, 'SIGINT')
  while (ours()) {
    if (performance.now() > deadline) process.kill(pid, 'SIGQUIT')
    await wait(lookEveryMs)
  }
  // The number may belong to another program by now, which would keep the server from starting.
  rmSync(pidFile, { force: true })
}

function isServerOf(pid: number, cluster: string): boolean {
  try {
    process.kill(pid, 0)
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(cluster)
  } catch {
    return false
  }
}
