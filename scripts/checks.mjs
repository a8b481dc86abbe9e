// The parts that `npm run check` and `npm test` are made of: types, lint, format, and runs of node:test, each counted.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { environment, modules, node, root } from './places.mjs'
import { quietly } from './run.mjs'
import { say } from './say.mjs'

/** A test file may take so long before it counts as failed. */
const fileTimeoutMs = 15 * 60 * 1000
/** Two cores are enough for everybody: more files at once make timings of the real servers unsteady. */
const filesAtOnce = 2

/** @typedef {{ passed: number, failed: number }} Count */

/**
 * A program that must end with 0, counted as one test.
 * @returns {Promise<Count>}
 */
async function program(name, path, args) {
  const started = Date.now()
  const { code, output } = await quietly(path, args, { env: environment() })
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  if (code !== 0) say(`${output.trim()}\n`)
  say(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** @returns {Promise<readonly Count[]>} */
export async function staticChecks() {
  const counts = [await program('types of the server', node, [join(modules, '.bin', 'tsc'), '--noEmit'])]
  if (existsSync(join(root, 'web', 'tsconfig.json'))) {
    counts.push(
      await program('types of the browser half', node, [
        join(modules, '.bin', 'tsc'),
        '--noEmit',
        '-p',
        'web',
      ]),
    )
  }
  counts.push(await program('lint', node, [join(modules, '.bin', 'oxlint'), '--type-aware']))
  counts.push(await program('format', node, [join(modules, '.bin', 'biome'), 'format', '.']))
  return counts
}

function testFilesUnder(folder) {
  const start = join(root, folder)
  if (!existsSync(start)) return []
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map(entry => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort()
}

/** Tests that start servers of Debian's take them from `test/support/` or from a `test-databases.ts` beside them. */
const needsServers = path =>
  /from '[^']*(?:support\/|\/test-databases)/.test(readFileSync(join(root, path), 'utf8'))

/** Tests in two groups: `fast` needs nothing but the npm packages, `real` starts servers, clients and browsers. */
export function testFiles() {
  const architecture = join('test', 'architecture.test.ts')
  const units = [...testFilesUnder('src'), ...testFilesUnder('web')]
  const beside = testFilesUnder('test').filter(path => path !== architecture)
  return {
    fast: [...units.filter(path => !needsServers(path)), architecture],
    real: [...units.filter(needsServers), ...beside],
  }
}

/**
 * @param {readonly string[]} files
 * @returns {Promise<Count>}
 */
export async function runTests(files) {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-sums-'))
  const sums = join(folder, 'sums.json')
  try {
    const code = await new Promise((resolve, reject) => {
      const child = spawn(
        node,
        [
          '--test',
          `--test-concurrency=${filesAtOnce}`,
          `--test-timeout=${fileTimeoutMs}`,
          `--test-reporter=./${relative(root, join(root, 'scripts', 'count-reporter.mjs'))}`,
          '--test-reporter-destination=stdout',
          ...files,
        ],
        {
          cwd: root,
          env: { ...environment(), SEKISHO_TEST_SUMS: sums },
          stdio: ['ignore', 'inherit', 'inherit'],
        },
      )
      child.on('error', reject)
      child.on('close', resolve)
    })
    const counts = existsSync(sums) ? JSON.parse(readFileSync(sums, 'utf8')) : undefined
    const failed = counts === undefined ? 1 : counts.failed + counts.cancelled
    // A run that ended badly has failed even if every test that could report had passed.
    return { passed: counts?.passed ?? 0, failed: code !== 0 && failed === 0 ? 1 : failed }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Prints the sum as the very last line and ends the process.
 * @param {readonly Count[]} counts
 */
export function finish(counts) {
  const passed = counts.reduce((sum, count) => sum + count.passed, 0)
  const failed = counts.reduce((sum, count) => sum + count.failed, 0)
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`, () => process.exit(failed === 0 ? 0 : 1))
}
