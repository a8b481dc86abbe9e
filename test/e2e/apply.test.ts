// A gateway kept in files: planned, applied, applied again, exported, and wrong files told with their lines.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { RunningPostgres } from '../support/postgres.ts'
import { type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { startShop } from './shop.ts'

const command = fileURLToPath(new URL('../../bin/sekisho.mjs', import.meta.url))

let shop: RunningPostgres
let sekisho: RunningSekisho
let token: string
let folder: string

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-apply-'))
  shop = await startShop()
  sekisho = await startSekisho()
  token = (await sekisho.admin.call('POST /api/api-tokens', { label: 'pipeline', lifeDays: 1 })).secret
})

after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await sekisho?.stop()
  await shop?.stop()
})

interface Run {
  readonly code: number
  readonly output: string
  readonly errors: string
}

async function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const env = {
    PATH: process.env['PATH'],
    SEKISHO_URL: sekisho.url,
    SEKISHO_API_TOKEN: token,
    SHOP_PASSWORD: shop.password,
    SHOP_HOST: shop.host,
    JUMP_SECRET: 'key to the bridge',
    FAR_PASSWORD: 'tiger',
    FAR_JUMP_SECRET: 'key',
    ...environment,
  }
  const child = spawn(process.execPath, [command, ...args], { cwd: folder, env })
  let output = ''
  let errors = ''
  child.stdout.on('data', part => (output += String(part)))
  child.stderr.on('data', part => (errors += String(part)))
  const [code] = (await once(child, 'close')) as [number]
  return { code, output, errors }
}

function files(): string {
  const place = join(folder, 'gateway')
  mkdirSync(place, { recursive: true })
  writeFileSync(
    join(place, 'people.yaml'),
    `kind: Group
name: analysts
description: People who read
---
kind: User
name: hana
displayName: Hana
groups: [analysts]
---
kind: Tag
name: pii.plate
description: Licence plates
sensitive: true
mask: hash
`,
  )
  writeFileSync(
    join(place, 'targets.yaml'),
    `kind: Target
name: shop
protocol: postgres
host: \${SHOP_HOST}
port: ${shop.port}
database: ${shop.database}
account: ${shop.user}
password: \${SHOP_PASSWORD}
tls: prefer
tags: { env: test }
columns:
  - { schema: public, table: customers, column: email, tags: [pii.email] }
---
kind: Target
name: far
protocol: mysql
host: db.internal
database: far
account: sekisho
password: { file: far-password }
disabled: true
sendProxy: true
jump: { host: jump.internal, port: 22, user: gate, auth: password, hostKey: "SHA256:${'A'.repeat(43)}" }
jumpSecret: \${JUMP_SECRET}
`,
  )
  writeFileSync(join(place, 'far-password'), 'tiger in the tank\n')
  writeFileSync(join(place, 'policies.yaml'), 'kind: Policy\nname: all\nfile: all.cedar\n')
  writeFileSync(
    join(place, 'all.cedar'),
    '@id("analysts-read")\npermit(principal in Group::"analysts", action in [Action::"connect", Action::"select"], resource);\n',
  )
  writeFileSync(
    join(place, 'rules.json'),
    JSON.stringify({
      kind: 'Rule',
      name: 'no-copy',
      verdict: 'deny',
      match: 'pattern',
      value: 'copy ${X} *',
      note: 'by tools',
    }),
  )
  return place
}

test('a plan shows what would be done, apply does it, and a second time there is nothing to do', async () => {
  const place = files()
  const plan = await run(['plan', '-f', place])
  assert.deepEqual([plan.code, plan.errors], [0, ''])
  assert.match(plan.output, /^\+ Tag pii\.plate/m)
  assert.match(plan.output, /^\+ Target shop\n {4}protocol: postgres/m)
  assert.match(plan.output, /password: \*\*\*/)
  assert.match(plan.output, /\+ public\.customers\.email: pii\.email/)
  assert.match(plan.output, /~ Policy policies\n(?: {4}.*\n)* {4}\+ @id\("analysts-read"\)/)
  assert.equal(plan.output.includes(shop.password), false)
  assert.equal((await sekisho.admin.call('GET /api/targets')).total, 0)

  const passwords = join(folder, 'passwords')
  const first = await run(['apply', '-f', place, '--json', '--passwords', passwords])
  assert.deepEqual([first.code, first.errors], [0, ''], first.output)
  assert.equal(first.output.includes(shop.password), false)
  assert.equal((JSON.parse(first.output) as { ok: boolean }).ok, true)
  assert.match(readFileSync(passwords, 'utf8'), /^hana \S+\n$/)
  assert.equal(statSync(passwords).mode & 0o777, 0o600)
  for (const secret of ['tiger', 'bridge']) assert.equal(first.output.includes(secret), false)
  const { targets } = await sekisho.admin.call('GET /api/targets')
  const far = targets.find(one => one.name === 'far')
  assert.deepEqual([far?.disabled, far?.admin?.port, far?.admin?.jump?.user], [true, 3306, 'gate'])
  const target = targets.find(one => one.name === 'shop')
  assert.deepEqual([target?.name, target?.tags, target?.admin?.port], ['shop', { env: 'test' }, shop.port])
  const tables = await sekisho.admin.call('GET /api/targets/:id/tables', undefined, { id: target?.id ?? '' })
  const email = tables.find(one => one.table === 'customers')?.columns.find(one => one.name === 'email')
  assert.deepEqual(email?.tags, ['pii.email'])
  assert.equal((await sekisho.admin.call('GET /api/rules')).rules[0]?.value, 'copy ${X} *')

  const again = await run(['apply', '-f', place])
  assert.equal(again.code, 0)
  assert.match(again.output, /^Nothing to do: \d+ as wanted\.\n$/)
  const changes = await sekisho.auditUntil(
    { kinds: ['changed'], search: 'shop' },
    entries => entries.length > 0,
  )
  assert.match(changes.at(-1)?.address ?? '', /API token pipeline/)
})

test('what differs is changed alone, and what no file names is removed only when asked', async () => {
  const place = files()
  const people = join(place, 'people.yaml')
  writeFileSync(people, readFileSync(people, 'utf8').replace('People who read', 'Readers'))
  await sekisho.admin.call('POST /api/groups', { name: 'stray', description: '' })
  const plan = await run(['plan', '-f', place])
  assert.match(plan.output, /^~ Group analysts\n {4}description: People who read → Readers\n/m)
  assert.match(plan.output, /\n0 made, 1 changed, 0 removed, \d+ as wanted\.\n$/)
  const pruned = await run(['apply', '-f', place, '--prune'])
  assert.equal(pruned.code, 0, pruned.output)
  assert.match(pruned.output, /^- Group stray$/m)
  const groups = await sekisho.admin.call('GET /api/groups')
  assert.deepEqual(
    groups.map(group => [group.name, group.description]),
    [['analysts', 'Readers']],
  )
  const names = (await sekisho.admin.call('GET /api/users')).map(user => user.name)
  assert.deepEqual(names.sort(), ['admin', 'hana'])
})

test('what is exported is what is there', async () => {
  const file = join(folder, 'exported.yaml')
  const written = await run(['export', '-o', file])
  assert.deepEqual([written.code, written.errors], [0, ''])
  const text = readFileSync(file, 'utf8')
  assert.match(text, /password: \$\{SHOP_PASSWORD\}/)
  assert.equal(text.includes(shop.password), false)
  const again = await run(['apply', '-f', file])
  assert.match(again.output, /^Nothing to do/)
})

test('wrong files: everything that is wrong at once, with its line, and nothing is done', async () => {
  const file = join(folder, 'wrong.yaml')
  writeFileSync(
    file,
    `kind: Group
name: a
colour: red
---
kind: Targt
name: b
---
kind: Target
name: c
protocol: oracle
host: db
password: in-clear
port: 99999
---
kind: User
name: d
groups: \${MISSING}
---
kind: Group
name: a
`,
  )
  const { code, output } = await run(['apply', '-f', file])
  assert.equal(code, 1)
  const told = output.replaceAll(`${file}:`, '').split('\n')
  for (const problem of [
    '3: colour: Group has no such field; there are description',
    '5: kind: one of Tag, Group, User, Target, Rule, Policy',
    '10: protocol: one of postgres, mysql',
    '12: password: secrets do not stand in files: give ${VARIABLE} or { file: … }',
    '13: port: a port, 1 to 65535',
    '8: database: is missing',
    '8: account: is missing',
    '17: groups: the variable MISSING is not set',
    '19: Group a stands already at 1',
  ]) {
    assert.ok(told.includes(problem), `${problem}\n${output}`)
  }
  assert.match(output, /\d+ problems; nothing was done\.\n$/)
  assert.equal(
    (await sekisho.admin.call('GET /api/groups')).some(group => group.name === 'a'),
    false,
  )
})

test('who has no right, and a server that is not there, are told', async () => {
  const place = files()
  const nobody = await run(['plan', '-f', place], { SEKISHO_API_TOKEN: 'ska_nothing' })
  assert.deepEqual([nobody.code, nobody.errors], [2, 'Please sign in.\n'])
  const nowhere = await run(['plan', '-f', place, '--json'], { SEKISHO_URL: 'http://127.0.0.1:1' })
  assert.equal(nowhere.code, 2)
  assert.match(
    nowhere.output,
    /^\{"ok":false,"message":"The server at http:\/\/127\.0\.0\.1:1 cannot be reached/,
  )
  const unset = await run(['export'], { SEKISHO_API_TOKEN: '' })
  assert.match(unset.errors, /SEKISHO_API_TOKEN/)
  const person = await run(['plan', '-f', place], {
    SEKISHO_API_TOKEN: '',
    SEKISHO_USER: 'admin',
    SEKISHO_PASSWORD: sekisho.adminPassword,
  })
  assert.equal(person.code, 0, person.errors)
})
