// The server: opens the doors, greets, and closes them again.

import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { EventId } from '../core/ids.ts'
import { systemClock } from '../core/clock.ts'
import { openHealth } from './health/open-health.ts'
import { loadCertificate } from './certificates.ts'
import { trustedBalancers } from './client-endpoints.ts'
import { type Config, ConfigError, loadConfig } from './config.ts'
import { lockData } from './data-lock.ts'
import { keepWasmSmall } from './keep-wasm-small.ts'
import { startDemo } from './demo/start-demo.ts'
import { makeFirstAdministrator, registerDemo } from './first-start.ts'
import { type Greeting, wordGreeting } from './greeting.ts'
import { collectWhenIdle } from './collect-when-idle.ts'
import { createListeners, type Listeners } from './listeners.ts'
import { createLog } from './log.ts'
import { openConsole } from './open-console.ts'
import { openRooms, type Rooms } from './rooms.ts'
import { openTunnel } from './tunnel-door.ts'

export interface Server {
  readonly greeting: Greeting
  /** Says that it is ready; until then it says that it is starting. */
  open(): void
  /** Lets nobody in any more, waits for what runs, and closes everything in order. */
  stop(): Promise<void>
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const recheckMs = 1_000

/**
 * @param tell  hears what is being done, in a few words
 * @throws Error if it cannot start; then everything that was opened is closed again
 */
export async function startServer(
  config: Config,
  version: string,
  log: Logger,
  tell: (what: string) => void,
): Promise<Server> {
  keepWasmSmall()
  /** What must be closed, last opened first. */
  const closing = new AsyncDisposableStack()
  try {
    return await open(config, version, log, tell, closing)
  } catch (error) {
    await closing
      .disposeAsync()
      .catch((also: unknown) => log.error({ err: also }, 'not everything could be closed'))
    throw error
  }
}

async function open(
  config: Config,
  version: string,
  log: Logger,
  tell: (what: string) => void,
  closing: AsyncDisposableStack,
): Promise<Server> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o755 })
  const lock = lockData(config.dataDir)
  closing.defer(() => lock.release())
  tell('opening the database and the audit')
  const certificate = await loadCertificate(
    config.clientTls,
    config.dataDir,
    config.publicHost,
    systemClock.nowMs(),
  )
  const rooms = await openRooms(config, version, log, () => certificate)
  closing.defer(() => closeRooms(rooms))
  await recordServer(rooms, 'server.started', version)
  closing.defer(() =>
    recordServer(rooms, 'server.stopped', version).catch((error: unknown) =>
      log.error({ err: error }, 'the stop could not be recorded'),
    ),
  )

  tell('opening the ports')
  let phase: Phase = 'starting'
  const listeners = openListeners(config, log, rooms)
  const ready = () => readiness(rooms, phase)
  let isTunnelOpen = false
  const health = openHealth({
    config,
    version,
    rooms,
    listeners,
    certificate,
    log,
    ready,
    isConsoleOpen: () => true,
    isTunnelOpen: () => isTunnelOpen,
  })
  closing.defer(() => health.close())
  const site = openConsole(config, version, log, rooms, health, ready)
  const { host, port, tls } = config.console
  const consoleUrl = await site.listen(host, port, tls).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new Error(`port ${port} is in use. Give the console another one: SEKISHO_CONSOLE_PORT=8081`, {
      cause: error,
    })
  })
  closing.defer(() => site.close())
  await listeners.reconcile()
  const tunnel = await openTunnel(config, version, log, rooms)
  isTunnelOpen = tunnel.failures.length === 0
  closing.defer(() => tunnel.end())
  closing.defer(() => rooms.gate.drain(config.limits.drainTimeoutMs))
  closing.defer(() => listeners.close())
  closing.defer(() => tunnel.close())
  const recheck = setInterval(() => {
    if (rooms.policyBook.inForce.volatile) rooms.gate.recheck()
  }, recheckMs)
  closing.defer(() => clearInterval(recheck))
  closing.defer(collectWhenIdle(() => rooms.gate.visits().length === 0))

  const demo = config.demo ? await startDemo(config.dataDir, tell) : undefined
  if (demo !== undefined) closing.defer(() => demo.stop())
  // Last: whatever fails before leaves nobody with a password that was never shown.
  const firstSignIn = await makeFirstAdministrator(rooms.access)
  const registered = demo === undefined ? undefined : await registerDemo(rooms.access, rooms.catalog, demo)
  await listeners.reconcile()

  return {
    greeting: {
      consoleUrl,
      firstSignIn,
      demo:
        registered?.target.listenPort === undefined
          ? undefined
          : {
              host: config.publicHost,
              port: registered.target.listenPort,
              database: registered.target.database,
              user: registered.user?.name ?? 'admin',
              token: registered.token,
            },
      warnings: [
        ...[...listeners.failures].map(
          ([name, reason]) => `The port of the target ${name} could not be opened: ${reason}`,
        ),
        ...tunnel.failures,
      ],
    },
    open() {
      phase = 'open'
      health.start()
    },
    async stop() {
      phase = 'stopping'
      await closing.disposeAsync()
    },
  }
}

type Phase = 'starting' | 'open' | 'stopping'

async function readiness(rooms: Rooms, phase: Phase): Promise<readonly string[]> {
  const problems: string[] = []
  if (phase !== 'open') problems.push(`the server is ${phase}`)
  if (!(await rooms.trail.probe())) problems.push('the audit cannot be written')
  await rooms.database.ping().catch(() => problems.push('the server database cannot be written'))
  return problems
}

function openListeners(config: Config, log: Logger, rooms: Rooms): Listeners {
  return createListeners({
    bind: config.targets.host,
    list: () => rooms.catalog.targets.list(),
    find: id => rooms.catalog.targets.get(id),
    messages: rooms.messages,
    context: rooms.protocolContext,
    dial: (target, endpoints) => rooms.openWay(target, endpoints),
    balancers: trustedBalancers(config.targets.proxyProtocolFrom),
    limits: config.limits,
    log,
  })
}

async function closeRooms(rooms: Rooms): Promise<void> {
  await rooms.leave()
  await rooms.trail.close()
  rooms.catalog.close()
  await rooms.database.close()
}

function recordServer(
  rooms: Rooms,
  kind: 'server.started' | 'server.stopped',
  version: string,
): Promise<void> {
  const event = { kind, id: rooms.newId<EventId>(), atMs: systemClock.nowMs(), version }
  return new Promise((resolve, reject) =>
    rooms.trail.record([event], error => (error === undefined ? resolve() : reject(error))),
  )
}

/** The whole life of the process. */
export async function main(): Promise<void> {
  const config = loadConfig(process.env, process.cwd())
  const log = createLog(config.log)
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string
  }
  const started = performance.now()
  const tell = (what: string): void =>
    void process.stdout.write(`  ${what[0]?.toUpperCase() ?? ''}${what.slice(1)} …\n`)
  const starting = startServer(config, version, log, tell)

  let stopping = false
  const stop = (signal: NodeJS.Signals): void => {
    // Asked twice: whoever waits does not want to wait.
    if (stopping) process.exit(1)
    stopping = true
    process.stdout.write(`\n  Stopping (${signal}) …\n`)
    starting
      .then(server => server.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'the server did not stop cleanly')
          process.exit(1)
        },
      )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)

  const server = await starting
  log.info({ ms: Math.round(performance.now() - started) }, 'started')
  process.stdout.write(wordGreeting(server.greeting))
  server.open()
}

if (import.meta.main) {
  process.on('unhandledRejection', error => {
    // Every conversation catches its own; what comes here is a mistake of ours, and must not take the others along.
    process.stderr.write(
      `An error that nobody caught: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    )
  })
  main().catch((error: unknown) => {
    process.stderr.write(
      `\n${error instanceof ConfigError ? error.message : error instanceof Error ? `Sekisho could not start: ${error.message}` : String(error)}\n`,
    )
    process.exit(1)
  })
}
