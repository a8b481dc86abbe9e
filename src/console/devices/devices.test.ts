// The routes of devices over real rooms: a browser that allows, a device that claims, and who may see and revoke what.

import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { signedText } from '../../access/device-proof.ts'
import { Browser, type OpenedConsole, openConsole } from '../open-console.contract.ts'

describe('devices at the console', () => {
  let opened: OpenedConsole
  let admin: Browser
  let hana: Browser
  let ken: Browser
  let device: Browser
  before(async () => {
    opened = await openConsole({ signInsPerMinuteMax: 100_000, deviceSignInsPerMinuteMax: 100_000 })
    admin = await opened.person('root', 'administrator')
    hana = await opened.person('hana', 'user')
    ken = await opened.person('ken', 'user')
    device = new Browser(opened.url)
  })
  after(() => opened.close())

  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const wish = { name: 'laptop', system: 'Linux 6.1', challenge }
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signed = (text: string) =>
    sign('sha256', Buffer.from(text), { key: keys.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64')
  const claim = (code: string) => ({
    code,
    verifier,
    publicKey: keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    proof: signed(signedText('sign-in', code)),
  })
  const redirect = 'http://127.0.0.1:41999/callback'

  it('lets one in by the browser, and sends its code to this computer only', async () => {
    const asked = { ...wish, redirect, state: 'a b&c' }
    const { redirect: back } = await hana.call('POST /api/device/authorize', asked)
    const url = new URL(back)
    assert.equal(url.origin + url.pathname, redirect)
    assert.equal(url.searchParams.get('state'), 'a b&c')
    const answer = await device.call('POST /api/device/token', claim(url.searchParams.get('code') ?? ''))
    assert.ok(answer.state === 'allowed')
    assert.equal(answer.pass.userName, 'hana')
    assert.match(answer.pass.certificate, /^-----BEGIN CERTIFICATE-----/)
    for (const elsewhere of [
      'http://10.0.0.1:80/callback',
      'http://127.0.0.1/callback',
      'https://127.0.0.1:1/callback',
      'http://127.0.0.1.example.com:1/callback',
      'http://user@127.0.0.1:1/callback',
      'http://127.0.0.1:1/other',
      'http://127.0.0.1:1/callback?x=1',
      'javascript:alert(1)',
    ]) {
      const refused = hana.call('POST /api/device/authorize', { ...asked, redirect: elsewhere })
      await assert.rejects(refused, /400 request.invalid/, elsewhere)
    }
  })

  it('allows nothing without the token against forgery, from another page, or by a program', async () => {
    const asked = { ...wish, redirect, state: 'x' }
    for (const headers of [
      { 'x-sekisho-csrf': 'wrong' },
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const response = await hana.fetch('POST /api/device/authorize', asked, {}, headers)
      assert.equal(response.status, 403)
    }
    const { secret } = await admin.call('POST /api/api-tokens', { label: 'ci', lifeDays: 1 })
    const bearer = { authorization: `Bearer ${secret}` }
    const program = await new Browser(opened.url).fetch('POST /api/device/authorize', asked, {}, bearer)
    assert.equal(program.status, 403)
  })

  it('lets one in by a code that somebody types', async () => {
    const begun = await device.call('POST /api/device/code', wish)
    assert.deepEqual(await device.call('POST /api/device/token', claim(begun.code)), { state: 'pending' })
    const shown = await hana.call('POST /api/device/look', { userCode: begun.userCode })
    assert.deepEqual([shown.name, shown.system, shown.address], ['laptop', 'Linux 6.1', '127.0.0.1'])
    await hana.call('POST /api/device/decide', { userCode: begun.userCode, allow: true })
    assert.equal((await device.call('POST /api/device/token', claim(begun.code))).state, 'allowed')
    await assert.rejects(device.call('POST /api/device/token', claim(begun.code)), /404/)
  })

  it('shows people their own and administrators all, and so with revoking; a revoked one is not renewed', async () => {
    const [one] = await hana.call('GET /api/devices')
    assert.ok(one?.own && one.userName === 'hana')
    assert.equal('publicKey' in one, false)
    assert.deepEqual(await ken.call('GET /api/devices'), [])
    assert.equal((await admin.call('GET /api/devices')).length, 2)
    const renew = () => {
      const atMs = Date.now()
      const proof = signed(signedText('renew', one.id, atMs))
      return device.call('POST /api/device/renew', { deviceId: one.id, atMs, proof })
    }
    assert.equal((await renew()).deviceId, one.id)
    await assert.rejects(ken.call('DELETE /api/devices/:id', undefined, { id: one.id }), /404/)
    await admin.call('DELETE /api/devices/:id', undefined, { id: one.id })
    await assert.rejects(renew(), /401 sign-in.required/)
    const [other] = await hana.call('GET /api/devices')
    await hana.call('DELETE /api/devices/:id', undefined, { id: other?.id ?? '' })
    assert.deepEqual(await hana.call('GET /api/devices'), [])
  })

  it('tells where the tunnel is and by whom it must be known', async () => {
    const place = await device.call('GET /api/device/tunnel')
    assert.deepEqual([place.host, place.port], ['db.example.com', 9000])
    assert.match(place.fingerprint, /^SHA256:/)
  })
})
