// Files on their way in: larger than other bodies may be, bounded, shown, and not on any other route.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { ImportPreview } from '../contract.ts'
import { type Browser, type OpenedConsole, openConsole } from '../open-console.contract.ts'

const mebibyte = 1024 * 1024

describe('uploads', () => {
  let opened: OpenedConsole
  let admin: Browser
  let id: string
  before(async () => {
    opened = await openConsole({ importBytesMax: 10 * mebibyte, loginTimeoutMs: 500, uploadsPerUserMax: 2 })
    admin = await opened.person('root', 'administrator')
    const target = {
      name: 'shop',
      protocol: 'postgres',
      host: '192.0.2.1',
      port: 5432,
      tls: 'disable',
      tags: {},
    } as const
    id = (await admin.call('POST /api/targets', { ...target, database: 'd', account: 'a', password: 'p' })).id
  })
  after(() => opened.close())

  const headers = () => ({
    cookie: admin.cookie,
    origin: opened.url,
    'x-sekisho-csrf': admin.csrf,
    'content-type': 'application/octet-stream',
  })
  const send = (path: string, body: string | Uint8Array<ArrayBuffer>) =>
    fetch(`${opened.url}/api/${path}`, { method: 'POST', headers: headers(), body })
  const upload = (body: string | Uint8Array<ArrayBuffer>, name = 'a.csv') =>
    send(`targets/${id}/uploads?name=${encodeURIComponent(name)}`, body)

  it('takes files that are larger than other bodies may be', async () => {
    const line = `${'x'.repeat(1_000)},y\n`
    const response = await upload(`a,b\n${line.repeat(8_000)}`)
    assert.equal(response.status, 200)
    const preview = (await response.json()) as ImportPreview
    assert.ok(preview.bytes > 5 * mebibyte)
    assert.deepEqual(preview.columns, ['a', 'b'])
    assert.equal(preview.rows.length, 50)
  })

  it('says that a file is too large, and keeps nothing of it', async () => {
    const response = await upload(new Uint8Array(11 * mebibyte).fill(97))
    assert.equal(response.status, 429)
    assert.match(await response.text(), /larger than/)
  })

  it('keeps a few for each person, and what cannot be read not at all', async () => {
    const bad = await upload('a,b\n"c')
    assert.equal(bad.status, 400)
    assert.match(await bad.text(), /quote is not closed/)
    for (let count = 0; count < 4; count++) assert.equal((await upload('a\n1\n')).status, 200)
    assert.equal(readdirSync(opened.jobsFolder).length, 2)
  })

  it('tells what looks odd', async () => {
    const odd = (await (
      await upload(new Uint8Array([0x61, 0x2c, 0xe9, 0x0a, 0x31, 0x2c, 0x32, 0x2c, 0x33]))
    ).json()) as ImportPreview
    assert.deepEqual(odd.columns, ['a', 'é'])
    assert.match(odd.problems.join(' '), /windows-1252.* 3 values for 2 columns/)
    const empty = (await (await upload('')).json()) as ImportPreview
    assert.deepEqual([empty.columns, empty.problems.length], [[], 1])
  })

  it('is the only route that takes files', async () => {
    assert.equal((await send('sql/saved', '{}')).status, 400)
    assert.equal((await send('sql/sessions', '{}')).status, 400)
  })

  it('waits for other bodies no longer than for a login', async () => {
    const { hostname, port } = new URL(opened.url)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    socket.write(
      `POST /api/sql/sessions HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncookie: ${admin.cookie}\r\nx-sekisho-csrf: ${admin.csrf}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
    )
    socket.resume()
    await once(socket, 'close')
  })
})
