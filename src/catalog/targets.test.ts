// Targets: their facts, their ports, their passwords, and what is on record of them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../core/errors.ts'
import type { TargetId } from '../core/ids.ts'
import { Secret } from '../core/secret.ts'
import type { NewTarget } from './catalog.ts'
import type { JumpHost } from '../core/target.ts'
import { createTargetStore } from '../storage/target-store.ts'
import { admin, newTarget, openedCatalog } from './on-sqlite.contract.ts'

const opened = openedCatalog()
const code =
  (expected: GatewayError['code'], detail = /./s) =>
  (error: unknown) =>
    error instanceof GatewayError && error.code === expected && detail.test(error.message)
const create = (name: string, more = {}) => opened.catalog.targets.create(newTarget(name, more), admin)

test('a target comes back without its password, which is sealed for it alone', async () => {
  const target = await create('shop')
  const { password: _, ...facts } = newTarget('shop')
  assert.deepEqual(target, { ...facts, id: target.id, tlsCa: undefined, listenPort: 40_000, disabled: false })
  assert.deepEqual(await opened.catalog.targets.get(target.id), target)
  assert.deepEqual(await opened.catalog.targets.byName('shop'), target)
  assert.equal((await opened.catalog.targets.password(target.id)).reveal(), 'of the account')
  const stored = await createTargetStore(opened.database).get(target.id)
  assert.match(stored?.sealedPassword ?? '', new RegExp(`\\|target:${target.id}\\|`))
  assert.deepEqual(opened.published, [`targets ${target.id}`])
  const [event] = opened.events
  assert.equal(event?.what, 'target.created')
  assert.deepEqual(event?.fields['password'], [null, '***'])
  assert.ok(!JSON.stringify(opened.events).includes('of the account'))
})

test('ports: the lowest free one, its own for life', async () => {
  const [a, b, c] = [await create('a'), await create('b'), await create('c')]
  assert.deepEqual(
    [a, b, c].map(one => one.listenPort),
    [40_000, 40_001, 40_002],
  )
  await opened.catalog.targets.remove(b.id, admin)
  assert.equal((await opened.catalog.targets.get(c.id))?.listenPort, 40_002)
  assert.equal((await create('d')).listenPort, 40_001)
  assert.equal((await create('e')).listenPort, 40_003)
  const again = await opened.restart()
  assert.equal((await again.targets.byName('c'))?.listenPort, 40_002)
  again.close()
})

test('ports: many at once get different ones, until there are none', async () => {
  const catalog = await opened.restart({ portRange: { from: 40_500, to: 40_503 } })
  const names = ['a', 'b', 'c', 'd']
  const targets = await Promise.all(names.map(name => catalog.targets.create(newTarget(name), admin)))
  assert.deepEqual(
    targets.map(one => one.listenPort),
    [40_500, 40_501, 40_502, 40_503],
  )
  await assert.rejects(
    catalog.targets.create(newTarget('e', { exposed: true }), admin),
    code('limit.exceeded', /40500 to 40503/),
  )
  assert.equal((await catalog.targets.create(newTarget('f'), admin)).listenPort, undefined)
  catalog.close()
})

test('ports: given and taken back with the exposure, on record', async () => {
  const hidden = await create('a', { exposed: false })
  assert.equal(hidden.listenPort, undefined)
  const exposed = await opened.catalog.targets.update(hidden.id, { exposed: true }, admin)
  assert.equal(exposed.listenPort, 40_000)
  assert.deepEqual(opened.events.at(-1)?.fields, { listenPort: [null, 40_000] })
  assert.deepEqual(await opened.catalog.targets.get(hidden.id), exposed)
  assert.deepEqual(await opened.catalog.targets.list(), [exposed])
  await opened.catalog.targets.update(hidden.id, { exposed: false }, admin)
  assert.deepEqual(opened.events.at(-1)?.fields, { listenPort: [40_000, null] })
  assert.equal((await create('b')).listenPort, 40_000)
})

test('what another server changed is in the list once it is told', async () => {
  const other = await opened.restart()
  const { id } = await opened.catalog.targets.create(newTarget('a'), admin)
  assert.deepEqual(
    (await other.targets.list()).map(target => target.name),
    ['a'],
  )
  await opened.catalog.targets.update(id, { name: 'z' }, admin)
  const [first] = await other.targets.list()
  assert.equal(first?.name, 'z')
  assert.equal((await other.targets.list())[0], first, 'the same value as long as it stays as it is')
  await opened.database.query.deleteFrom('targets').execute()
  await other.refresh()
  assert.deepEqual(await other.targets.list(), [])
  other.close()
})

test('ports: one that another server took in between is passed over', async () => {
  const store = createTargetStore(opened.database)
  // As seen a moment before another server added its own.
  const catalog = await opened.restart({ targetStore: { ...store, page: async () => [] } })
  await create('theirs')
  assert.equal((await catalog.targets.create(newTarget('ours'), admin)).listenPort, 40_001)
  await assert.rejects(catalog.targets.create(newTarget('theirs'), admin), code('conflict'))
  catalog.close()
})

test('all that is wrong is reported at once, without the password', async () => {
  const wrong = {
    protocol: 'oracle' as 'postgres',
    host: 'a b',
    port: 70_000,
    database: '',
    account: 'x\0y',
    password: new Secret('hush\0'),
    tls: 'maybe' as 'prefer',
    tlsCa: 'not PEM',
    tags: { 'A B': 'x' },
  }
  await assert.rejects(create('Wrong Name', wrong), (error: GatewayError) => {
    assert.equal(error.code, 'request.invalid')
    for (const field of ['name', ...Object.keys(wrong)])
      assert.match(error.message, new RegExp(`\\b${field}: `))
    assert.ok(!error.message.includes('hush'))
    return true
  })
  for (const host of ['db', 'db.example.com.', '10.0.0.1', '::1', 'my_db-1'])
    await create(`h${host.length}`, { host })
  for (const host of ['', '-a', 'a..b', 'http://x', 'a/b', 'x'.repeat(254)]) {
    await assert.rejects(create('x', { host }), code('request.invalid', /host/), host)
  }
})

test('an update changes what it names; a password that is not given stays', async () => {
  const target = await create('shop', { tags: {} })
  opened.events.length = 0
  const { targets } = opened.catalog
  const after = await targets.update(target.id, { host: 'other', tags: { env: 'dev' } }, admin)
  assert.deepEqual(after, { ...target, host: 'other', tags: { env: 'dev' } })
  assert.deepEqual(await targets.get(target.id), after)
  assert.equal((await targets.password(target.id)).reveal(), 'of the account')
  assert.deepEqual(opened.events[0]?.fields, { host: ['db.example', 'other'], tags: [{}, { env: 'dev' }] })
  await targets.update(target.id, { host: 'other' }, admin)
  assert.equal(opened.events.length, 1, 'no change, no event')
  await targets.update(target.id, { password: new Secret('new one'), disabled: true }, admin)
  assert.equal((await targets.password(target.id)).reveal(), 'new one')
  assert.deepEqual(opened.events[1]?.fields, { disabled: [false, true], password: ['***', '***'] })
  await create('ledger')
  await assert.rejects(targets.update(target.id, { name: 'ledger' }, admin), code('conflict', /ledger/))
  await assert.rejects(targets.update(target.id, { port: 0 }, admin), code('request.invalid', /port/))
  await assert.rejects(targets.update('none' as TargetId, {}, admin), code('not-found'))
  await assert.rejects(create('shop'), code('conflict', /shop/))
})

test('what cannot be recorded is not done', async () => {
  const target = await create('shop')
  opened.recording = false
  const { targets } = opened.catalog
  await assert.rejects(create('other'), code('audit.unavailable'))
  await assert.rejects(targets.update(target.id, { host: 'x' }, admin), code('audit.unavailable'))
  await assert.rejects(targets.remove(target.id, admin), code('audit.unavailable'))
  assert.deepEqual(await targets.list(), [target])
})

test('removing tells which, and it is gone', async () => {
  const { id } = await create('shop')
  opened.published.length = 0
  await opened.catalog.targets.remove(id, admin)
  assert.deepEqual(opened.published, [`targets ${id}`])
  assert.equal(opened.events.at(-1)?.what, 'target.removed')
  await assert.rejects(opened.catalog.targets.password(id), code('not-found'))
  await assert.rejects(opened.catalog.targets.remove(id, admin), code('not-found'))
})

test('passwords that an older key sealed are sealed anew', async () => {
  const { id } = await create('shop')
  await create('ledger')
  const store = createTargetStore(opened.database)
  const stored = await store.get(id)
  assert.ok(stored)
  await store.replace({ ...stored, sealedPassword: stored.sealedPassword.replace('sealed', 'older') })
  assert.equal(await opened.catalog.targets.reseal(), 1)
  assert.deepEqual(await store.get(id), stored)
  assert.equal(await opened.catalog.targets.reseal(), 0)
})

const jump: JumpHost = {
  host: 'jump.example',
  port: 22,
  user: 'gate',
  hostKey: `SHA256:${'a'.repeat(43)}`,
  auth: 'password',
}

test('a jump host: its secret is sealed, kept while it is the same one, and goes with it', async () => {
  const { targets } = opened.catalog
  const target = await create('far', { jump, jumpSecret: new Secret('jump secret'), sendProxy: true })
  assert.deepEqual(target.jump, jump)
  assert.equal(target.sendProxy, true)
  assert.equal((await targets.jumpSecret(target.id)).reveal(), 'jump secret')
  assert.ok(!JSON.stringify([target, opened.events]).includes('jump secret'))
  assert.deepEqual(opened.events.at(-1)?.fields['jumpSecret'], [null, '***'])
  assert.deepEqual(await targets.get(target.id), target)

  const keyed = { ...jump, hostKey: `SHA256:${'b'.repeat(43)}` }
  await targets.update(target.id, { jump: keyed }, admin)
  assert.equal((await targets.jumpSecret(target.id)).reveal(), 'jump secret')
  for (const change of [{ host: 'evil.example' }, { port: 23 }, { user: 'x' }, { auth: 'key' as const }]) {
    await assert.rejects(
      targets.update(target.id, { jump: { ...keyed, ...change } }, admin),
      code('request.invalid', /jump/),
    )
  }
  await targets.update(target.id, { host: 'other' }, admin)
  assert.deepEqual((await targets.get(target.id))?.jump, keyed)
  const without = await targets.update(target.id, { jump: null, sendProxy: false }, admin)
  assert.equal(without.jump, undefined)
  assert.equal(without.sendProxy, undefined)
  assert.deepEqual(opened.events.at(-1)?.fields, { jump: [keyed, null], sendProxy: [true, false] })
  await assert.rejects(targets.jumpSecret(target.id), code('not-found'))
})

test('a jump host needs a secret, a confirmed key and a whole address', async () => {
  const wrong = (facts: Partial<NewTarget>, field: RegExp) =>
    assert.rejects(create('far', facts), code('request.invalid', field))
  const jumpSecret = new Secret('x')
  await wrong({ jump }, /jump/)
  for (const hostKey of ['', 'SHA256:short', 'ssh-dss AAAA', 'ssh-ed25519', '../known_hosts'])
    await wrong({ jump: { ...jump, hostKey }, jumpSecret }, /jump: .*host key/)
  await wrong({ jump: { ...jump, host: 'a b' }, jumpSecret }, /jump/)
  await wrong({ jump: { ...jump, user: '' }, jumpSecret }, /jump/)
  await wrong({ jump: { ...jump, auth: 'key' }, jumpSecret }, /jumpSecret/)
})

test('how many rows are kept of a change is kept, stays, and goes', async () => {
  const { targets } = opened.catalog
  const { id, snapshotRowsMax } = await create('kept', { snapshotRowsMax: 5 })
  assert.equal(snapshotRowsMax, 5)
  assert.equal((await targets.update(id, { host: 'other' }, admin)).snapshotRowsMax, 5)
  assert.equal((await targets.get(id))?.snapshotRowsMax, 5)
  const without = await targets.update(id, { snapshotRowsMax: 0 }, admin)
  assert.equal(without.snapshotRowsMax, undefined)
  assert.deepEqual(opened.events.at(-1)?.fields, { snapshotRowsMax: [5, 0] })
  await assert.rejects(targets.update(id, { snapshotRowsMax: 1_001 }, admin), code('request.invalid'))
})
