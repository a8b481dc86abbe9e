// `sekisho ls | connect | psql | mysql | up`: the targets, as if they were on this computer.

import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { defineCommand } from 'citty'
import { agentLog } from './agent-log.ts'
import { hint, mysqlArgs, psqlEnvironment } from './client-words.ts'
import { answer, jsonArg, openLink, orSay, profileArg, table, untilStopped } from './command-line.ts'
import { type Link, Refused, type Target } from './link.ts'
import { type LocalPort, openLocalPort, usualPort } from './local-ports.ts'
import { printable, printableLine } from './printable.ts'
import type { Environment } from './profile.ts'

export const ls = defineCommand({
  meta: { name: 'ls', description: 'The targets that you may connect to' },
  args: { profile: profileArg, json: jsonArg },
  run: ({ args }) =>
    orSay(args.json, async () => {
      const { link, profile } = openLink(args.profile)
      const targets = (await link.list()).map(target => ({
        ...target,
        localPort: profile.ports[target.id] ?? usualPort(target.id),
      }))
      const rows = targets.map(({ name, protocol, database, localPort, tags }) => [
        name,
        protocol,
        database,
        String(localPort),
        Object.entries(tags)
          .map(([key, value]) => `${key}=${value}`)
          .join(' '),
      ])
      const text =
        rows.length === 0
          ? 'No policy lets you connect to any target.'
          : table([['NAME', 'PROTOCOL', 'DATABASE', 'LOCAL PORT', 'TAGS'], ...rows])
      answer(args.json, { targets }, text)
    }),
})

/** @throws Error  there is none, or it is not for this person */
async function findTarget(link: Link, named: string, protocol?: Target['protocol']): Promise<Target> {
  const found = (await link.list()).find(target => target.name === named || target.id === named)
  if (found === undefined)
    throw new Refused('not-found', `There is no target ${named} that you may connect to. See: sekisho ls`)
  if (protocol !== undefined && found.protocol !== protocol)
    throw new Refused(
      'protocol.unsupported',
      `${named} speaks ${found.protocol}. Try: sekisho connect ${named}`,
    )
  return found
}

const portArg = { type: 'string', description: 'Port of this computer; the usual one if not given' } as const
const targetArg = { type: 'positional', required: true, description: 'Name of a target' } as const

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port must be 0 to 65535')
  return port
}

export const connect = defineCommand({
  meta: { name: 'connect', description: 'Open a port of this computer that leads to a target' },
  args: { target: targetArg, port: portArg, profile: profileArg, json: jsonArg },
  run: ({ args }) =>
    orSay(args.json, async () => {
      const { link, profiles, profile } = openLink(args.profile)
      const target = await findTarget(link, args.target)
      const local = await openLocalPort(link, profiles, target, parsePort(args.port), report)
      answer(
        args.json,
        { target: target.name, host: '127.0.0.1', port: local.port, user: profile.userName },
        `${target.name} is at 127.0.0.1:${local.port}; no password is needed.\n  ${hint(local, profile.userName)}\nStop with ctrl-C.`,
      )
      await untilStopped()
      local.close()
    }),
})

const report = (error: unknown): void =>
  void process.stderr.write(`${printable(error instanceof Error ? error.message : String(error))}\n`)

/** Runs a client with a port that is open while it runs. */
async function withClient(
  named: string,
  profileName: string | undefined,
  protocol: Target['protocol'],
  run: (local: LocalPort, user: string) => Promise<number>,
): Promise<void> {
  const { link, profiles, profile } = openLink(profileName)
  const target = await findTarget(link, named, protocol)
  const local = await openLocalPort(link, profiles, target, 0, report)
  try {
    process.exitCode = await run(local, profile.userName)
  } finally {
    local.close()
  }
}

/** What stands behind the name of the target is the client's, each word as it is. */
const clientArgs = (raw: readonly string[], target: string): readonly string[] => {
  const rest = raw.slice(raw.indexOf(target) + 1)
  return rest[0] === '--' ? rest.slice(1) : rest
}

export const psql = defineCommand({
  meta: { name: 'psql', description: 'Open psql at a target; what follows its name is for psql' },
  args: { target: targetArg },
  run: ({ args, rawArgs }) =>
    orSay(false, () =>
      withClient(args.target, undefined, 'postgres', (local, user) =>
        runClient(['psql'], clientArgs(rawArgs, args.target), psqlEnvironment(process.env, local, user)),
      ),
    ),
})

export const mysql = defineCommand({
  meta: {
    name: 'mysql',
    description: 'Open mariadb or mysql at a target; what follows its name is for the client',
  },
  args: { target: targetArg },
  run: ({ args, rawArgs }) =>
    orSay(false, () =>
      withClient(args.target, undefined, 'mysql', async (local, user) => {
        const place = mysqlArgs(local, user)
        const rest = clientArgs(rawArgs, args.target)
        try {
          return await runClient(['mariadb', '--skip-ssl'], [...place, ...rest], process.env)
        } catch (error) {
          if (!(error instanceof NotInstalled)) throw error
          return await runClient(['mysql', '--ssl-mode=PREFERRED'], [...place, ...rest], process.env)
        }
      }),
    ),
})

class NotInstalled extends Error {
  constructor(command: string) {
    super(`There is no ${command} on this computer: install it.`)
    this.name = 'NotInstalled'
  }
}

/** @returns the exit code of the client, which has the terminal while it runs */
function runClient(
  [command = '', ...first]: readonly string[],
  args: readonly string[],
  environment: Environment,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], {
      stdio: 'inherit',
      env: { ...environment },
    })
    // Ctrl-C is the client's: it cancels a statement.
    const ignore = (): void => undefined
    process.on('SIGINT', ignore)
    child.once('error', error =>
      reject((error as NodeJS.ErrnoException).code === 'ENOENT' ? new NotInstalled(command) : error),
    )
    child.once('exit', (code, signal) => {
      process.off('SIGINT', ignore)
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}

/** How often is looked whether there are other targets. */
const lookEveryMs = 30_000

export const up = defineCommand({
  meta: { name: 'up', description: 'Open a port for every target, until stopped' },
  args: { profile: profileArg, json: jsonArg },
  run: ({ args }) =>
    orSay(args.json, async () => {
      const { link, profiles, profile } = openLink(args.profile)
      const log = agentLog(profiles.folder)
      const say = (kind: string, facts: Readonly<Record<string, string | number>>): void => {
        const text = printableLine(Object.values(facts).join('  '))
        process.stdout.write(
          args.json ? `${printable(JSON.stringify({ kind, ...facts }))}\n` : `${kind}  ${text}\n`,
        )
        log(`${kind} ${text}`)
      }
      const failed = (error: unknown): void =>
        say('problem', { message: error instanceof Error ? error.message : String(error) })
      const open = new Map<string, LocalPort>()
      const settle = async (): Promise<void> => {
        const targets = await link.list()
        for (const [id, local] of open) {
          if (targets.some(target => target.id === id)) continue
          local.close()
          open.delete(id)
          say('closed', { target: local.target.name })
        }
        for (const target of targets) {
          if (open.has(target.id)) continue
          const local = await openLocalPort(link, profiles, target, undefined, failed).catch(failed)
          // The others can be used without it.
          if (local === undefined) continue
          open.set(target.id, local)
          say('open', {
            target: target.name,
            address: `127.0.0.1:${local.port}`,
            try: hint(local, profile.userName),
          })
        }
      }
      await settle()
      // A server that is away for a while is no reason to close: the ports stay, and work again when it is back.
      let settling: Promise<void> | undefined
      const looking = setInterval(() => {
        settling ??= settle()
          .catch(failed)
          .finally(() => {
            settling = undefined
          })
      }, lookEveryMs)
      await untilStopped()
      clearInterval(looking)
      for (const local of open.values()) local.close()
    }),
})
