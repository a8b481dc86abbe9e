// What all commands of the user agent share: where its profile is, how it answers, and how it fails.

import { readFileSync } from 'node:fs'
import { createLink, type Link, Refused } from './link.ts'
import { printable } from './printable.ts'
import { NotSignedIn, openProfiles, type Profile, type Profiles } from './profile.ts'

export const jsonArg = { type: 'boolean', description: 'Answer in JSON', default: false } as const
export const profileArg = {
  type: 'string',
  description: 'Profile of a server; the current one if not given',
} as const

/** `0` fine, `1` not fine, `2` could not be told, `3` not signed in. */
export type ExitCode = 0 | 1 | 2 | 3

export const { version } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
) as { readonly version: string }

export interface Opened {
  readonly profiles: Profiles
  readonly profile: Profile
  readonly link: Link
}

/** @throws NotSignedIn */
export function openLink(name: string | undefined): Opened {
  const profiles = openProfiles(process.env)
  const profile = profiles.read(name)
  return { profiles, profile, link: createLink(profiles, profile, process.env, version) }
}

export function answer(asJson: boolean, value: object, text: string, code: ExitCode = 0): void {
  process.stdout.write(`${printable(asJson ? JSON.stringify({ ok: code === 0, ...value }) : text)}\n`)
  process.exitCode = code
}

/** Says what is wrong without a stack: it is for whoever typed the command. */
export async function orSay(asJson: boolean, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const code = error instanceof Refused ? error.code : undefined
    if (asJson) process.stdout.write(`${printable(JSON.stringify({ ok: false, code, message }))}\n`)
    else process.stderr.write(`${printable(message)}\n`)
    process.exitCode = error instanceof NotSignedIn ? 3 : error instanceof Refused ? 1 : 2
  }
}

/** Columns as wide as what stands in them. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map(row => (row[at] ?? '').length)))
  return rows
    .map(row =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** `in 3 h 20 min`, `over`. */
export function wordLeft(untilMs: number, nowMs: number): string {
  const minutes = Math.floor((untilMs - nowMs) / 60_000)
  if (minutes < 0) return 'over'
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`
}

/** Waits until somebody wants it to end. */
export const untilStopped = (): Promise<void> =>
  new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
