// `sekisho doctor | logs | completion`: what is wrong, what happened, and help for the shell.

import { spawnSync } from 'node:child_process'
import { connect as connectTcp } from 'node:net'
import { defineCommand } from 'citty'
import { readAgentLog } from './agent-log.ts'
import { answer, jsonArg, openLink, orSay, profileArg, version, wordLeft } from './command-line.ts'
import { completion as wordCompletion } from './completion.ts'
import { pinnable } from './pinned.ts'
import { openProfiles } from './profile.ts'
import { proxyFor } from './proxy-for.ts'

interface Check {
  readonly what: string
  readonly ok: boolean
  readonly found: string
}

const clockOffMs = 60_000

export const doctor = defineCommand({
  meta: { name: 'doctor', description: 'Look at everything a connection needs, step by step' },
  args: { profile: profileArg, json: jsonArg },
  run: ({ args }) =>
    orSay(args.json, async () => {
      const { profiles, profile, link } = openLink(args.profile)
      const checks: Check[] = []
      const check = async (what: string, look: () => string | Promise<string>): Promise<void> => {
        try {
          checks.push({ what, ok: true, found: await look() })
        } catch (error) {
          checks.push({ what, ok: false, found: error instanceof Error ? error.message : String(error) })
        }
      }
      const { host, port } = profile.tunnel
      await check('profile', () => {
        const [problem] = profiles.problems()
        if (problem !== undefined) throw new Error(problem)
        return `${profile.name}, readable by you alone`
      })
      await check('console', async () => {
        const place = pinnable(await link.console.call('GET /api/device/tunnel'))
        if (place.fingerprint !== profile.fingerprint)
          throw new Error(`it shows ${place.fingerprint}, not ${profile.fingerprint}: another server`)
        return `${profile.console} answers, and is the one that was signed in to`
      })
      const proxy = proxyFor(host, process.env)
      await check('port', () =>
        proxy === undefined ? reach(host, port) : `by way of the proxy ${proxy.host}`,
      )
      await check('tunnel', async () => {
        const { user, server } = await link.hello()
        return `TLS with the pinned authority; the server (${server}) knows this device of ${user}`
      })
      await check('certificate', () => {
        const { expiresAtMs, signedInUntilMs } = link.profile().device
        const nowMs = Date.now()
        if (expiresAtMs - nowMs < clockOffMs)
          throw new Error('it has run out, or the clock of this computer is wrong')
        return `good for ${wordLeft(expiresAtMs, nowMs)}; signed in for ${wordLeft(signedInUntilMs, nowMs)}`
      })
      await check('targets', async () => `${(await link.list()).length} that you may connect to`)
      for (const client of ['psql', 'mariadb', 'mysql']) {
        const found = spawnSync(client, ['--version'], { encoding: 'utf8' })
        const text =
          found.error === undefined ? found.stdout.trim() : 'not installed (only needed for its own command)'
        checks.push({ what: client, ok: true, found: text })
      }
      const ok = checks.every(one => one.ok)
      const lines = checks.map(
        one => `${one.ok ? 'ok      ' : 'PROBLEM '} ${one.what.padEnd(12)} ${one.found}`,
      )
      answer(args.json, { agent: version, checks }, lines.join('\n'), ok ? 0 : 1)
    }),
})

function reach(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port, timeout: 5_000 })
    const fail = (why: string): void => {
      socket.destroy()
      reject(new Error(`${host}:${port} cannot be reached: ${why}`))
    }
    socket.once('connect', () => {
      socket.destroy()
      resolve(`${host}:${port} is open`)
    })
    socket.once('timeout', () => fail('no answer within 5 s'))
    socket.once('error', error => fail(error.message))
  })
}

export const logs = defineCommand({
  meta: { name: 'logs', description: 'What `sekisho up` did last' },
  args: {
    lines: { type: 'string', alias: 'n', default: '50', description: 'How many lines' },
    json: jsonArg,
  },
  run: ({ args }) =>
    orSay(args.json, () => {
      const lines = readAgentLog(openProfiles(process.env).folder, Math.max(1, Number(args.lines) || 50))
      answer(args.json, { lines }, lines.length === 0 ? 'Nothing yet.' : lines.join('\n'))
      return Promise.resolve()
    }),
})

export const completion = defineCommand({
  meta: { name: 'completion', description: 'A completion script for bash, zsh or fish' },
  args: { shell: { type: 'positional', required: true, description: 'bash, zsh or fish' } },
  run: ({ args }) =>
    orSay(false, () => {
      process.stdout.write(wordCompletion(args.shell))
      return Promise.resolve()
    }),
})
