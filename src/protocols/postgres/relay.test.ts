// The conversation, as a script of who says what and who hears what.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../core/errors.ts'
import { answers, refused, says, stage } from './conversation.test-part.ts'

test('a statement passes byte for byte, with its intent before and its outcome after', async () => {
  const play = stage()
  let admit = () => {}
  play.visit.later = act => (admit = act)
  play.clientSays(says.query('SELECT 1'))
  await play.quiet()
  assert.deepEqual(play.visit.record, ['intent SELECT 1'])
  admit()
  await play.targetHears(says.query('SELECT 1'))
  const answer = [answers.columns, answers.row('1'), answers.done('SELECT 1'), answers.ready()]
  play.targetSays(...answer)
  await play.clientHears(...answer)
  assert.deepEqual(play.visit.record, ['intent SELECT 1', 'ended SELECT 1 ok 1'])
  const farewell = await play.leave()
  assert.equal(farewell.reason, 'left')
  assert.equal(farewell.traffic.bytesToClient, Buffer.concat(answer).length)
})

test('what cannot be recorded is not sent, and ends the session', async () => {
  const play = stage()
  play.visit.unrecorded = true
  play.clientSays(says.query('DELETE FROM orders'))
  await play.clientHearsError({ S: 'FATAL', C: '58030', M: /cannot be recorded/ })
  await play.targetHears(says.terminate)
  assert.equal((await play.farewell).reason, 'audit.unavailable')
})

test('a rewritten statement is sent in its place; positions of its errors are not told', async () => {
  const play = stage()
  play.visit.rewrites = new Map([['customers', '(SELECT masked FROM customers) AS customers']])
  play.clientSays(says.query('SELECT x FROM customers'))
  await play.targetHears(says.query('SELECT x FROM (SELECT masked FROM customers) AS customers'))
  play.targetSays(answers.error('42703', 'no column x', 'ERROR', { P: '8' }), answers.ready())
  await play.clientHearsError({ C: '42703', M: 'no column x', P: undefined })
  await play.clientHears(answers.ready())
  assert.equal(play.visit.record.at(-1), 'ended SELECT x FROM customers 42703 0')
})

test('what was prepared in SQL under another sight is to be prepared again', async () => {
  const play = stage()
  play.visit.rewrites = new Map([['by_id', '"by_id~1a"']])
  play.clientSays(says.query('EXECUTE by_id(1)'))
  await play.targetHears(says.query('EXECUTE "by_id~1a"(1)'))
  play.targetSays(answers.error('26000', 'prepared statement "by_id~1a" does not exist'), answers.ready())
  const again = { M: /There is no such prepared statement, or what you may see has changed/ }
  await play.clientHearsError({ S: 'ERROR', C: '26000', H: 'Prepare it again.', ...again })
  await play.clientHears(answers.ready())
  play.clientSays(says.query('EXECUTE other'))
  await play.targetHears(says.query('EXECUTE other'))
  play.targetSays(answers.error('26000', 'prepared statement "other" does not exist'), answers.ready())
  await play.clientHears(answers.error('26000', 'prepared statement "other" does not exist'), answers.ready())
})

test('a refused query travels as an error of the target', async () => {
  const play = stage()
  play.clientSays(says.query('SELECT forbidden'), says.query('SELECT 2'))
  await play.targetHears(refused.query, says.query('SELECT 2'))
  assert.deepEqual(play.visit.record, ['refused SELECT forbidden', 'intent SELECT 2'])
  play.targetSays(refused.answer, answers.ready('E'), answers.error('25P02', 'aborted'), answers.ready('E'))
  await play.clientHearsError({
    S: 'ERROR',
    C: '42501',
    M: 'You may not do this.',
    H: 'Ask for it.',
    P: '8',
    R: 'sekisho.statement.denied',
  })
  await play.clientHears(answers.ready('E'), answers.error('25P02', 'aborted'), answers.ready('E'))
  assert.deepEqual(play.visit.record.slice(2), ['ended SELECT forbidden 42501 0', 'ended SELECT 2 25P02 0'])
})

test('a pipeline keeps its order, and a refusal in it makes the rest be skipped as a real error does', async () => {
  const play = stage()
  play.clientSays(
    says.parse('', 'INSERT a'),
    says.bind('', ''),
    says.execute(''),
    says.parse('', 'INSERT forbidden'),
    says.bind('', ''),
    says.execute(''),
    says.sync,
    says.parse('', 'SELECT 3'),
    says.bind('', ''),
    says.describe('P', ''),
    says.execute(''),
    says.sync,
  )
  await play.targetHears(
    says.parse('', 'INSERT a'),
    says.bind('', ''),
    says.execute(''),
    refused.parse,
    says.sync,
    says.parse('', 'SELECT 3'),
    says.bind('', ''),
    says.describe('P', ''),
    says.execute(''),
    says.sync,
  )
  play.targetSays(answers.parsed, answers.bound, answers.done('INSERT 0 1'), refused.answer, answers.ready())
  await play.clientHears(answers.parsed, answers.bound, answers.done('INSERT 0 1'))
  await play.clientHearsError({ C: '42501' })
  const rest = [answers.parsed, answers.bound, answers.columns, answers.row('3'), answers.done('SELECT 1')]
  play.targetSays(...rest, answers.ready())
  await play.clientHears(answers.ready(), ...rest, answers.ready())
  assert.deepEqual(play.visit.record, [
    'intent INSERT a',
    'refused INSERT forbidden',
    'intent SELECT 3',
    'ended INSERT a ok 1',
    'ended INSERT forbidden 42501 0',
    'ended SELECT 3 ok 1',
  ])
  await play.quiet()
})

test('an error of the target ends what it skipped, and forgets what was not prepared', async () => {
  const play = stage()
  play.clientSays(says.parse('a', 'SELECT wrong'), says.bind('', 'a'), says.execute(''), says.sync)
  await play.targetHears(says.parse('a', 'SELECT wrong'), says.bind('', 'a'), says.execute(''), says.sync)
  play.targetSays(answers.error('42703', 'wrong'), answers.ready())
  await play.clientHears(answers.error('42703', 'wrong'), answers.ready())
  assert.equal(play.visit.record.at(-1), 'ended SELECT wrong 25P02 0')
  play.clientSays(says.bind('', 'a'), says.execute(''), says.sync)
  await play.targetHears(refused.parse, says.sync)
  play.targetSays(refused.answer, answers.ready())
  await play.clientHearsError({ C: '26000', M: 'prepared statement "a" does not exist' })
  await play.clientHears(answers.ready())
})

test('each execution of a prepared statement is recorded', async () => {
  const play = stage()
  play.clientSays(says.parse('a', 'SELECT 1'), says.sync)
  await play.targetHears(says.parse('a', 'SELECT 1'), says.sync)
  play.targetSays(answers.parsed, answers.ready())
  await play.clientHears(answers.parsed, answers.ready())
  for (let i = 0; i < 2; i++) {
    play.clientSays(says.bind('', 'a'), says.execute('', 1), says.sync)
    await play.targetHears(says.bind('', 'a'), says.execute('', 1), says.sync)
    play.targetSays(answers.bound, answers.row('1'), answers.suspended, answers.ready())
    await play.clientHears(answers.bound, answers.row('1'), answers.suspended, answers.ready())
  }
  assert.deepEqual(play.visit.record, [
    'intent SELECT 1',
    'ended SELECT 1 ok 1',
    'intent SELECT 1',
    'ended SELECT 1 ok 1',
  ])
})

test('a statement prepared under older rules is prepared again, unseen', async () => {
  const play = stage()
  play.clientSays(says.parse('a', 'SELECT salary'), says.sync)
  await play.targetHears(says.parse('a', 'SELECT salary'), says.sync)
  play.targetSays(answers.parsed, answers.ready())
  await play.clientHears(answers.parsed, answers.ready())
  play.visit.rewrites = new Map([['salary', 'NULL']])
  play.clientSays(says.bind('', 'a'), says.execute(''), says.sync)
  await play.targetHears(
    says.close('S', 'a'),
    says.parse('a', 'SELECT NULL'),
    says.bind('', 'a'),
    says.execute(''),
    says.sync,
  )
  play.targetSays(answers.closed, answers.parsed, answers.bound, answers.row(''), answers.done('SELECT 1'))
  await play.clientHears(answers.bound, answers.row(''), answers.done('SELECT 1'))
  play.targetSays(answers.ready())
  await play.clientHears(answers.ready())
  play.clientSays(says.bind('', 'a'), says.execute(''), says.sync)
  await play.targetHears(says.bind('', 'a'), says.execute(''), says.sync)
})

test('a portal bound under older rules is refused', async () => {
  const play = stage()
  play.clientSays(
    says.query('BEGIN'),
    says.parse('', 'SELECT salary'),
    says.bind('p', ''),
    says.execute('p', 1),
    says.flush,
  )
  await play.targetHears(
    says.query('BEGIN'),
    says.parse('', 'SELECT salary'),
    says.bind('p', ''),
    says.execute('p', 1),
    says.flush,
  )
  const first = [answers.done('BEGIN'), answers.ready('T'), answers.parsed, answers.bound]
  play.targetSays(...first, answers.row('9'), answers.suspended)
  await play.clientHears(...first, answers.row('9'), answers.suspended)
  play.visit.rewrites = new Map([['salary', 'NULL']])
  play.clientSays(says.execute('p', 1), says.sync)
  await play.targetHears(refused.parse, says.sync)
  play.targetSays(refused.answer, answers.ready('E'))
  await play.clientHearsError({ C: '42501', M: /changed since/ })
  await play.clientHears(answers.ready('E'))
})

test('judging that takes time keeps the order', async () => {
  const play = stage()
  play.visit.slow = true
  play.clientSays(says.query('SELECT 1'), says.query('SELECT forbidden'))
  play.clientSays(says.query('SELECT 3'))
  await play.targetHears(says.query('SELECT 1'), refused.query, says.query('SELECT 3'))
  assert.deepEqual(play.visit.record, ['intent SELECT 1', 'refused SELECT forbidden', 'intent SELECT 3'])
})

test('what changes the reading is waited for before the next statement is read', async () => {
  const play = stage()
  play.clientSays(
    says.parse('', 'SET search_path = a'),
    says.bind('', ''),
    says.execute(''),
    says.parse('', 'SELECT 1'),
    says.sync,
  )
  await play.targetHears(
    says.parse('', 'SET search_path = a'),
    says.bind('', ''),
    says.execute(''),
    says.flush,
  )
  await play.quiet()
  play.targetSays(answers.parsed, answers.bound, answers.done('SET'))
  await play.targetHears(says.parse('', 'SELECT 1'), says.sync)
  assert.deepEqual(play.visit.followed(), ['0 SET search_path = a'])
  play.targetSays(answers.parsed, answers.ready())
  await play.clientHears(answers.parsed, answers.bound, answers.done('SET'), answers.parsed, answers.ready())
})

test('DDL outdates the picture of the tables when it is done and when it is committed', async () => {
  const play = stage()
  play.clientSays(says.query('CREATE TABLE t (a int)'))
  await play.targetHears(says.query('CREATE TABLE t (a int)'))
  play.targetSays(answers.done('CREATE TABLE'), answers.ready('T'))
  await play.clientHears(answers.done('CREATE TABLE'), answers.ready('T'))
  assert.equal(play.visit.schemaChanges, 1)
  play.clientSays(says.query('COMMIT'))
  await play.targetHears(says.query('COMMIT'))
  play.targetSays(answers.done('COMMIT'), answers.ready('I'))
  await play.clientHears(answers.done('COMMIT'), answers.ready('I'))
  assert.equal(play.visit.schemaChanges, 2)
})

test('errors and notices of statements that touch something hidden are reduced', async () => {
  const play = stage()
  play.clientSays(says.query('SELECT hidden'))
  await play.targetHears(says.query('SELECT hidden'))
  play.targetSays(
    answers.notice('value 42'),
    answers.error('22P02', 'invalid input: "secret"', 'ERROR', { D: 'secret' }),
    answers.ready(),
  )
  const reduced = { M: /^The target reported/, D: undefined }
  await play.clientHearsError({ S: 'NOTICE', C: '00000', ...reduced }, 'N')
  await play.clientHearsError({ S: 'ERROR', C: '22P02', M: /^A value cannot be used/, D: undefined })
  await play.clientHears(answers.ready())
  play.clientSays(says.query('SELECT 1'))
  await play.targetHears(says.query('SELECT 1'))
  play.targetSays(answers.error('22012', 'division by zero'), answers.ready())
  await play.clientHears(answers.error('22012', 'division by zero'), answers.ready())
})

test('COPY in: data passes unread, a Sync within it is not waited for', async () => {
  const play = stage()
  play.clientSays(says.parse('', 'COPY t FROM STDIN'), says.bind('', ''), says.execute(''), says.sync)
  await play.targetHears(says.parse('', 'COPY t FROM STDIN'), says.bind('', ''), says.execute(''), says.sync)
  play.targetSays(answers.parsed, answers.bound, answers.copyIn)
  await play.clientHears(answers.parsed, answers.bound, answers.copyIn)
  play.clientSays(says.copyData('1\n'), says.copyData('2\n'), says.copyDone, says.sync)
  await play.targetHears(says.copyData('1\n'), says.copyData('2\n'), says.copyDone, says.sync)
  play.targetSays(answers.done('COPY 2'), answers.ready())
  await play.clientHears(answers.done('COPY 2'), answers.ready())
  assert.equal(play.visit.record.at(-1), 'ended COPY t FROM STDIN ok 2')
  play.clientSays(says.query('SELECT 1'))
  await play.targetHears(says.query('SELECT 1'))
})

test('COPY in, sent in one go before the target says that it copies', async () => {
  const play = stage()
  const all = [says.query('COPY t FROM STDIN'), says.copyData('1\n'), says.copyDone, says.query('SELECT 1')]
  play.clientSays(...all)
  await play.targetHears(...all)
  const answer = [
    answers.copyIn,
    answers.done('COPY 1'),
    answers.ready(),
    answers.done('SELECT 1'),
    answers.ready(),
  ]
  play.targetSays(...answer)
  await play.clientHears(...answer)
  assert.deepEqual(play.visit.record.slice(2), ['ended COPY t FROM STDIN ok 1', 'ended SELECT 1 ok 1'])
})

test('a statement in the middle of COPY data ends the session', async () => {
  for (const early of [true, false]) {
    const play = stage()
    play.clientSays(says.query('COPY t FROM STDIN'))
    if (early) play.clientSays(says.query('SELECT 1'))
    await play.targetHears(says.query('COPY t FROM STDIN'))
    play.targetSays(answers.copyIn)
    if (!early) {
      await play.clientHears(answers.copyIn)
      play.clientSays(says.query('SELECT 1'))
    }
    assert.equal((await play.farewell).reason, 'protocol.violation')
    assert.equal(play.visit.record.includes('ended COPY t FROM STDIN unknown 0'), true)
  }
})

test('COPY out counts what the target says', async () => {
  const play = stage()
  play.clientSays(says.query('COPY t TO STDOUT'))
  await play.targetHears(says.query('COPY t TO STDOUT'))
  const answer = [
    answers.copyOut,
    answers.copyData('1\n'),
    answers.copyDone,
    answers.done('COPY 1'),
    answers.ready(),
  ]
  play.targetSays(...answer)
  await play.clientHears(...answer)
  assert.equal(play.visit.record.at(-1), 'ended COPY t TO STDOUT ok 1')
})

test('notifications and settings pass at any time; settings that change the meaning of text end the session', async () => {
  const play = stage()
  play.targetSays(answers.notification, answers.setting('TimeZone', 'Asia/Tokyo'))
  await play.clientHears(answers.notification, answers.setting('TimeZone', 'Asia/Tokyo'))
  play.targetSays(answers.setting('standard_conforming_strings', 'off'))
  await play.clientHearsError({ S: 'FATAL', M: /standard_conforming_strings/ })
})

test('function calls and unknown messages', async () => {
  const play = stage()
  play.clientSays(says.functionCall)
  await play.targetHears(refused.query)
  play.targetSays(refused.answer, answers.ready())
  await play.clientHearsError({ C: '0A000' })
  await play.clientHears(answers.ready())
  play.clientSays(Buffer.from('y\0\0\0\x04'))
  await play.clientHearsError({ S: 'FATAL', C: '08P01' })
})

test('names that the target would cut, and texts that are not what they seem, are not let through', async () => {
  const bad = [
    says.parse('a'.repeat(64), 'SELECT 1'),
    says.query('SELECT 1\0; DROP TABLE t'),
    Buffer.from('Q\0\0\0\x07a\xff\0', 'latin1'),
    Buffer.from('Q\0\0\0\x06ab', 'latin1'),
    Buffer.from('Q\0\0\0\x01'),
  ]
  for (const bytes of bad) {
    const play = stage()
    play.clientSays(bytes)
    await play.clientHearsError({ S: 'FATAL' })
    await play.targetHears(says.terminate)
    await play.farewell
  }
})

test('a second statement under a name in use is refused as the target would', async () => {
  const play = stage()
  play.clientSays(says.parse('a', 'SELECT 1'), says.parse('a', 'SELECT 2'), says.sync)
  await play.targetHears(says.parse('a', 'SELECT 1'), refused.parse, says.sync)
  play.targetSays(answers.parsed, refused.answer, answers.ready())
  await play.clientHears(answers.parsed)
  await play.clientHearsError({ C: '42P05' })
})

test('what SQL may have put under a name is not taken for what the protocol put there', async () => {
  const play = stage()
  play.clientSays(says.parse('a', 'SELECT 1'), says.sync)
  await play.targetHears(says.parse('a', 'SELECT 1'), says.sync)
  play.targetSays(answers.parsed, answers.ready())
  await play.clientHears(answers.parsed, answers.ready())
  play.clientSays(says.query('DEALLOCATE a'))
  await play.targetHears(says.query('DEALLOCATE a'))
  play.targetSays(answers.done('DEALLOCATE'), answers.ready())
  await play.clientHears(answers.done('DEALLOCATE'), answers.ready())
  play.clientSays(says.bind('', 'a'), says.sync)
  await play.targetHears(refused.parse, says.sync)
})

test('a session that is cut hears why; statements without an end are unknown', async () => {
  const play = stage()
  play.clientSays(says.query('SELECT 1'))
  await play.targetHears(says.query('SELECT 1'))
  play.visit.cut(new GatewayError('session.ended', 'your access was withdrawn.'))
  await play.clientHearsError({ S: 'FATAL', C: '57P01', M: /withdrawn/ })
  assert.equal(play.visit.record.at(-1), 'ended SELECT 1 unknown 0')
})

test('a session that is cut because its last statement ended: the client hears the whole answer first', async () => {
  const play = stage()
  const { visit } = play
  const ended = visit.ended.bind(visit)
  visit.ended = (...outcome) => {
    ended(...outcome)
    visit.cut(new GatewayError('server.draining'))
  }
  play.clientSays(says.query('SELECT 1'))
  await play.targetHears(says.query('SELECT 1'))
  play.targetSays(answers.columns, answers.row('1'), answers.done('SELECT 1'), answers.ready())
  await play.clientHears(answers.columns, answers.row('1'), answers.done('SELECT 1'), answers.ready())
  await play.clientHearsError({ S: 'FATAL', C: '57P03' })
})

test('a target that dies in the middle of a row: the client hears so, and gets no broken row', async () => {
  const play = stage()
  play.clientSays(says.query('SELECT 1'))
  await play.targetHears(says.query('SELECT 1'))
  play.targetSays(answers.columns, answers.row('1'), answers.row('2').subarray(0, 8))
  play.target.end()
  await play.clientHears(answers.columns, answers.row('1'))
  await play.clientHearsError({ S: 'FATAL', C: '57P01', M: /target closed/ })
  assert.equal(play.visit.record.at(-1), 'ended SELECT 1 unknown 1')
})

test('a target out of step with the protocol ends the session', async () => {
  for (const unasked of [answers.parsed, answers.done('SELECT 1'), answers.ready(), answers.copyIn]) {
    const play = stage()
    play.targetSays(unasked)
    await play.clientHearsError({ S: 'FATAL' })
    await play.farewell
  }
})

test('idle sessions end, and limits hold', async () => {
  const play = stage({ idleTimeoutMs: 10 })
  await play.clientHearsError({ S: 'FATAL', C: '57P01', M: /nothing was said/ })
  const long = stage({ messageBytesMax: 100 })
  long.clientSays(says.query('x'.repeat(200)).subarray(0, 20))
  await long.clientHearsError({ S: 'FATAL', C: '53400', M: /205 bytes|message of 206/ })
  const many = stage({ preparedPerSessionMax: 1 })
  many.clientSays(says.parse('a', 'SELECT 1'), says.parse('b', 'SELECT 1'), says.sync)
  await many.targetHears(says.parse('a', 'SELECT 1'), refused.parse, says.sync)
})

test('what a client said before it left is still done', async () => {
  const play = stage()
  play.clientSays(says.query('INSERT 1'), says.terminate)
  play.client.end()
  await play.targetHears(says.query('INSERT 1'), says.terminate)
  play.target.end()
  assert.equal((await play.farewell).reason, 'left')
})

test('while a statement is being stopped the next one waits, so that it is not hit', async () => {
  let asked = () => {}
  const play = stage({}, () => new Promise<void>(resolve => (asked = resolve)))
  play.clientSays(says.query('SELECT slow'))
  await play.targetHears(says.query('SELECT slow'))
  play.visit.interrupt(new GatewayError('statement.stopped', 'it took too long'))
  const done = [answers.done('SELECT 1'), answers.ready()]
  play.targetSays(...done)
  await play.clientHears(...done)
  play.clientSays(says.query('SELECT next'))
  await play.quiet()
  asked()
  await play.targetHears(says.query('SELECT next'))
  play.targetSays(...done)
  await play.clientHears(...done)
  await play.leave()
})

test('a stopped statement says why, in place of the words of the target', async () => {
  const play = stage({}, () => Promise.resolve())
  play.clientSays(says.query('SELECT slow'))
  await play.targetHears(says.query('SELECT slow'))
  play.visit.interrupt(new GatewayError('statement.stopped', 'it took too long'))
  play.targetSays(answers.error('57014', 'canceling statement due to user request'), answers.ready())
  await play.clientHearsError({ C: '57014', M: /stopped: it took too long/, R: 'sekisho.statement.stopped' })
  await play.clientHears(answers.ready())
  assert.equal(play.visit.record.at(-1), 'ended SELECT slow 57014 0')
  await play.leave()
})
