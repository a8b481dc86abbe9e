// The server: opens the doors, greets, and closes them again.

import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { createConsole } from '../console/create-console.ts'
import type { EventId } from '../core/ids.ts'
import { systemClock } from '../core/clock.ts'
import { protocols } from '../protocols/index.ts'
import { loadCertificate } from './certificates.ts'
import { type Config, ConfigError, loadConfig } from './config.ts'
import { lockData } from './data-lock.ts'
import { type DemoTarget, startDemo } from './demo/start-demo.ts'
import { makeFirstAdministrator, registerDemo } from './first-start.ts'
import { type Greeting, wordGreeting } from './greeting.ts'
import { createListeners } from './listeners.ts'
import { createLog } from './log.ts'
import { openRooms } from './rooms.ts'

export interface Server {
  readonly greeting: Greeting
  /** Lets nobody in any more, waits for what runs, and closes everything in order. */
  stop(): Promise<void>
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const recheckMs = 1_000

/** @param tell  hears what is being done, in a few words */
export async function startServer(
  config: Config,
  version: string,
  log: Logger,
  tell: (what: string) => void,
): Promise<Server> {
  const clock = systemClock
  mkdirSync(config.dataDir, { recursive: true, mode: 0o755 })
  const lock = lockData(config.dataDir)
  tell('opening the database and the audit')
  const certificate = await loadCertificate(
    config.clientTls,
    config.dataDir,
    config.publicHost,
    clock.nowMs(),
  )
  const rooms = await openRooms(config, version, log, () => certificate)
  const { gate, trail, access, catalog } = rooms
  await recordServer('server.started')
  const firstSignIn = await makeFirstAdministrator(access)
  const { demo, registered } = await openDemo()

  const { targets, limits } = config
  const listeners = createListeners({
    bind: targets.host,
    list: () => catalog.targets.list(),
    find: id => catalog.targets.get(id),
    messages: rooms.messages,
    context: rooms.protocolContext,
    limits,
    log,
  })
  tell('opening the ports')
  await listeners.reconcile()
  let draining = false
  const site = createConsole({
    access,
    catalog,
    policyBook: rooms.policyBook,
    policyLanguage: rooms.policyLanguage,
    auditSearch: rooms.auditSearch,
    openTarget: rooms.openTarget,
    tryTarget: (target, password) => protocols[target.protocol].tryTarget(target, password, limits),
    mayConnect: rooms.mayConnect,
    see: rooms.see,
    clock,
    limits,
    version,
    log,
    webFolder: join(root, 'dist/web'),
    publicHost: config.publicHost,
    cookieSecure: config.console.secure,
    trustedProxies: config.console.trustedProxies,
    ready: async () => {
      const problems: string[] = []
      if (draining) problems.push('the server is stopping')
      if (!(await trail.probe())) problems.push('the audit cannot be written')
      await rooms.database.ping().catch(() => problems.push('the server database cannot be written'))
      return problems
    },
    metrics: () => rooms.metrics.text(),
  })
  const consoleUrl = await site.listen(config.console.host, config.console.port, config.console.tls)
  const recheck = setInterval(() => {
    if (rooms.policyBook.inForce.volatile) gate.recheck()
  }, recheckMs)

  async function openDemo(): Promise<{
    demo: DemoTarget | undefined
    registered: Awaited<ReturnType<typeof registerDemo>> | undefined
  }> {
    if (!config.demo) return { demo: undefined, registered: undefined }
    const started = await startDemo(config.dataDir, tell)
    return { demo: started, registered: await registerDemo(access, catalog, started) }
  }

  function recordServer(kind: 'server.started' | 'server.stopped'): Promise<void> {
    const event = { kind, id: rooms.newId<EventId>(), atMs: clock.nowMs(), version }
    return new Promise((resolve, reject) =>
      trail.record([event], error => (error === undefined ? resolve() : reject(error))),
    )
  }

  return {
    greeting: {
      consoleUrl,
      firstSignIn,
      demo:
        registered === undefined
          ? undefined
          : {
              host: config.publicHost,
              port: registered.target.listenPort,
              database: registered.target.database,
              user: registered.user?.name ?? 'admin',
              token: registered.token,
            },
      warnings: [...listeners.failures].map(
        ([name, reason]) => `The port of the target ${name} could not be opened: ${reason}`,
      ),
    },
    async stop() {
      draining = true
      clearInterval(recheck)
      await listeners.close()
      await gate.drain(limits.drainTimeoutMs)
      await site.close()
      await recordServer('server.stopped').catch((error: unknown) =>
        log.error({ err: error }, 'the stop could not be recorded'),
      )
      await trail.close()
      catalog.close()
      await demo?.stop()
      await rooms.database.close()
      lock.release()
    },
  }
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
  const server = await startServer(config, version, log, tell)
  log.info({ ms: Math.round(performance.now() - started) }, 'started')
  process.stdout.write(wordGreeting(server.greeting))

  let stopping = false
  const stop = (signal: NodeJS.Signals): void => {
    // Asked twice: whoever waits does not want to wait.
    if (stopping) process.exit(1)
    stopping = true
    process.stdout.write(`\n  Stopping (${signal}) …\n`)
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the server did not stop cleanly')
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
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
