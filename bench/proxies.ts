// The proxies that Sekisho is measured beside: HAProxy relaying TCP, and PgBouncer in session mode.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { RunningPostgres } from '../test/support/postgres.ts'

export interface RunningProxy {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

const readyTimeoutMs = 10_000

export async function startHaproxy(folder: string, target: { readonly port: number }): Promise<RunningProxy> {
  const port = await freePort()
  const file = join(folder, 'haproxy.cfg')
  writeFileSync(
    file,
    `global
  nbthread 1
defaults
  mode tcp
  timeout connect 5s
  timeout client 1h
  timeout server 1h
listen bench
  bind 127.0.0.1:${port}
  server target 127.0.0.1:${target.port}
`,
  )
  return run('/usr/sbin/haproxy', ['-f', file, '-db'], port)
}

export async function startPgbouncer(folder: string, target: RunningPostgres): Promise<RunningProxy> {
  const port = await freePort()
  const users = join(folder, 'users.txt')
  const file = join(folder, 'pgbouncer.ini')
  writeFileSync(users, `"${target.user}" "${target.password}"\n`)
  writeFileSync(
    file,
    `[databases]
${target.database} = host=127.0.0.1 port=${target.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = session
max_client_conn = 200
default_pool_size = 100
`,
  )
  for (const readable of [users, file]) chmodSync(readable, 0o644)
  const unprivileged = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  return run('/usr/sbin/pgbouncer', ['-q', ...unprivileged, file], port)
}

async function run(program: string, args: readonly string[], port: number): Promise<RunningProxy> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000)
  })
  const failed = once(child, 'error')
  await Promise.race([
    listening(port, child),
    failed.then(([error]: unknown[]) => {
      throw new Error(
        `${program} could not be started: ${String(error)}. Install it: apt-get install haproxy pgbouncer`,
      )
    }),
  ]).catch((error: unknown) => {
    child.kill()
    throw new Error(`${program} did not start: ${said}`, { cause: error })
  })
  return {
    port,
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
    },
  }
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  const until = performance.now() + readyTimeoutMs
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`)
    const socket = connect(port, '127.0.0.1')
    const reached = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (reached) return
    if (performance.now() > until) throw new Error(`nothing listens on port ${port}`)
    await pause(20)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
