// The format of the journal: what is pinned here can be read by verifiers written elsewhere.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { genesis } from './chain.ts'
import { Encoder } from './encoder.ts'
import {
  atMs,
  closed,
  eventId,
  intent,
  life,
  opened,
  outcome,
  plainSealing,
  plan,
  sessionId,
} from './example.ts'
import { type JournalRecord, parseRecord } from './record.ts'

const start = { sequence: 0, hash: genesis, chain: undefined, segment: 0 }
const create = () => new Encoder('server-1', plainSealing, () => atMs, start)

const records = (text: string): JournalRecord[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map(line => {
      const record = parseRecord(line.slice(65))
      assert.ok(record !== undefined)
      return record
    })

test('golden: the bytes of every kind of record are those of docs/audit.md', () => {
  const encoder = create()
  const text = encoder.encode(life, 1)
  const golden = readFileSync(new URL('golden/journal.txt', import.meta.url), 'utf8')
  assert.equal(text, golden)
  assert.equal(encoder.end.hash, '66bdd1cceb68806225110f2e76b3ea0efd41cc7ff33924f0e1b46f59a4131bee')
})

test('counted noise names its session and the statement that is on record', () => {
  const [, , noise] = records(
    create().encode(
      [
        {
          kind: 'statement.noise',
          id: eventId(4),
          atMs: 5,
          sessionId,
          statementId: eventId(3),
          count: 41,
        },
      ],
      1,
    ),
  )
  const said = { n: 3, at: 5, k: 'statement.noise', id: eventId(4), s: 1, statement: eventId(3), count: 41 }
  assert.deepEqual(noise, said)
  assert.deepEqual(Object.keys(noise ?? {}), Object.keys(said))
})

test('the chain can be followed with nothing but SHA-256', () => {
  let previous = '0'.repeat(64)
  for (const line of create().encode(life, 1).split('\n').slice(0, -1)) {
    const hash = createHash('sha256').update(previous, 'ascii').update(line.slice(65), 'utf8').digest('hex')
    assert.equal(line.slice(0, 64), hash)
    previous = hash
  }
})

test('the text of a statement stands nowhere in clear, unless it is the shape itself', () => {
  const text = create().encode([intent(1), intent(2, { text: plan.shape })], 1)
  assert.ok(!text.includes('WHERE id = 1'))
  const [first, second] = records(text).filter(record => record.k === 'statement')
  assert.ok(first?.k === 'statement' && first.t > 0)
  assert.ok(second?.k === 'statement' && second.t === 0)
})

test('texts of one turn are sealed together, up to a size', () => {
  const long = 'x'.repeat(40_000)
  const entries = [intent(1), intent(2), intent(3, { text: long }), intent(4, { text: long })]
  const found = records(create().encode(entries, 1))
  assert.equal(found.filter(record => record.k === 'texts').length, 2)
  for (const [index, statement] of found.filter(record => record.k === 'statement').entries()) {
    const texts = found.find(record => record.n === statement.t)
    assert.ok(texts?.k === 'texts')
    const list = JSON.parse(
      Buffer.from(plainSealing.open(Buffer.from(texts.sealed, 'base64'))).toString(),
    ) as string[]
    assert.equal(list[statement.i], entries[index]?.text)
  }
})

test('plans and sessions are written once a segment, and again in the next', () => {
  const encoder = create()
  const count = (text: string, kind: string) => records(text).filter(record => record.k === kind).length
  const first = encoder.encode([opened, intent(3), intent(4)], 1)
  encoder.commit()
  const second = encoder.encode([intent(5)], undefined)
  encoder.commit()
  const third = encoder.encode([intent(6)], 2)
  encoder.commit()
  assert.deepEqual(
    [first, second, third].map(text => count(text, 'plan')),
    [1, 0, 1],
  )
  assert.deepEqual(
    [first, second, third].map(text => count(text, 'session')),
    [1, 0, 1],
  )
  const [header] = records(third)
  assert.ok(header?.k === 'segment')
  assert.equal(header.open.length, 3)
  assert.equal(header.previous, second.slice(0, -1).split('\n').at(-1)?.slice(0, 64))
  const facts = records(third).find(record => record.k === 'session')
  assert.equal(facts?.k === 'session' && facts.userName, 'ada')
})

test('what is rolled back has never been: the chain goes on where it stood, with everything said anew', () => {
  const encoder = create()
  encoder.encode([opened], 1)
  encoder.commit()
  const end = encoder.end
  encoder.encode([intent(3)], undefined)
  encoder.rollBack()
  assert.deepEqual(encoder.end, end)
  assert.equal(encoder.positionOf(eventId(3)), undefined)
  const again = records(encoder.encode([intent(4)], undefined))
  assert.deepEqual(
    again.map(record => record.k),
    ['texts', 'session', 'plan', 'statement'],
  )
  encoder.commit()
  assert.equal(again[0]?.n, end.sequence + 1)
})

test('an outcome that is rolled back leaves its statement open; a closed session is forgotten only once that is written', () => {
  const encoder = create()
  encoder.encode([opened, intent(3)], 1)
  encoder.commit()
  encoder.encode([outcome(4, 3), closed], undefined)
  encoder.rollBack()
  assert.equal(encoder.openStatements, 1)
  const found = records(encoder.encode([outcome(4, 3), closed], undefined))
  encoder.commit()
  assert.equal(encoder.openStatements, 0)
  const facts = found.find(record => record.k === 'session')
  assert.ok(facts?.k === 'session')
  assert.equal(facts.session, sessionId)
  assert.equal(facts.userName, 'ada')
})

test('values that JSON cannot say do not keep a record from being written', () => {
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  const fields = { circle: [circle, 1n], ['__proto__']: [undefined, '\ud800'] } as const
  const event = { ...life[6], fields } as (typeof life)[number]
  const found = records(create().encode([event, outcome(4, 3, { rows: Number.NaN })], 1))
  const change = found.find(record => record.k === 'changed')
  assert.deepEqual(change?.k === 'changed' && change.fields['circle'], ['***', '***'])
  const ended = found.find(record => record.k === 'statement.ended')
  assert.ok(ended?.k === 'statement.ended')
  assert.deepEqual([ended.rows, ended.of, ended.statement], [0, 0, eventId(3)])
})
