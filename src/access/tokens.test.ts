// Connection tokens: what a client can prove with them, where, and for how long.

import assert from 'node:assert/strict'
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { describe, test } from 'node:test'
import type { TargetId, TokenId, UserId } from '../core/ids.ts'
import { limits } from '../core/limits.ts'
import { Secret } from '../core/secret.ts'
import { createTokenStore } from '../storage/token-store.ts'
import { admin, openedAccess } from './on-sqlite.contract.ts'
import { code } from './stores.contract.ts'
import { scramKeys } from './tokens.ts'

const shop = 'shop' as TargetId
const ledger = 'ledger' as TargetId
const day = 24 * 60 * 60 * 1000

describe('tokens', () => {
  const opened = openedAccess()
  const hana = async () => {
    const facts = { name: 'hana', displayName: 'h', role: 'user', groups: [] } as const
    return (await opened.access.users.create(facts, admin)).user
  }
  const create = (userId: UserId, targets: readonly TargetId[] = [], lifeMs = day) =>
    opened.access.tokens.create({ userId, label: 'DBeaver', targets, lifeMs }, admin)
  const good = async (target: TargetId, name = 'hana') =>
    (await opened.access.tokens.scramCandidates(name, target)).verifiers.map(one => one.tokenId)

  test('keys are those of SCRAM-SHA-256: the example of RFC 7677', async () => {
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
    const keys = await scramKeys(new Secret('pencil'), salt, 4096)
    const authMessage =
      'n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,' +
      's=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
    const signature = createHmac('sha256', keys.serverKey).update(authMessage).digest('base64')
    assert.equal(signature, '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')
    const proof = Buffer.from('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=', 'base64')
    const clientSignature = createHmac('sha256', keys.storedKey).update(authMessage).digest()
    const clientKey = proof.map((byte, at) => byte ^ Number(clientSignature[at]))
    assert.deepEqual(createHash('sha256').update(clientKey).digest(), Buffer.from(keys.storedKey))
  })

  test('are shown once, and what is kept proves them without holding them', async () => {
    const user = await hana()
    const { token, secret } = await create(user.id)
    assert.match(secret.reveal(), /^skk_[0-9A-Za-z]{40}$/)
    const found = await opened.access.tokens.scramCandidates('hana', shop)
    assert.deepEqual(found.user, user)
    const salted = pbkdf2Sync(secret.reveal(), found.salt, found.iterations, 32, 'sha256')
    const clientKey = createHmac('sha256', salted).update('Client Key').digest()
    assert.deepEqual(found.verifiers[0]?.storedKey, createHash('sha256').update(clientKey).digest())
    const twice = (name: string) =>
      createHash(name).update(createHash(name).update(secret.reveal()).digest()).digest()
    assert.deepEqual(found.verifiers[0]?.mysqlNative, twice('sha1'))
    assert.deepEqual(found.verifiers[0]?.mysqlSha2, twice('sha256'))
    const kept = JSON.stringify(await opened.database.query.selectFrom('tokens').selectAll().execute())
    assert.ok(!kept.includes(secret.reveal()))
    assert.ok(!JSON.stringify(opened.events).includes(secret.reveal()))
    assert.deepEqual(await opened.access.tokens.list(user.id), [token])
    assert.ok(!('storedKey' in token))
    assert.ok(!('mysqlNative' in token) && !('mysqlSha2' in token))
  })

  test('of one user share the salt, and are all candidates', async () => {
    const user = await hana()
    const ids = [(await create(user.id)).token.id, (await create(user.id)).token.id]
    assert.deepEqual((await good(shop)).toSorted(), ids.toSorted())
    const other = await opened.access.users.create(
      { name: 'ken', displayName: 'k', role: 'user', groups: [] },
      admin,
    )
    await create(other.user.id)
    const salts = await Promise.all(
      ['hana', 'ken'].map(name => opened.access.tokens.scramCandidates(name, shop)),
    )
    assert.notDeepEqual(salts[0]?.salt, salts[1]?.salt)
  })

  test('are good for their targets only', async () => {
    const user = await hana()
    const scoped = await create(user.id, [shop, shop])
    const all = await create(user.id)
    assert.deepEqual(scoped.token.targets, [shop])
    assert.deepEqual((await good(shop)).toSorted(), [scoped.token.id, all.token.id].toSorted())
    assert.deepEqual(await good(ledger), [all.token.id])
  })

  test('expire', async () => {
    const user = await hana()
    const { token } = await create(user.id, [], 1_000)
    opened.nowMs += 999
    assert.deepEqual(await good(shop), [token.id])
    opened.nowMs += 1
    assert.deepEqual(await good(shop), [])
  })

  test('are of no use to a disabled user', async () => {
    const user = await hana()
    await create(user.id)
    await opened.access.users.update(user.id, { disabled: true }, admin)
    const found = await opened.access.tokens.scramCandidates('hana', shop)
    assert.deepEqual([found.user, found.verifiers], [undefined, []])
  })

  test('names that nobody has look like names that somebody has, for ever', async () => {
    await hana()
    const real = await opened.access.tokens.scramCandidates('hana', shop)
    const none = await opened.access.tokens.scramCandidates('nobody', shop)
    assert.equal(none.salt.length, real.salt.length)
    assert.equal(none.iterations, real.iterations)
    assert.deepEqual([none.user, none.verifiers], [undefined, []])
    const later = await (await opened.restart()).tokens.scramCandidates('nobody', ledger)
    assert.deepEqual(later.salt, none.salt)
    assert.notDeepEqual((await opened.access.tokens.scramCandidates('nobody2', shop)).salt, none.salt)
    const asked: string[] = []
    const store = createTokenStore(opened.database)
    const counting = await opened.restart({
      tokens: { ...store, ofUser: id => (asked.push(id), store.ofUser(id)) },
    })
    await counting.tokens.scramCandidates('nobody', shop)
    assert.equal(asked.length, 1, 'the same questions are asked')
  })

  test('are revoked with a message that says which, on record first', async () => {
    const user = await hana()
    const { token } = await create(user.id)
    opened.events.length = 0
    opened.recording = false
    await assert.rejects(opened.access.tokens.revoke(token.id, admin), code('audit.unavailable'))
    assert.deepEqual(await good(shop), [token.id])
    opened.recording = true
    opened.published.length = 0
    await opened.access.tokens.revoke(token.id, admin)
    assert.deepEqual(await good(shop), [])
    assert.deepEqual(opened.published, [`tokens ${token.id}`])
    const [event] = opened.events
    assert.ok(event?.kind === 'changed')
    assert.deepEqual([event.what, event.object], ['token.revoked', 'DBeaver'])
    await assert.rejects(opened.access.tokens.revoke(token.id, admin), code('not-found'))
  })

  test('their use is noted at most once a minute', async () => {
    const user = await hana()
    const store = createTokenStore(opened.database)
    const notes: number[] = []
    const { tokens } = await opened.restart({
      tokens: {
        ...store,
        touch(id, atMs) {
          notes.push(atMs)
          return notes.length === 2 ? Promise.reject(new Error('disk full')) : store.touch(id, atMs)
        },
      },
    })
    const { token } = await create(user.id)
    const startMs = opened.nowMs
    tokens.used(token.id)
    tokens.used(token.id)
    opened.nowMs += 59_999
    tokens.used(token.id)
    opened.nowMs += 1
    tokens.used(token.id)
    assert.deepEqual(notes, [startMs, startMs + 60_000])
    assert.equal((await tokens.list(user.id))[0]?.lastUsedAtMs, startMs)
    assert.equal(opened.warnings.length, 1, 'what fails unseen is told')
  })

  test('report all that is wrong with them, and have limits', async () => {
    const user = await hana()
    const wanted = { userId: user.id, label: '', targets: [], lifeMs: limits.tokenLifeMaxMs + 1 }
    await assert.rejects(
      opened.access.tokens.create(wanted, admin),
      code('request.invalid', /label: .*life: .*365 days/),
    )
    await assert.rejects(create(user.id, [], Number.NaN), code('request.invalid'))
    await assert.rejects(create('none' as UserId), code('not-found'))
    const { tokens } = await opened.restart({ limits: { ...limits, tokensPerUserMax: 1 } })
    await tokens.create({ ...wanted, label: 'x', lifeMs: 1 }, admin)
    await assert.rejects(tokens.create({ ...wanted, label: 'x', lifeMs: 1 }, admin), code('limit.exceeded'))
    await assert.rejects(opened.access.tokens.revoke('none' as TokenId, admin), code('not-found'))
  })
})
