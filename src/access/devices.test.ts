// Devices from being let in to being revoked, over a real SQLite, with the clock and the record in hand.

import assert from 'node:assert/strict'
import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto'
import { before, beforeEach, describe, test } from 'node:test'
import type { GatewayError } from '../core/errors.ts'
import { createIds, type UserId } from '../core/ids.ts'
import { type Limits, limits } from '../core/limits.ts'
import { Secret } from '../core/secret.ts'
import type { User } from '../core/user.ts'
import { createAuthorityStore, createDeviceGrantStore, createDeviceStore } from '../storage/device-store.ts'
import { createKeyStore } from '../storage/key-store.ts'
import { createMessages } from '../storage/messages.ts'
import { openDeviceAuthority } from './device-authority.ts'
import { signedText } from './device-proof.ts'
import type { DeviceId } from './device-store.ts'
import { createDevices, credentialOf, type Devices } from './devices.ts'
import { admin, openedAccess } from './on-sqlite.contract.ts'
import { createRecorder } from './record.ts'
import { createVault } from './vault.ts'

const code = (expected: string) => (error: unknown) => (error as GatewayError).code === expected
const address = '10.0.0.9'

describe('devices', () => {
  const opened = openedAccess()
  let devices: Devices
  let hana: User
  let published: string[]
  const clock = { nowMs: () => opened.nowMs, monotonicMs: () => opened.nowMs }
  let vault: Awaited<ReturnType<typeof createVault>>
  before(async () => {
    vault = await createVault({
      keys: createKeyStore(opened.database),
      keyEncryptionKeys: [randomBytes(32)],
      clock: { nowMs: () => 1, monotonicMs: () => 1 },
      randomBytes,
    })
  })
  const open = async (more: Partial<Limits> = {}): Promise<Devices> => {
    const { database } = opened
    const store = createAuthorityStore(database)
    const newId = createIds(clock.nowMs, randomBytes)
    const messages = createMessages(() => undefined)
    messages.subscribe('tokens', payload => published.push(payload))
    return createDevices({
      authority: await openDeviceAuthority({ store, vault, clock, randomBytes }),
      devices: createDeviceStore(database),
      grants: createDeviceGrantStore(database),
      people: { find: id => opened.access.users.get(id) },
      recorder: createRecorder(
        event => {
          if (!opened.recording) return Promise.reject(new Error('disk full'))
          opened.events.push(event)
          return Promise.resolve()
        },
        clock,
        newId,
      ),
      messages,
      clock,
      newId,
      randomBytes,
      limits: { ...limits, ...more },
      warn: error => assert.fail(String(error)),
    })
  }
  beforeEach(async () => {
    published = []
    await opened.database.query.deleteFrom('device_grants').execute()
    hana = await opened.person('hana', 'the long road to Hakone 8')
    devices = await open()
  })

  const by = () => ({ userId: hana.id, userName: hana.name, address })
  const verifier = 'v'.repeat(43)
  const challengeOf = (text: string) => createHash('sha256').update(text).digest('base64url')
  const facts = { name: 'laptop', system: 'Linux 6.1', challenge: challengeOf(verifier) }
  const keyPair = (curve = 'P-256') => generateKeyPairSync('ec', { namedCurve: curve })
  const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' }).toString('base64')
  const signed = (key: KeyObject, text: string) =>
    sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64')
  const claimOf = (codeOf: Secret, keys = keyPair()) => ({
    code: codeOf,
    verifier: new Secret(verifier),
    publicKey: spki(keys.publicKey),
    proof: signed(keys.privateKey, signedText('sign-in', codeOf.reveal())),
  })
  const signIn = async (keys = keyPair()) => {
    const answer = await devices.claim(claimOf(await devices.authorize(facts, by()), keys), address)
    assert.ok(answer.state === 'allowed')
    return answer
  }
  const proofOf = (what: 'renew' | 'leave', id: string, keys = keyPair(), atMs = opened.nowMs) => ({
    deviceId: id,
    atMs,
    proof: signed(keys.privateKey, signedText(what, id, atMs)),
  })
  const what = () => opened.events.map(event => (event.kind === 'changed' ? event.what : event.kind))

  test('one that is allowed gets a certificate by the authority for its own key', async () => {
    const keys = keyPair()
    const { certificate, device, user, expiresAtMs } = await signIn(keys)
    const read = new X509Certificate(certificate)
    assert.equal(user.name, 'hana')
    assert.equal(read.subject, `CN=${device.id}\nO=${hana.id}`)
    assert.ok(read.verify(new X509Certificate(devices.authority.certificate).publicKey))
    assert.ok(read.checkPrivateKey(keys.privateKey))
    assert.equal(read.ca, false)
    assert.equal(expiresAtMs, opened.nowMs + limits.deviceCertificateMs)
    assert.equal(Date.parse(read.validTo), expiresAtMs)
    assert.deepEqual(what(), ['device.allowed', 'device.added'])
    assert.deepEqual((await devices.find(device.id, hana.id))?.device, device)
    assert.equal(await devices.find(device.id, 'somebody'), undefined)
  })

  test('the authority is the same after a restart, and its key is nowhere in clear', async () => {
    const again = await open()
    assert.equal(again.authority.fingerprint, devices.authority.fingerprint)
    assert.match(devices.authority.fingerprint, /^SHA256:[\w+/]{43}$/)
    const rows = await opened.database.query.selectFrom('device_authority').selectAll().execute()
    assert.doesNotMatch(JSON.stringify(rows), /PRIVATE KEY/)
  })

  test('a code is good once, for who has the verifier, with a key that proves itself, and for a minute', async () => {
    const first = await devices.authorize(facts, by())
    const good = claimOf(first)
    await assert.rejects(
      devices.claim({ ...good, verifier: new Secret('w'.repeat(43)) }, address),
      code('not-found'),
    )
    await assert.rejects(
      devices.claim({ ...good, proof: claimOf(first).proof }, address),
      code('request.invalid'),
    )
    await assert.rejects(devices.claim(claimOf(first, keyPair('P-384')), address), code('request.invalid'))
    assert.equal((await devices.claim(good, address)).state, 'allowed')
    await assert.rejects(devices.claim(good, address), code('not-found'))
    const late = await devices.authorize(facts, by())
    opened.nowMs += limits.deviceRedirectMs
    await assert.rejects(devices.claim(claimOf(late), address), code('not-found'))
  })

  test('without a browser: it waits until somebody who typed its code decides', async () => {
    const begun = await devices.begin(facts, address)
    assert.match(begun.userCode, /^[B-Z]{4}-[B-Z]{4}$/)
    assert.equal((await devices.claim(claimOf(begun.code), address)).state, 'pending')
    assert.equal((await devices.look(begun.userCode.toLowerCase(), address)).name, 'laptop')
    await devices.decide(begun.userCode, true, by())
    await assert.rejects(devices.decide(begun.userCode, false, by()), code('not-found'))
    const answer = await devices.claim(claimOf(begun.code), address)
    assert.ok(answer.state === 'allowed' && answer.user.name === 'hana')
    const other = await devices.begin(facts, address)
    await devices.decide(other.userCode, false, by())
    assert.equal((await devices.claim(claimOf(other.code), address)).state, 'refused')
    const slow = await devices.begin(facts, address)
    opened.nowMs += limits.deviceCodeMs
    await assert.rejects(devices.look(slow.userCode, address), code('not-found'))
  })

  test('codes cannot be tried without end, nor sign-ins begun', async () => {
    devices = await open({ deviceSignInsPerMinuteMax: 2, deviceGrantsMax: 3 })
    for (const _ of [1, 2]) await assert.rejects(devices.look('BBBB-BBBB', address), code('not-found'))
    await assert.rejects(devices.look('BBBB-BBBB', address), code('limit.exceeded'))
    for (const _ of [1, 2]) await devices.begin(facts, address)
    await assert.rejects(devices.begin(facts, address), code('limit.exceeded'))
    await devices.begin(facts, '10.0.0.10')
    await assert.rejects(devices.begin(facts, '10.0.0.11'), code('limit.exceeded'))
    opened.nowMs += limits.deviceCodeMs
    await devices.begin(facts, '10.0.0.11')
  })

  test('codes that strangers ask for keep nobody out who is signed in', async () => {
    devices = await open({ deviceSignInsPerMinuteMax: 2, deviceGrantsMax: 1 })
    await devices.begin(facts, '10.0.0.66')
    await assert.rejects(devices.begin(facts, address), code('limit.exceeded'))
    await signIn()
    await signIn()
    // Who is signed in has a bound of their own.
    await assert.rejects(devices.authorize(facts, by()), code('limit.exceeded'))
  })

  test('what a device calls itself is shown as it is written', async () => {
    for (const name of ['laptop\u202egnp', 'lap\u200btop', 'a\u2028b', 'a\u001b[2J'])
      await assert.rejects(devices.begin({ ...facts, name }, address), code('request.invalid'))
    await assert.rejects(devices.begin({ ...facts, system: 'Linux\u2066' }, address), code('request.invalid'))
    await devices.begin({ ...facts, name: 'はなの laptop – 2' }, address)
  })

  test('of two who bring the same code at once, one comes in', async () => {
    const given = await devices.authorize(facts, by())
    const both = await Promise.allSettled([
      devices.claim(claimOf(given), address),
      devices.claim(claimOf(given), address),
    ])
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    assert.equal((await devices.ofUser(hana.id)).length, 1)
  })

  test('is renewed by its key alone while the sign-in lasts, and no longer', async () => {
    const keys = keyPair()
    const { device } = await signIn(keys)
    opened.nowMs += limits.deviceCertificateMs + 1
    const renewed = await devices.renew(proofOf('renew', device.id, keys), address)
    assert.equal(renewed.expiresAtMs, opened.nowMs + limits.deviceCertificateMs)
    await assert.rejects(devices.renew(proofOf('renew', device.id), address), code('sign-in.required'))
    await assert.rejects(devices.renew(proofOf('leave', device.id, keys), address), code('sign-in.required'))
    const old = proofOf('renew', device.id, keys, opened.nowMs - 11 * 60_000)
    await assert.rejects(devices.renew(old, address), code('request.invalid'))
    opened.nowMs = device.signedInUntilMs - 1000
    const last = await devices.renew(proofOf('renew', device.id, keys), address)
    assert.equal(last.expiresAtMs, device.signedInUntilMs)
    opened.nowMs = device.signedInUntilMs
    await assert.rejects(devices.renew(proofOf('renew', device.id, keys), address), code('sign-in.required'))
    assert.equal(await devices.find(device.id, hana.id), undefined)
  })

  test('revoked, left or of somebody disabled: it comes in no more, and what it opened is cut', async () => {
    const keys = keyPair()
    const { device } = await signIn(keys)
    await assert.rejects(devices.revoke(device.id, by(), 'somebody' as UserId), code('not-found'))
    await devices.revoke(device.id, by(), hana.id)
    assert.deepEqual(published, [credentialOf(device)])
    assert.equal(await devices.find(device.id, hana.id), undefined)
    await assert.rejects(devices.renew(proofOf('renew', device.id, keys), address), code('sign-in.required'))
    const second = await signIn(keys)
    await devices.leave(proofOf('leave', second.device.id, keys), address)
    assert.equal(published.length, 2)
    assert.deepEqual(await devices.ofUser(hana.id), [])
    const third = await signIn(keys)
    await opened.access.users.update(hana.id, { disabled: true }, admin)
    assert.equal(await devices.find(third.device.id, hana.id), undefined)
    await assert.rejects(
      devices.renew(proofOf('renew', third.device.id, keys), address),
      code('sign-in.required'),
    )
  })

  test('nothing happens that cannot be recorded', async () => {
    const { device } = await signIn()
    opened.recording = false
    await assert.rejects(devices.revoke(device.id, by(), hana.id), code('audit.unavailable'))
    await assert.rejects(devices.authorize(facts, by()), code('audit.unavailable'))
    assert.ok(await devices.find(device.id as DeviceId, hana.id))
  })

  test('one user has so many devices', async () => {
    devices = await open({ devicesPerUserMax: 1 })
    await signIn()
    await assert.rejects(signIn(), code('limit.exceeded'))
    opened.nowMs += limits.deviceSignInMs
    await signIn()
  })
})
