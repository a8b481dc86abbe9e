// What the user agent remembers of a server: one file for each, readable by its owner alone.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

export interface Profile {
  readonly name: string
  /** Address of the console, without a slash at its end. */
  readonly console: string
  /** PEM certificates that the console's must chain to, beside those of the system. */
  readonly consoleCa?: string | undefined
  readonly tunnel: { readonly host: string; readonly port: number }
  /** PEM: pinned at sign-in. */
  readonly authority: string
  readonly fingerprint: string
  readonly userName: string
  readonly device: {
    readonly id: string
    readonly name: string
    /** PEM. It never leaves this file. */
    readonly key: string
    readonly certificate: string
    readonly expiresAtMs: number
    readonly signedInUntilMs: number
  }
  /** Local ports by the id of their target: the same for ever. */
  readonly ports: Readonly<Record<string, number>>
}

export interface Profiles {
  /** Where everything is kept. */
  readonly folder: string
  list(): readonly string[]
  /** The one that is meant if none is named. */
  current(): string | undefined
  use(name: string): void
  /** @throws Error  what to do, if there is none or it cannot be read */
  read(name: string | undefined): Profile
  find(name: string): Profile | undefined
  write(profile: Profile): void
  remove(name: string): void
  /** What is wrong with how it is kept. */
  problems(): readonly string[]
}

const isName = (name: string): boolean => /^[a-z0-9][a-z0-9._-]{0,63}$/i.test(name)

/** @param environment  `XDG_CONFIG_HOME`, and `SEKISHO_PROFILE` for the one that is meant */
export function openProfiles(environment: Environment): Profiles {
  const base = environment['XDG_CONFIG_HOME'] || join(homedir(), '.config')
  const folder = join(base, 'sekisho')
  const inside = join(folder, 'profiles')
  const currentFile = join(folder, 'current')
  const fileOf = (name: string): string => {
    if (!isName(name))
      throw new Error(`A profile is named by 1 to 64 of a-z 0-9 . _ -, not ${JSON.stringify(name)}.`)
    return join(inside, `${name}.json`)
  }
  const list = (): readonly string[] =>
    existsSync(inside)
      ? readdirSync(inside)
          .filter(file => file.endsWith('.json'))
          .map(file => file.slice(0, -'.json'.length))
          .sort()
      : []
  const current = (): string | undefined => {
    const named = environment['SEKISHO_PROFILE']
    if (named) return named
    const kept = existsSync(currentFile) ? readFileSync(currentFile, 'utf8').trim() : ''
    const all = list()
    return all.includes(kept) ? kept : all[0]
  }
  const find = (name: string): Profile | undefined => {
    const file = fileOf(name)
    if (!existsSync(file)) return undefined
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Profile
    } catch (error) {
      throw new Error(`The profile ${file} cannot be read: sign in again, with sekisho login.`, {
        cause: error,
      })
    }
  }
  return {
    folder,
    list,
    current,
    find,
    use(name) {
      if (find(name) === undefined) throw new Error(`There is no profile ${name}.`)
      writeWhole(currentFile, `${name}\n`)
    },
    read(name) {
      const wanted = name ?? current()
      const found = wanted === undefined ? undefined : find(wanted)
      if (found !== undefined) return found
      throw new NotSignedIn(
        wanted === undefined || name === undefined
          ? 'You are not signed in. Begin with: sekisho login ADDRESS'
          : `There is no profile ${wanted}. Begin with: sekisho login ADDRESS --profile ${wanted}`,
      )
    },
    write(profile) {
      mkdirSync(inside, { recursive: true, mode: 0o700 })
      chmodSync(folder, 0o700)
      writeWhole(fileOf(profile.name), `${JSON.stringify(profile, null, 2)}\n`)
    },
    remove: name => rmSync(fileOf(name), { force: true }),
    problems: () =>
      process.platform === 'win32'
        ? []
        : list()
            .map(fileOf)
            .filter(file => (statSync(file).mode & 0o077) !== 0)
            .map(file => `${file} can be read by others: chmod 600 ${file}`),
  }
}

/** As a whole or not at all: another command may read it at this moment. */
function writeWhole(file: string, text: string): void {
  const half = `${file}.${process.pid}`
  // Never into what somebody else put there, nor with its mode.
  rmSync(half, { force: true })
  writeFileSync(half, text, { mode: 0o600, flag: 'wx' })
  renameSync(half, file)
}

/** There is nothing to go by: exit code 3. */
export class NotSignedIn extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotSignedIn'
  }
}
