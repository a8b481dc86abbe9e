// The configuration: what is taken, what is refused and in which words, and that the page in docs/ says the same.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import { ConfigError, loadConfig, parseConfig } from './config.ts'
import { writeConfigurationPage } from './config-docs.ts'

type Env = Record<string, string>
const parse = (environment: Env, text?: string) =>
  parseConfig({
    environment,
    folder: '/srv',
    ...(text === undefined ? {} : { file: { path: 'sekisho.yaml', text } }),
  })

function problemsOf(environment: Env, text?: string): readonly string[] {
  try {
    parse(environment, text)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.problems
  }
  return []
}

describe('configuration', () => {
  it('needs nothing to start', () => {
    const config = parse({})
    assert.equal(config.dataDir, '/srv/data')
    assert.deepEqual(config.console, {
      host: '127.0.0.1',
      port: 8080,
      tls: undefined,
      secure: false,
      trustedProxies: [],
    })
    assert.deepEqual(config.database, { kind: 'sqlite', file: '/srv/data/sekisho.db' })
    assert.deepEqual(config.key, { kind: 'file', file: '/srv/data/kek' })
    assert.deepEqual(config.targets, {
      host: '127.0.0.1',
      portFirst: 40_000,
      portLast: 45_000,
      proxyProtocolFrom: [],
    })
    assert.deepEqual(config.tunnel, { host: '127.0.0.1', port: 9_000, proxyProtocolFrom: [] })
    assert.equal(config.demo, true)
    assert.equal(config.limits.editorRowsMax, 100_000)
  })

  it('counts the environment over the file, and the file over the defaults', () => {
    const text = 'console:\n  port: 9002\n  host: 0.0.0.0\nlimits:\n  editorRowsMax: 5\n'
    const config = parse({ SEKISHO_CONSOLE_PORT: '9001', SEKISHO_LIMITS_JOURNAL_SYNC_MS: '7' }, text)
    assert.equal(config.console.port, 9001)
    assert.equal(config.console.host, '0.0.0.0')
    assert.equal(config.limits.editorRowsMax, 5)
    assert.equal(config.limits.journalSyncMs, 7)
    assert.equal(config.demo, false, 'whoever writes a configuration wants no demo unless asked for')
  })

  it('takes an empty variable and an empty file as nothing', () => {
    assert.equal(parse({ SEKISHO_CONSOLE_PORT: '' }).console.port, 8080)
    assert.equal(parse({}, '').console.port, 8080)
    assert.equal(parse({}, '# nothing\nconsole:\n').console.port, 8080)
  })

  it('keeps secrets out of what is printed', () => {
    const config = parse({ SEKISHO_DATABASE_KIND: 'mysql', SEKISHO_DATABASE_PASSWORD: 'tiger' })
    assert.ok(config.database.kind === 'mysql')
    assert.equal(config.database.password.reveal(), 'tiger')
    assert.ok(!inspect(config, { depth: 9 }).includes('tiger'))
    assert.ok(!JSON.stringify(config).includes('tiger'))
  })

  const wrong: readonly (readonly [
    what: string,
    environment: Env,
    text: string | undefined,
    says: RegExp,
  ])[] = [
    ['port', { SEKISHO_CONSOLE_PORT: '70000' }, undefined, /SEKISHO_CONSOLE_PORT is "70000".*0 to 65535/],
    ['port with words', { SEKISHO_CONSOLE_PORT: '80 80' }, undefined, /must be a port/],
    ['boolean', { SEKISHO_DEMO: 'maybe' }, undefined, /must be true or false/],
    [
      'choice',
      {},
      'log:\n  level: loud\n',
      /`log.level` in sekisho.yaml is "loud".*debug, info, warn, error/,
    ],
    ['host with port', { SEKISHO_PUBLIC_HOST: 'a.example:80' }, undefined, /without a port/],
    ['network', {}, 'console:\n  trustedProxies: [10.0.0.0/33]\n', /list of addresses or networks/],
    ['networks', { SEKISHO_CONSOLE_TRUSTED_PROXIES: '10.0.0.1,everyone' }, undefined, /list of addresses/],
    ['unknown setting', {}, 'consol:\n  port: 1\n', /no setting `consol.port`. Did you mean `console.port`/],
    ['unknown variable', { SEKISHO_PORT: '1' }, undefined, /no variable SEKISHO_PORT/],
    ['unknown limit', {}, 'limits:\n  patienceMs: 1\n', /no setting `limits.patienceMs`/],
    ['limit of nothing', {}, 'limits:\n  idleTimeoutMs: 0\n', /whole number \(ms\), 1 or more/],
    ['no YAML', {}, 'a: [', /line 1: this is not YAML/],
    ['a list', {}, '- a\n', /must be a mapping/],
    [
      'certificate without key',
      { SEKISHO_CLIENT_TLS_CERT: '/nowhere' },
      undefined,
      /without `client.tlsKey`/,
    ],
    ['file that is not there', { SEKISHO_CLIENT_TLS_CERT: '/nowhere' }, undefined, /no file \/nowhere/],
    ['range', { SEKISHO_TARGETS_PORT_LAST: '39999' }, undefined, /must hold one port/],
    ['console within', { SEKISHO_CONSOLE_PORT: '40500' }, undefined, /outside of them/],
    ['no password', { SEKISHO_DATABASE_KIND: 'mysql' }, undefined, /SEKISHO_DATABASE_PASSWORD/],
    ['short key', { SEKISHO_KEY_VALUE: 'c2hvcnQ=' }, undefined, /32 bytes in base64/],
    ['secret as number', {}, 'database:\n  password: 1234\n', /text in quotes/],
  ]
  for (const [what, environment, text, says] of wrong) {
    it(`says what is wrong: ${what}`, () => {
      const problems = problemsOf(environment, text)
      assert.ok(
        problems.some(problem => says.test(problem)),
        problems.join('\n'),
      )
    })
  }

  it('tells all problems at once, and no secret', () => {
    const text = 'console:\n  port: x\nlog:\n  level: y\nkey:\n  value: tooshort\n'
    const problems = problemsOf({ SEKISHO_DEMO: 'z' }, text)
    assert.equal(problems.length, 4)
    assert.ok(!problems.join().includes('tooshort'))
    assert.match(new ConfigError(problems).message, /^The configuration has 4 problems:\n {2}- /)
  })

  it('is read from the folder, or from where SEKISHO_CONFIG says', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sekisho-config-'))
    try {
      assert.equal(loadConfig({}, folder).source, undefined)
      writeFileSync(join(folder, 'sekisho.yaml'), 'console: { port: 9002 }')
      assert.equal(loadConfig({}, folder).console.port, 9002)
      writeFileSync(join(folder, 'other.yaml'), 'console: { port: 9003 }')
      assert.equal(loadConfig({ SEKISHO_CONFIG: 'other.yaml' }, folder).console.port, 9003)
      assert.throws(() => loadConfig({ SEKISHO_CONFIG: 'none.yaml' }, folder), /cannot be read/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('is described in docs/configuration.md as it is (npm run docs)', () => {
    const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
    assert.equal(read('docs/configuration.md'), writeConfigurationPage(read('src/core/limits.ts')))
  })
})
