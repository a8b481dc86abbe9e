// A real HAProxy for tests, with the configuration that a test needs.

import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface RunningHaproxy {
  /** What it wrote so far: a line for each connection that has ended. */
  log(): string
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
 * Needs Debian's `haproxy`.
 * @param sections  `frontend`, `backend` and `listen` sections; TCP, logging is set up
 */
export async function startHaproxy(sections: string): Promise<RunningHaproxy> {
  const folder = await mkdtemp(join(tmpdir(), 'sekisho-haproxy-'))
  foldersLeft.add(folder)
  const file = join(folder, 'haproxy.cfg')
  await writeFile(
    file,
    `global
  log stdout format raw local0
defaults
  mode tcp
  log global
  log-format "%f %ci:%cp"
  timeout connect 5s
  timeout client 60s
  timeout server 60s
${sections}
`,
  )
  let written = ''
  const server = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  serversLeft.add(server)
  for (const stream of [server.stdout, server.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      written += text
    })
  }
  const ended = new Promise<never>((_, reject) => {
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`haproxy ended:\n${written}`)))
  })
  ended.catch(() => undefined)
  return {
    log: () => written,
    async stop() {
      const gone = new Promise(resolve => server.once('exit', resolve))
      server.kill('SIGKILL')
      if (server.exitCode === null && server.signalCode === null) await gone
      serversLeft.delete(server)
      await rm(folder, { recursive: true, force: true })
      foldersLeft.delete(folder)
    },
  }
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const probes = Array.from({ length: count }, () => createServer())
  await Promise.all(probes.map(probe => new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))))
  const ports = probes.map(probe => (probe.address() as AddressInfo).port)
  await Promise.all(probes.map(probe => new Promise(resolve => probe.close(resolve))))
  return ports
}
