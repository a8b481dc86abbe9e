// A real MariaDB for tests: on a free port, in a folder of its own, gone when the test ends.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'

const run = promisify(execFile)

const startTimeoutMs = 60_000

export interface Mariadb {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** Empty at first. */
  readonly database: string
  /** Over it `root` logs in without a password. */
  readonly socketPath: string
  /** Runs statements as `root`, or scripts that the server itself takes apart. @returns the rows of the last one */
  asRoot(...statements: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Makes another empty database on the same server. */
  createDatabase(name: string): Promise<void>
  stop(): Promise<void>
}

/** With it the server takes encrypted connections too. PEM texts. */
export interface MariadbTls {
  readonly cert: string
  readonly key: string
}

/** Needs Debian's `mariadb-server`. */
export async function startMariadb(tls?: MariadbTls): Promise<Mariadb> {
  const folder = await mkdtemp(join(tmpdir(), 'sekisho-mariadb-'))
  const asUser = userInfo().uid === 0 ? ['--user=root'] : []
  const dataDir = join(folder, 'data')
  const password = 'only-for-tests'
  try {
    const environment = { ...process.env, TMPDIR: folder }
    await run(
      'mariadb-install-db',
      [
        '--no-defaults',
        `--datadir=${dataDir}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        ...asUser,
      ],
      // Two that are made at once take each other's temporary tables in a folder they share.
      { env: environment },
    )
    const port = await freePort()
    const socket = join(folder, 's')
    const server = spawn(
      'mariadbd',
      [
        '--no-defaults',
        ...asUser,
        `--datadir=${dataDir}`,
        `--socket=${socket}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        '--innodb-flush-method=nosync',
        '--innodb-buffer-pool-size=32M',
        ...(await tlsOptions(folder, tls)),
      ],
      { env: environment },
    )
    await started(server)
    await asRoot(socket, `create user sekisho@'127.0.0.1' identified by '${password}'`)
    await asRoot(socket, `grant all on \`sekisho%\`.* to sekisho@'127.0.0.1'`)
    const createDatabase = async (name: string): Promise<void> => {
      await asRoot(socket, `create database \`${name}\` character set latin1 collate latin1_swedish_ci`)
    }
    await createDatabase('sekisho')
    return {
      host: '127.0.0.1',
      port,
      user: 'sekisho',
      password,
      database: 'sekisho',
      socketPath: socket,
      asRoot: (...statements) => asRoot(socket, ...statements),
      createDatabase,
      async stop() {
        await ended(server)
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function tlsOptions(folder: string, tls: MariadbTls | undefined): Promise<readonly string[]> {
  if (tls === undefined) return []
  await writeFile(join(folder, 'cert.pem'), tls.cert)
  await writeFile(join(folder, 'key.pem'), tls.key)
  return [`--ssl-cert=${join(folder, 'cert.pem')}`, `--ssl-key=${join(folder, 'key.pem')}`]
}

/** Resolves when the server says that it takes connections; rejects with what it wrote if it ends before. */
function started(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let written = ''
    const timer = setTimeout(() => {
      server.kill('SIGKILL')
      reject(new Error(`mariadbd did not start in time:\n${written}`))
    }, startTimeoutMs)
    server.on('error', reject)
    server.on('exit', () => {
      clearTimeout(timer)
      reject(new Error(`mariadbd ended:\n${written}`))
    })
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      written += text
      if (!written.includes('ready for connections')) return
      clearTimeout(timer)
      resolve()
    })
  })
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = new Promise(resolve => server.once('exit', resolve))
  server.kill('SIGKILL')
  await gone
}

async function asRoot(
  socketPath: string,
  ...statements: readonly string[]
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const connection = await createConnection({ socketPath, user: 'root', multipleStatements: true })
  try {
    let rows: unknown
    for (const statement of statements) [rows] = await connection.query(statement)
    return Array.isArray(rows) ? (rows as readonly Readonly<Record<string, unknown>>[]) : []
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
