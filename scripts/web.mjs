// Builds the browser half into dist/web when its sources changed since the last build.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { modules, node, root } from './places.mjs'
import { succeed } from './run.mjs'
import { say, step } from './say.mjs'

const folder = join(root, 'web')
const output = join(root, 'dist', 'web')
const mark = join(root, 'dist', 'web.hash')

/** Everything that the built pages are made of, besides the packages, which the lock file stands for. */
function sources() {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
    .filter(path => !path.includes('node_modules'))
  return [...found, join(root, 'package-lock.json')].sort((a, b) => (a < b ? -1 : 1))
}

function hashOfSources() {
  const hash = createHash('sha256')
  for (const path of sources())
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update('\0')
  return hash.digest('hex')
}

/** Arguments for Node that run Vite on the browser half. */
export function viteArguments(...more) {
  return [
    join(modules, 'vite', 'bin', 'vite.js'),
    'build',
    folder,
    '--config',
    join(folder, 'vite.config.ts'),
    '--outDir',
    output,
    '--emptyOutDir',
    '--logLevel',
    'warn',
    ...more,
  ]
}

export const hasWeb = () => existsSync(join(folder, 'vite.config.ts'))

export async function ensureWeb() {
  if (!hasWeb()) {
    say('· There is no browser half (web/vite.config.ts): the console serves its API only.')
    return
  }
  const hash = hashOfSources()
  if (existsSync(join(output, 'index.html')) && existsSync(mark) && readFileSync(mark, 'utf8') === hash)
    return
  await step('Building the console pages (only when they change)', () => succeed(node, viteArguments()))
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(mark, hash)
}
