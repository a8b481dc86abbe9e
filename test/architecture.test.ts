// The rules of the house that no type can state: floors, strangers, purity, permits, names, sizes, documents.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Rooms by floor; imports only go down. */
const floors: Readonly<Record<string, number>> = {
  main: 4,
  protocols: 3,
  sources: 3,
  tunnel: 3,
  console: 3,
  storage: 3,
  gate: 2,
  access: 2,
  audit: 2,
  catalog: 2,
  policy: 1,
  sql: 1,
  network: 1,
  wire: 1,
  core: 0,
}

/** Files that may be longer than 300 lines, each with the reason. Splitting them would make them harder to read. */
const longFiles: Readonly<Record<string, string>> = {
  'src/audit/trail.ts': 'one life: gather, write, carry, close',
  'src/protocols/mysql/from-target.ts': 'what the target says, packet by packet',
  'src/protocols/postgres/from-client.ts': 'what the client says, message by message',
  'src/protocols/postgres/from-target.ts': 'what the target says, message by message',
  'src/sql/postgres/functions-allowed.ts': 'a list: the functions that are known to be harmless',
  'src/storage/tables.ts': 'a list: the tables of our own database',
  'web/dev/demo-data.ts': 'a list: data to look at while working on the pages',
}
const linesMax = 300

/** Folders that hold generated or foreign files. */
const skipped = new Set(['node_modules', 'dist', 'data', '.git', '.cache'])

function filesUnder(folder: string, keep: (path: string) => boolean): readonly string[] {
  const start = join(root, folder)
  if (!existsSync(start)) return []
  const found: string[] = []
  const walk = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name)
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) walk(path)
      } else if (keep(path)) found.push(relative(root, path))
    }
  }
  walk(start)
  return found.sort((a, b) => (a < b ? -1 : 1))
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
/** Tests, what only they use, and what takes recordings for them. */
const isTest = (path: string): boolean =>
  /\.(test|contract|bench|test-part)\.ts$|\/transcripts\//.test(path) ||
  path === 'src/storage/journal-life.ts'
const sources = filesUnder('src', path => path.endsWith('.ts'))
/** Code that runs in the server; tests may introduce rooms to each other as `main` does. */
const running = sources.filter(path => !isTest(path))
const written = [
  ...sources,
  ...['test', 'bench', 'scripts', 'bin', 'web'].flatMap(folder =>
    filesUnder(folder, path => /\.(ts|tsx|mjs)$/.test(path)),
  ),
]

/** Comments out, so that words in them count for nothing. */
const codeOf = (path: string): string =>
  read(path)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
    // It only looks at a text.
    .replace(/import { isIP } from 'node:net'/, '')

function importsOf(path: string): readonly string[] {
  const pattern = /(?:\bfrom\s*|\bimport\s*\(?\s*)'([^']+)'/g
  return [...codeOf(path).matchAll(pattern)].map(match => match[1] ?? '')
}

/** `src/protocols/postgres/codec.ts` → `protocols` and `postgres`. */
function placeOf(path: string): { readonly room: string; readonly inner: string } {
  const [, room = '', inner = ''] = path.split('/')
  return { room, inner }
}

/** Imports of files of ours, resolved to paths from the root. */
const ownImports = (path: string): readonly string[] =>
  importsOf(path)
    .filter(name => name.startsWith('.'))
    .map(name => join(dirname(path), name))

function all(
  paths: readonly string[],
  problem: (path: string) => string | readonly string[] | undefined,
): void {
  const problems = paths.flatMap(path => {
    const found = problem(path)
    const list = found === undefined ? [] : typeof found === 'string' ? [found] : found
    return list.map(text => `${path}: ${text}`)
  })
  assert.deepEqual(problems, [])
}

const uses = (path: string, patterns: readonly RegExp[]): readonly string[] => {
  const code = codeOf(path)
  return patterns.flatMap(pattern => {
    const found = pattern.exec(code)
    return found === null ? [] : [`uses ${found[0]}`]
  })
}

describe('architecture', () => {
  it('has no room that is not on a floor', () => {
    all(sources, path => (floors[placeOf(path).room] === undefined ? 'is in no room' : undefined))
  })

  it('imports only go down, and rooms of one floor are strangers', () => {
    all(running, path => {
      const from = placeOf(path).room
      return ownImports(path).flatMap(target => {
        if (!target.startsWith('src/')) return [`imports ${target}, which is outside of the server`]
        const to = placeOf(target).room
        const isDown = (floors[to] ?? 9) < (floors[from] ?? -1)
        return from === to || isDown ? [] : [`imports ${target}`]
      })
    })
  })

  it('protocols never import each other, nor do sources', () => {
    all(
      running.filter(path => /^src\/(protocols|sources)\/[^/]+\//.test(path)),
      path => {
        const { room, inner } = placeOf(path)
        return ownImports(path).flatMap(target => {
          const other = placeOf(target)
          const isFolder = target.split('/').length > 3
          return other.room === room && isFolder && other.inner !== inner ? [`imports ${target}`] : []
        })
      },
    )
  })

  it('the browser half knows types of the contract and nothing else of the server', () => {
    all(
      filesUnder('web', path => /\.tsx?$/.test(path) && !isTest(path)),
      path => {
        const imports = codeOf(path).matchAll(/import\s+([^'"]*?)\s+from\s*'([^']+)'/g)
        return [...imports].flatMap(([, what = '', name = '']) => {
          const target = join(dirname(path), name)
          if (!name.startsWith('.') || !target.startsWith('src/')) return []
          if (target !== 'src/console/contract.ts') return [`imports ${target}`]
          return what.startsWith('type ') ? [] : ['imports values of the contract']
        })
      },
    )
  })

  const outside =
    /'node:(fs|net|http|https|http2|tls|dgram|dns|child_process|cluster|worker_threads|os|process|readline|repl|inspector)(\/[^']*)?'/

  it('the two lowest floors open nothing and read no clock, no chance and no environment', () => {
    all(
      running.filter(path => (floors[placeOf(path).room] ?? 9) <= 1 && path !== 'src/core/clock.ts'),
      path =>
        uses(path, [
          outside,
          /'node:timers[^']*'/,
          /\bDate\.now\b|\bnew Date\(\)/,
          /\bperformance\.(now|timeOrigin)\b/,
          /\bprocess\.\w+/,
          /\bMath\.random\b/,
          /\b(setTimeout|setInterval|setImmediate)\(/,
          /\bfetch\(/,
          /\brandom(Bytes|UUID|Int)\b(?=\()/,
        ]).filter(problem => !(path === 'src/core/ids.ts' && problem.includes('randomBytes'))),
    )
  })

  it('the business touches the outside only through interfaces of its own', () => {
    all(
      running.filter(path => floors[placeOf(path).room] === 2),
      path =>
        uses(path, [
          outside,
          /\bprocess\.\w+/,
          /\bMath\.random\b/,
          /\bDate\.now\b|\bnew Date\(\)/,
          /\bfetch\(/,
        ]),
    )
  })

  it('only main reads environment and arguments', () => {
    all(
      running.filter(path => placeOf(path).room !== 'main'),
      path => uses(path, [/\bprocess\.(env|argv|cwd)\b/]),
    )
  })

  it('only the gate issues permits, and nobody casts to one', () => {
    all(
      written.filter(path => !path.startsWith('src/gate/') && !isTest(path)),
      path =>
        uses(path, [/\bPermit\s*\.\s*issue\b/, /\bas\s+(unknown\s+as\s+)?Permit\b/, /<Permit>\s*[\w({]/]),
    )
  })

  it('only storage knows our own database', () => {
    all(
      running.filter(path => placeOf(path).room !== 'storage'),
      path => uses(path, [/'(kysely[^']*|node:sqlite)'/]),
    )
    // The driver is also how targets are asked: by the source, and behind the SQL page.
    all(
      running.filter(path => !['storage', 'sources', 'console'].includes(placeOf(path).room)),
      path => uses(path, [/'mysql2[^']*'/]),
    )
  })

  it('files are named after the one thing they export', () => {
    const banned = /(^|[-.])(utils?|helpers?|common|manager|service|base|misc|shared)([-.]|$)/
    all(written, path => {
      const name = basename(path)
      if (banned.test(name)) return 'has a name that says nothing'
      return /^[a-z0-9.-]+$/.test(name) ? undefined : 'is not in kebab-case'
    })
  })

  it('files say in their first line what they are for', () => {
    all(written, path => {
      const [first = '', second = ''] = read(path).split('\n')
      return /^\/\/ \S|^\/\*\*? \S/.test(first.startsWith('#!') ? second : first)
        ? undefined
        : 'begins without a comment'
    })
  })

  it('files can be held in the head', () => {
    all(
      written.filter(path => !isTest(path) && !path.startsWith('test/')),
      path => {
        const lines = read(path).split('\n').length - 1
        return lines <= linesMax || longFiles[path] !== undefined ? undefined : `has ${lines} lines: split it`
      },
    )
    all(Object.keys(longFiles), path =>
      existsSync(join(root, path)) ? undefined : 'is on the list but not there',
    )
  })

  it('exports have names', () => {
    all(
      written.filter(
        path => path.endsWith('.ts') && !path.startsWith('web/') && path !== 'test/architecture.test.ts',
      ),
      path => uses(path, [/\bexport\s+default\b/]),
    )
  })

  it('tells nothing about the machine it was written on', () => {
    const texts = [
      ...written.filter(path => path !== 'test/architecture.test.ts'),
      ...filesUnder('.', path => /\.(md|json|ya?ml|sh)$|\/\.ci\/|\.npmrc$/.test(path)).filter(
        path => path !== 'package-lock.json',
      ),
    ]
    const machine = [
      /(?<![\w.])\/(work|root|home\/\w+|Users\/\w+)\/(?!\w+\.sock)/,
      /registry\.[\w.]*npm\w*\.(org|com)/,
      /"resolved":/,
    ]
    all(texts, path =>
      machine.flatMap(pattern => pattern.exec(read(path))?.[0] ?? []).map(found => `says ${found}`),
    )
    assert.doesNotMatch(read('package-lock.json'), /"resolved": "http/)
  })

  it('has a line in docs/dependencies.md for every package, and no other', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      'dependencies' | 'devDependencies',
      Readonly<Record<string, string>>
    >
    const documented = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` \|/gm)].map(match => match[1])
    assert.deepEqual(new Set(documented), new Set(Object.keys({ ...dependencies, ...devDependencies })))
  })
})
