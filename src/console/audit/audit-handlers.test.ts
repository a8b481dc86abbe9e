// The audit over the API: who sees what, kept filters, and entries as they come.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { AuditEntry, AuditFilter } from '../../audit/audit.ts'
import { tailEntries } from './audit-tail.ts'
import type { TailEvent } from '../contract.ts'
import { type Browser, type OpenedConsole, openConsole } from '../open-console.contract.ts'

describe('audit', () => {
  let opened: OpenedConsole
  let admin: Browser
  let other: Browser
  let user: Browser
  before(async () => {
    opened = await openConsole()
    admin = await opened.person('root', 'administrator')
    other = await opened.person('rita', 'administrator')
    user = await opened.person('ann', 'user')
  })
  after(() => opened.close())

  it('reads every field, and nothing else', async () => {
    const query =
      'table=customers&column=email&policy=p&code=c&verb=select&program=psql&address=10.0.0.1&rowsMin=1&rowsMax=2&durationMinMs=0.5&durationMaxMs=9'
    await admin.fetch(`GET /api/audit/page?${query}`)
    assert.deepEqual(opened.asked.at(-1), {
      table: 'customers',
      column: 'email',
      policy: 'p',
      code: 'c',
      verb: 'select',
      program: 'psql',
      address: '10.0.0.1',
      rowsMin: 1,
      rowsMax: 2,
      durationMinMs: 0.5,
      durationMaxMs: 9,
    })
    for (const wrong of ['rowsMin=-1', 'rowsMin=1e3', 'before=a&after=b', 'toString=x', '__proto__=x'])
      assert.equal((await admin.fetch(`GET /api/audit/page?${wrong}`)).status, 400, wrong)
  })

  it('shows users only what they did, whatever they ask for', async () => {
    for (const path of ['', '/page', '/summary']) {
      await user.fetch(`GET /api/audit${path}?userName=root`)
      assert.equal(opened.asked.at(-1)?.userName, 'ann', path)
    }
  })

  it('keeps filters to their owners, and shares those of administrators among them', async () => {
    const own = await admin.call('POST /api/audit/filters', { name: 'own', search: 'q=a', shared: false })
    const shared = await admin.call('POST /api/audit/filters', { name: 'x', search: 'q=b', shared: true })
    const names = async (browser: Browser) =>
      (await browser.call('GET /api/audit/filters')).map(({ name, mine }) => [name, mine])
    assert.deepEqual(await names(admin), [
      ['own', true],
      ['x', true],
    ])
    assert.deepEqual(await names(other), [['x', false]])
    assert.deepEqual(await names(user), [])
    await assert.rejects(user.call('POST /api/audit/filters', { name: 'x', search: '', shared: true }), /403/)
    for (const browser of [other, user])
      for (const { id } of [own, shared])
        await assert.rejects(browser.call('DELETE /api/audit/filters/:id', undefined, { id }), /404/)
    await admin.call('DELETE /api/audit/filters/:id', undefined, { id: own.id })
    assert.deepEqual(await names(admin), [['x', true]])
  })
})

describe('tail', () => {
  const entry = (id: string, result?: string) => ({ id, result, kind: 'statement' }) as AuditEntry
  const watch = () => {
    let entries: readonly AuditEntry[] = []
    let next: string | undefined
    let ring: () => void = () => undefined
    const asked: AuditFilter[] = []
    const lines = tailEntries(
      {
        auditSearch: {
          page: filter => {
            asked.push(filter)
            return Promise.resolve({ entries, next })
          },
        },
        clock: { nowMs: () => 100_000, monotonicMs: () => 0 },
        every: (_ms, act) => {
          ring = act
          return () => {
            ring = () => undefined
          }
        },
      },
      { userName: 'ann' },
    )
    const read = async (found: readonly AuditEntry[], more?: string): Promise<TailEvent[]> => {
      entries = found
      next = more
      ring()
      await new Promise(resolve => setImmediate(resolve))
      const events: TailEvent[] = []
      for (let chunk = lines.read() as Buffer | null; chunk !== null; chunk = lines.read() as Buffer | null)
        for (const line of chunk.toString('utf8').split('\n'))
          if (line !== '') events.push(JSON.parse(line) as TailEvent)
      return events
    }
    return { lines, read, asked }
  }

  it('tells each entry once, oldest first, and again when its outcome is known', async () => {
    const { read, lines, asked } = watch()
    const ids = (events: readonly TailEvent[]) =>
      events.flatMap(event => (event.kind === 'entry' ? [event.entry.id] : []))
    assert.deepEqual(ids(await read([entry('b'), entry('a', 'ok')])), ['a', 'b'])
    assert.deepEqual(ids(await read([entry('b'), entry('a', 'ok')])), [])
    assert.deepEqual(ids(await read([entry('c'), entry('b', 'ok'), entry('a', 'ok')])), ['b', 'c'])
    assert.equal(asked[0]?.fromMs, 85_000)
    assert.equal(asked[0]?.userName, 'ann')
    lines.destroy()
  })

  it('says that more came than it shows', async () => {
    const { read, lines } = watch()
    await read([])
    const many = Array.from({ length: 200 }, (_, n) => entry(String(n)))
    assert.deepEqual(await read(many, 'x'), [{ kind: 'dropped' }])
    lines.destroy()
  })
})
