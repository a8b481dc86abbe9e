// Statements of which rows are kept: what the target is asked, in which order, and what the client hears of it.

import assert from 'node:assert/strict'
import type { Duplex } from 'node:stream'
import { test } from 'node:test'
import { GatewayError } from '../../core/errors.ts'
import type { ImagePlan } from '../../sql/dialect.ts'
import { ByteWriter } from '../../wire/byte-writer.ts'
import { readExactly } from '../read-exactly.ts'
import { answers, refused, says, type Stage, stage } from './conversation.test-part.ts'

const plan: ImagePlan = {
  kind: 'image',
  schema: 's',
  table: 't',
  selectBefore: 'select before',
  parameters: [],
  rowsMost: undefined,
  key: ['id'],
  selectAfter: keys => ({ text: 'select after', values: keys.flat() }),
  noAfter: undefined,
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([
    new ByteWriter()
      .text(type)
      .int32(body.length + 4)
      .take(),
    body,
  ])
}

const columns = (...names: readonly string[]): Buffer => {
  const body = new ByteWriter().int16(names.length)
  for (const name of names) body.zeroEnded(name).bytes(Buffer.alloc(18))
  return message('T', body.take())
}

const row = (...values: readonly string[]): Buffer => {
  const body = new ByteWriter().int16(values.length)
  for (const value of values) body.int32(value.length).text(value)
  return message('D', body.take())
}

/** Texts that the target is asked to prepare, up to the next `Sync`. */
async function asked(target: Duplex): Promise<readonly string[]> {
  const texts: string[] = []
  for (;;) {
    const head = await readExactly(target, 5)
    const body = await readExactly(target, head.readInt32BE(1) - 4)
    if (head[0] === 0x53) return texts
    if (head[0] === 0x50) texts.push(body.toString().split('\0')[1] ?? '')
  }
}

const begun = (): Stage => {
  const on = stage()
  on.visit.images.set('keep', plan)
  return on
}

const opening = ['BEGIN', 'SAVEPOINT "sekisho~"', 'select before', 'RELEASE SAVEPOINT "sekisho~"']
const before = [columns('id', 'n'), row('1', 'old'), answers.ready('T')]

test('asked, stored, changed, asked again, and told only then', async () => {
  const on = begun()
  on.clientSays(says.query('keep it'))
  assert.deepEqual(await asked(on.target), opening)
  on.targetSays(...before)
  await on.targetHears(says.query('keep it'))
  assert.deepEqual(on.visit.record, ['intent keep it', 'before keep it [["1","old"]]'])
  on.targetSays(answers.done('UPDATE 1'), answers.ready('T'))
  assert.deepEqual((await asked(on.target))[1], 'select after')
  await on.quiet()
  on.targetSays(columns('id', 'n'), row('1', 'new'), answers.ready('T'))
  assert.deepEqual(await asked(on.target), ['COMMIT'])
  await on.quiet()
  on.targetSays(answers.done('COMMIT'), answers.ready())
  await on.clientHears(answers.done('UPDATE 1'), answers.ready())
  assert.deepEqual(on.visit.record.slice(2), ['after keep it [["1","new"]]', 'ended keep it ok 1'])
  await on.leave()
})

test('an error of the statement is told as it is, and our transaction taken back', async () => {
  const on = begun()
  on.clientSays(says.query('keep it'))
  await asked(on.target)
  on.targetSays(...before)
  await on.targetHears(says.query('keep it'))
  const error = answers.error('23505', 'there already')
  on.targetSays(error, answers.ready('E'))
  assert.deepEqual(await asked(on.target), ['ROLLBACK'])
  on.targetSays(answers.done('ROLLBACK'), answers.ready())
  await on.clientHears(error, answers.ready())
  assert.equal(on.visit.record.at(-1), 'ended keep it 23505 0')
  await on.leave()
})

test('an error that comes with the end of the transaction takes the place of success', async () => {
  const on = begun()
  on.clientSays(says.query('keep it'))
  await asked(on.target)
  on.targetSays(columns('id', 'n'), answers.ready('T'))
  await on.targetHears(says.query('keep it'))
  on.targetSays(answers.done('UPDATE 0'), answers.ready('T'))
  await asked(on.target)
  const error = answers.error('23503', 'deferred')
  on.targetSays(error, answers.ready())
  await on.clientHears(error, answers.ready())
  assert.equal(on.visit.record.at(-1), 'ended keep it 23503 0')
  await on.leave()
})

test('what cannot be stored is not sent', async () => {
  const on = begun()
  on.visit.unstored = true
  on.clientSays(says.query('keep it'))
  await asked(on.target)
  on.targetSays(...before)
  assert.deepEqual(await asked(on.target), ['ROLLBACK'])
  on.targetSays(answers.ready())
  await on.targetHears(refused.query)
  on.targetSays(refused.answer, answers.ready())
  await on.clientHearsError({ C: '58030', M: /could not be kept, therefore they were not changed/ })
  await on.clientHears(answers.ready())
  await on.leave()
})

test('an error of our question does not reach the client, and the statement runs as it would have', async () => {
  const on = begun()
  on.clientSays(says.query('keep it'))
  await asked(on.target)
  on.targetSays(answers.error('22012', 'a secret value'), answers.notice('another'), answers.ready('E'))
  assert.deepEqual((await asked(on.target))[0], 'ROLLBACK TO SAVEPOINT "sekisho~"')
  on.targetSays(answers.ready('T'))
  assert.deepEqual(await asked(on.target), ['ROLLBACK'])
  on.targetSays(answers.ready())
  await on.targetHears(says.query('keep it'))
  on.targetSays(answers.done('UPDATE 1'), answers.ready())
  await on.clientHears(answers.done('UPDATE 1'), answers.ready())
  assert.match(on.visit.record[1] ?? '', /^skipped keep it .*22012/)
  await on.leave()
})

test('more rows than are kept leave the statement as it is', async () => {
  const on = begun()
  on.clientSays(says.query('keep it'))
  await asked(on.target)
  on.targetSays(columns('id', 'n'), row('1', 'a'), row('2', 'b'), row('3', 'c'), answers.ready('T'))
  assert.deepEqual(await asked(on.target), ['ROLLBACK'])
  on.targetSays(answers.ready())
  await on.targetHears(says.query('keep it'))
  on.targetSays(answers.done('UPDATE 3'), answers.ready())
  await on.clientHears(answers.done('UPDATE 3'), answers.ready())
  await on.leave()
})

test('stopped while rows are stored, it is not sent', async () => {
  const on = begun()
  on.clientSays(says.query('keep it'))
  await asked(on.target)
  on.visit.keepRows = () => {
    on.visit.interrupt(new GatewayError('statement.stopped', 'it took too long.'))
    return Promise.resolve()
  }
  on.targetSays(...before)
  assert.deepEqual(await asked(on.target), ['ROLLBACK'])
  on.targetSays(answers.ready())
  await on.targetHears(refused.query)
  on.targetSays(refused.answer, answers.ready())
  await on.clientHearsError({ C: '57014', M: /it took too long/ })
  await on.clientHears(answers.ready())
  await on.leave()
})

test('a pipeline is one transaction of ours until its Sync, and none begins within it', async () => {
  const on = begun()
  const piped = [says.parse('', 'keep it'), says.bind('', ''), says.execute('')]
  on.clientSays(...piped, says.parse('', 'begin'), says.bind('', ''), says.execute(''), says.sync)
  await on.targetHears(says.parse('', 'keep it'), says.bind('', ''), says.flush)
  on.targetSays(answers.parsed, answers.bound)
  await on.clientHears(answers.parsed, answers.bound)
  assert.deepEqual(await asked(on.target), opening)
  on.targetSays(...before)
  await on.targetHears(says.execute(''), says.flush)
  on.targetSays(answers.done('UPDATE 1'))
  await asked(on.target)
  on.targetSays(columns('id', 'n'), row('1', 'new'), answers.ready('T'))
  await on.clientHears(answers.done('UPDATE 1'))
  await on.targetHears(says.parse('', 'begin'), says.bind('', ''), refused.parse, says.flush)
  on.targetSays(answers.parsed, answers.bound, refused.answer)
  await on.clientHears(answers.parsed, answers.bound)
  await on.clientHearsError({ C: '0A000', H: /Sync/ })
  assert.deepEqual(await asked(on.target), [])
  on.targetSays(answers.ready('E'))
  assert.deepEqual(await asked(on.target), ['ROLLBACK'])
  on.targetSays(answers.done('ROLLBACK'), answers.ready())
  await on.clientHears(answers.ready())
  await on.leave()
})

test('in a transaction of the client ours is none, and what cannot be stored afterwards fails it', async () => {
  const on = begun()
  on.clientSays(says.query('begin'))
  await on.targetHears(says.query('begin'))
  on.targetSays(answers.done('BEGIN'), answers.ready('T'))
  await on.clientHears(answers.done('BEGIN'), answers.ready('T'))
  on.clientSays(says.query('keep it'))
  assert.deepEqual(await asked(on.target), opening.slice(1))
  on.targetSays(...before)
  await on.targetHears(says.query('keep it'))
  on.visit.unstored = true
  on.targetSays(answers.done('UPDATE 1'), answers.ready('T'))
  await asked(on.target)
  on.targetSays(columns('id', 'n'), row('1', 'new'), answers.ready('T'))
  assert.deepEqual(await asked(on.target), ['sekisho: refused'])
  on.targetSays(refused.answer, answers.ready('E'))
  await on.clientHearsError({ C: '58030' })
  await on.clientHears(answers.ready('E'))
  assert.equal(on.visit.record.at(-1), 'ended keep it 58030 1')
  await on.leave()
})

test('a session that ends in the middle leaves an outcome that nobody knows', async () => {
  const on = begun()
  on.clientSays(says.query('keep it'))
  await asked(on.target)
  on.visit.cut(new GatewayError('session.ended', 'access was withdrawn.'))
  await on.farewell
  assert.equal(on.visit.record.at(-1), 'ended keep it unknown 0')
})
