// A real OpenSSH server for tests: on a free port, with keys of its own, gone when the test ends.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const startTimeoutMs = 20_000

export interface RunningSshd {
  readonly host: '127.0.0.1'
  readonly port: number
  /** Who may log in with the key. */
  readonly user: string
  /** In OpenSSH's form. */
  readonly privateKey: string
  /** `ssh-ed25519 AAAA…` */
  readonly hostKey: string
  /** `SHA256:…` */
  readonly fingerprint: string
  /** What the server wrote to its log so far. */
  log(): string
  /** Ends the server and all its connections; its keys stay. */
  halt(): Promise<void>
  /** Starts it again on the same port with the same keys. */
  resume(): Promise<void>
  stop(): Promise<void>
}

const serversLeft = new Set<ChildProcess>()
const foldersLeft = new Set<string>()

// A test that fails half-way leaves nothing behind either.
process.once('exit', () => {
  for (const child of serversLeft) child.kill('SIGKILL')
  for (const folder of foldersLeft) rmSync(folder, { recursive: true, force: true })
})

/**
 * Needs Debian's `openssh-server`.
 * @param settings  lines for `sshd_config`
 */
export async function startSshd(settings: readonly string[] = []): Promise<RunningSshd> {
  const folder = await mkdtemp(join(tmpdir(), 'sekisho-sshd-'))
  foldersLeft.add(folder)
  const [hostKeyFile, userKeyFile] = [join(folder, 'host'), join(folder, 'user')]
  for (const file of [hostKeyFile, userKeyFile]) {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file])
  }
  // As root the server insists on a place to lock itself into.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true })
  const port = await freePort()
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${hostKeyFile}`,
    `AuthorizedKeysFile ${userKeyFile}.pub`,
    `PidFile ${join(folder, 'pid')}`,
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'LogLevel DEBUG1',
    ...settings,
  ]
  await writeFile(join(folder, 'config'), `${config.join('\n')}\n`)
  let written = ''
  let server: ChildProcess | undefined
  const start = async (): Promise<void> => {
    server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'config')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    serversLeft.add(server)
    await listening(server, text => {
      written += text
    })
  }
  const halt = async (): Promise<void> => {
    const child = server
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise(resolve => child.once('exit', resolve))
    for (const pid of [...descendantsOf(child.pid), child.pid]) process.kill(pid, 'SIGKILL')
    await gone
    serversLeft.delete(child)
  }
  await start()
  const print = await run('ssh-keygen', ['-l', '-f', `${hostKeyFile}.pub`])
  return {
    host: '127.0.0.1',
    port,
    user: userInfo().username,
    privateKey: await readFile(userKeyFile, 'utf8'),
    hostKey: (await readFile(`${hostKeyFile}.pub`, 'utf8')).trim(),
    fingerprint: /SHA256:\S+/.exec(print.stdout)?.[0] ?? '',
    log: () => written,
    halt,
    resume: start,
    async stop() {
      await halt()
      await rm(folder, { recursive: true, force: true })
      foldersLeft.delete(folder)
    },
  }
}

function listening(server: ChildProcess, heard: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let written = ''
    const timer = setTimeout(() => {
      server.kill('SIGKILL')
      reject(new Error(`sshd did not start in time:\n${written}`))
    }, startTimeoutMs)
    server.once('error', reject)
    server.once('exit', () => {
      clearTimeout(timer)
      reject(new Error(`sshd ended:\n${written}`))
    })
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      written += text
      heard(text)
      if (!written.includes('Server listening')) return
      clearTimeout(timer)
      resolve()
    })
  })
}

/** One or two for each connection; each makes itself the head of a group of its own. */
function descendantsOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  return children.flatMap(child => [...descendantsOf(Number(child)), Number(child)])
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise(resolve => probe.close(resolve))
  return port
}
