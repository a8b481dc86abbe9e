// The user agent as people run it: a program of its own, with its files in a folder of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Person, RunningSekisho } from './sekisho.ts'

const command = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url))
const saidTimeoutMs = 30_000

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunningAgent {
  readonly child: ChildProcess
  /** All that it printed, and what it does when more comes. */
  output(): string
  /** @throws Error  it ended, or said it not in time */
  said(pattern: RegExp): Promise<RegExpExecArray>
  end(signal?: NodeJS.Signals): Promise<number>
}

export interface Agent {
  /** Where its profile is kept. */
  readonly file: string
  readonly environment: Readonly<Record<string, string | undefined>>
  run(args: readonly string[], input?: string): Promise<Ran>
  start(args: readonly string[]): RunningAgent
  /** Signs in with a code that the person types. */
  signIn(sekisho: RunningSekisho, person: Person, ...more: readonly string[]): Promise<void>
  /** A port of this computer that leads to a target, for as long as it runs. */
  connect(target: string): Promise<RunningAgent & { readonly port: number }>
  profile(): { device: { id: string; certificate: string; key: string }; authority: string }
  /** Ends what still runs, and removes its files. */
  remove(): void
}

export function createAgent(more: Readonly<Record<string, string>> = {}): Agent {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-agent-'))
  const environment = { PATH: process.env['PATH'], HOME: folder, XDG_CONFIG_HOME: folder, ...more }
  const file = join(folder, 'sekisho', 'profiles', 'default.json')
  const running = new Set<ChildProcess>()
  const begin = (args: readonly string[], input: 'pipe' | 'ignore') => {
    const child = spawn(process.execPath, [command, ...args], {
      env: environment,
      stdio: [input, 'pipe', 'pipe'],
    })
    running.add(child)
    child.once('close', () => running.delete(child))
    return child
  }
  const start = (args: readonly string[]): RunningAgent => {
    const child = begin(args, 'ignore')
    let output = ''
    const looks = new Set<() => void>()
    const hear = (part: Buffer): void => {
      output += String(part)
      for (const look of looks) look()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    const ended = once(child, 'close') as Promise<[number | null]>
    return {
      child,
      output: () => output,
      said: pattern =>
        new Promise((resolve, reject) => {
          const settle = (act: () => void): void => {
            clearTimeout(timer)
            looks.delete(look)
            act()
          }
          const look = (): void => {
            const found = pattern.exec(output)
            if (found !== null) settle(() => resolve(found))
          }
          const fail = (): void => settle(() => reject(new Error(`the agent said only: ${output}`)))
          const timer = setTimeout(fail, saidTimeoutMs)
          looks.add(look)
          ended.then(fail, fail)
          look()
        }),
      async end(signal = 'SIGTERM') {
        child.kill(signal)
        const [code] = await ended
        return code ?? -1
      },
    }
  }
  return {
    file,
    environment,
    start,
    async run(args, input = '') {
      const child = begin(args, 'pipe')
      let [stdout, stderr] = ['', '']
      child.stdout?.on('data', part => (stdout += String(part)))
      child.stderr?.on('data', part => (stderr += String(part)))
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(input)
      const [code] = (await once(child, 'close')) as [number | null]
      return { code: code ?? -1, stdout, stderr }
    },
    async signIn(sekisho, person, ...rest) {
      const { fingerprint } = await person.api.call('GET /api/device/tunnel')
      const login = start([
        'login',
        sekisho.url,
        '--no-browser',
        '--fingerprint',
        fingerprint,
        '--name',
        'test laptop',
        ...rest,
      ])
      const [, userCode = ''] = await login.said(/\b([A-Z]{4}-[A-Z]{4})\b/)
      await person.api.call('POST /api/device/decide', { userCode, allow: true })
      await login.said(/Signed in at/)
    },
    async connect(target) {
      const running = start(['connect', target, '--port', '0', '--json'])
      const [line] = await running.said(/\{.*\}/)
      const { port } = JSON.parse(line) as { readonly port: number }
      return { ...running, port }
    },
    profile: () => JSON.parse(readFileSync(file, 'utf8')) as ReturnType<Agent['profile']>,
    remove() {
      for (const child of running) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
