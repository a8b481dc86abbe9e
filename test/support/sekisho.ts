// Starts the real server as its users do, in a folder of its own, and sets it up through its API.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { AuditEntry, AuditFilter, TargetInput, TargetRow } from '../../src/console/contract.ts'
import { ApiClient } from './api-client.ts'

/** Somebody with a password and a connection token of their own. */
export interface Person {
  readonly name: string
  readonly password: string
  readonly token: string
  readonly api: ApiClient
  /** What libpq needs to reach a target. */
  environment(targetName: string): Record<string, string>
  /** What node's `pg` needs. */
  connection(targetName: string): {
    host: string
    port: number
    user: string
    password: string
    database: string
  }
}

/** A running database of the tests. */
export interface TargetServer {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
}

/** A target with a port of its own, as those of the tests are. */
export type ExposedRow = TargetRow & { readonly listenPort: number }

export interface RunningSekisho {
  readonly url: string
  readonly pid: number
  readonly dataDir: string
  /** Signed in as administrator. */
  readonly admin: ApiClient
  readonly adminPassword: string
  /** @param more what differs from a PostgreSQL whose TLS is taken as it comes */
  addTarget(name: string, server: TargetServer, more?: Partial<TargetInput>): Promise<ExposedRow>
  addPerson(name: string, groups: readonly string[]): Promise<Person>
  savePolicies(text: string): Promise<void>
  /** Asks the audit until it has what is wanted; carrying takes a moment. */
  auditUntil(
    filter: AuditFilter,
    found: (entries: readonly AuditEntry[]) => boolean,
  ): Promise<readonly AuditEntry[]>
  /** Waits until the server database has all that is on the journal. */
  auditCarried(): Promise<void>
  /** All that the process printed. */
  output(): string
  /** Ends the process and leaves its data. */
  end(signal: NodeJS.Signals): Promise<number | null>
  /** Starts it again on the same data and ports. */
  restart(): Promise<void>
  /** Ends the process and removes its data. */
  stop(): Promise<void>
}

export interface SekishoOptions {
  /** `SEKISHO_*` variables beside those of every test. */
  readonly environment?: Readonly<Record<string, string>>
  /** Puts the data folder on a disk of its own that is soon full; the SQLite database stays on the ordinary one. */
  readonly smallDiskMegabytes?: number
  /** Another server over the same database, which has people already. */
  readonly joins?: RunningSekisho
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const startTimeoutMs = 60_000
const auditTimeoutMs = 15_000
const portsPerServer = 20

export async function startSekisho(options: SekishoOptions = {}): Promise<RunningSekisho> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sekisho-test-'))
  const databaseDir = mkdtempSync(join(tmpdir(), 'sekisho-test-database-'))
  const portFirst = await freeBlock(portsPerServer + 2)
  const environment = {
    SEKISHO_DATA_DIR: dataDir,
    SEKISHO_CONSOLE_PORT: String(portFirst),
    SEKISHO_TARGETS_PORT_FIRST: String(portFirst + 1),
    SEKISHO_TARGETS_PORT_LAST: String(portFirst + portsPerServer),
    SEKISHO_TUNNEL_PORT: String(portFirst + portsPerServer + 1),
    SEKISHO_DEMO: 'false',
    SEKISHO_PUBLIC_HOST: '127.0.0.1',
    ...(options.smallDiskMegabytes === undefined
      ? {}
      : { SEKISHO_DATABASE_FILE: join(databaseDir, 'sekisho.db') }),
    ...options.environment,
  }
  const url = `http://127.0.0.1:${portFirst}`
  let server = await spawnServer(environment, url, options.smallDiskMegabytes)
  const admin = new ApiClient(url)
  const adminPassword = 'a walk through the old gate 7'
  const first = /First sign-in:\s+(\S+)\s+(\S+)/.exec(server.output())
  if (options.joins !== undefined) await admin.signIn('admin', adminPassword)
  else if (first?.[1] === undefined || first[2] === undefined)
    throw new Error(`no first sign-in was printed: ${server.output()}`)
  else {
    await admin.signIn(first[1], first[2])
    await admin.changePassword(first[2], adminPassword)
  }
  const targets = new Map<string, { readonly row: ExposedRow; readonly database: string }>()

  const running: RunningSekisho = {
    url,
    get pid() {
      return server.child.pid ?? 0
    },
    dataDir,
    admin,
    adminPassword,
    async addTarget(name, server, more = {}) {
      const { host, port, database, user, password } = server
      const added = await admin.call('POST /api/targets', {
        name,
        protocol: 'postgres',
        host,
        port,
        database,
        account: user,
        password,
        tls: 'prefer',
        tags: {},
        ...more,
      })
      const { listenPort } = added
      if (listenPort === undefined) throw new Error(`${name} got no port`)
      const row = { ...added, listenPort }
      targets.set(name, { row, database })
      await reachable(listenPort)
      return row
    },
    async addPerson(name, groups) {
      const existing = new Set((await admin.call('GET /api/groups')).map(group => group.name))
      for (const group of groups) {
        if (!existing.has(group)) await admin.call('POST /api/groups', { name: group, description: '' })
      }
      const { firstPassword } = await admin.call('POST /api/users', {
        name,
        displayName: name,
        role: 'user',
        groups,
      })
      const api = new ApiClient(url)
      await api.signIn(name, firstPassword)
      const password = `the road stays open ${groups.length + 1000}`
      await api.changePassword(firstPassword, password)
      const { secret } = await api.call('POST /api/tokens', { label: 'test', targets: [], lifeDays: 1 })
      return person(name, password, secret, api)
    },
    async savePolicies(text) {
      const { current } = await admin.call('GET /api/policies')
      await admin.call('PUT /api/policies', { text, note: 'test', basedOn: current.version })
    },
    async auditUntil(filter, found) {
      const until = performance.now() + auditTimeoutMs
      for (;;) {
        const entries = await admin.call('GET /api/audit', filter)
        if (found(entries)) return entries
        if (performance.now() > until)
          throw new Error(`the audit has only ${JSON.stringify(entries, undefined, 1)}`)
        await pause(50)
      }
    },
    async auditCarried() {
      const until = performance.now() + auditTimeoutMs
      for (;;) {
        const { waiting } = await admin.call('GET /api/audit/chain')
        if (waiting === 0) return
        if (performance.now() > until) throw new Error(`the audit is still ${waiting} events behind`)
        await pause(20)
      }
    },
    output: () => server.output(),
    end: signal => endServer(server.child, signal),
    async restart() {
      server = await spawnServer(environment, url, options.smallDiskMegabytes)
      for (const { row } of targets.values()) await reachable(row.listenPort)
    },
    async stop() {
      await endServer(server.child, 'SIGTERM')
      for (const folder of [dataDir, databaseDir]) rmSync(folder, { recursive: true, force: true })
    },
  }

  const person = (name: string, password: string, token: string, api: ApiClient): Person => {
    const connection = (targetName: string): ReturnType<Person['connection']> => {
      const target = targets.get(targetName)
      if (target === undefined) throw new Error(`no target ${targetName}`)
      return {
        host: '127.0.0.1',
        port: target.row.listenPort,
        user: name,
        password: token,
        database: target.database,
      }
    }
    return {
      name,
      password,
      token,
      api,
      connection,
      environment(targetName) {
        const { host, port, database } = connection(targetName)
        return {
          PGHOST: host,
          PGPORT: String(port),
          PGUSER: name,
          PGPASSWORD: token,
          PGDATABASE: database,
          PGSSLMODE: 'prefer',
        }
      },
    }
  }
  return running
}

interface Spawned {
  readonly child: ChildProcess
  output(): string
}

async function spawnServer(
  environment: Readonly<Record<string, string>>,
  url: string,
  smallDiskMegabytes: number | undefined,
): Promise<Spawned> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith('SEKISHO_') && name !== 'NODE_TEST_CONTEXT',
    ),
  )
  const [program = '', ...args] = onDisk(
    [process.execPath, 'src/main/server.ts'],
    environment['SEKISHO_DATA_DIR'] ?? '',
    smallDiskMegabytes,
  )
  const child = spawn(program, args, {
    cwd: root,
    env: { ...inherited, ...environment, SEKISHO_LOG_LEVEL: environment['SEKISHO_LOG_LEVEL'] ?? 'warn' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-200_000)
    })
  }
  const until = performance.now() + startTimeoutMs
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${output}`)
    const ready = await fetch(`${url}/readyz`).then(
      response => response.ok,
      () => false,
    )
    // The greeting is written before it says that it is ready, but may come later through the pipe.
    if (ready && output.includes('ctrl-C')) return { child, output: () => output }
    if (performance.now() > until) {
      child.kill('SIGKILL')
      throw new Error(`the server is not ready after ${startTimeoutMs} ms: ${output}`)
    }
    await pause(20)
  }
}

/** Runs a program in a mount namespace of its own, in which a folder is a small disk in memory. */
function onDisk(
  command: readonly string[],
  folder: string,
  megabytes: number | undefined,
): readonly string[] {
  if (megabytes === undefined) return command
  const unprivileged = process.getuid?.() === 0 ? [] : ['--map-root-user']
  const script = 'mount -t tmpfs -o "size=$1m" none "$2" && shift 2 && exec "$@"'
  return [
    'unshare',
    '--mount',
    ...unprivileged,
    'sh',
    '-c',
    script,
    'sh',
    String(megabytes),
    folder,
    ...command,
  ]
}

async function endServer(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const ended = once(child, 'exit') as Promise<[number | null]>
  child.kill(signal)
  return (await ended)[0]
}

/** The port of a new target is opened a moment after the answer. */
async function reachable(port: number): Promise<void> {
  const { connect } = await import('node:net')
  const until = performance.now() + startTimeoutMs
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const open = await new Promise<boolean>(resolve => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.destroy()
    if (open) return
    if (performance.now() > until) throw new Error(`port ${port} is not open`)
    await pause(10)
  }
}

/** First of several free ports in a row, below those that the system gives to clients. */
async function freeBlock(size: number): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const first = 20_000 + Math.floor(Math.random() * 10_000)
    const free = await Promise.all(Array.from({ length: size }, (_, offset) => isFree(first + offset)))
    if (free.every(Boolean)) return first
  }
  throw new Error('no free ports in a row')
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
