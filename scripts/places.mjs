// Where things are in this repository, for the scripts.

import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
export const modules = join(root, 'node_modules')
export const binaries = join(modules, '.bin')
/** Node 24, brought by the npm package `node`, whatever the machine has. */
export const node = join(binaries, process.platform === 'win32' ? 'node.cmd' : 'node')

/** The environment with the binaries of our packages first on the path. */
export function environment() {
  return { ...process.env, PATH: `${binaries}:${process.env.PATH ?? ''}` }
}

/**
 * For the server: compiled code is kept (it starts sooner, and needs no memory for the compiler of TypeScript), its threads
 * share the places memory is taken from, and what is free goes back to the system: hashing one password takes 19 MB, after
 * which glibc would keep that much in reserve in each of them. Together some 80 MB less.
 */
export function serverEnvironment() {
  return {
    MALLOC_ARENA_MAX: '2',
    MALLOC_TRIM_THRESHOLD_: '131072',
    NODE_COMPILE_CACHE: join(modules, '.cache/compiled'),
    ...environment(),
    // A smaller young generation, for somewhat more collections under load, and one thread in place of four to help with them:
    // some 10 MB less each. And the collector for src/main/collect-when-idle.ts.
    NODE_OPTIONS: `--expose-gc --v8-pool-size=1 --max-semi-space-size=8 ${process.env.NODE_OPTIONS ?? ''}`,
  }
}
