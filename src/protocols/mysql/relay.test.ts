// The conversation, as a script of who says what and who hears what.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../core/errors.ts'
import { readExactly } from '../read-exactly.ts'
import { capability } from './capabilities.ts'
import { answers, asks, facts, more, result, says, stage } from './conversation.test-part.ts'

test('a statement passes byte for byte, with its intent before and its outcome after', async () => {
  const play = await stage()
  let admit = () => {}
  play.visit.later = act => (admit = act)
  play.clientSays(says.query('SELECT 1'))
  await play.quiet()
  assert.deepEqual(play.visit.record, ['intent SELECT 1'])
  admit()
  await play.targetHears(says.query('SELECT 1'))
  const answer = result(['1', '2'])
  play.targetSays(answer)
  await play.clientHears(answer)
  assert.deepEqual(play.visit.record, ['intent SELECT 1', 'ended SELECT 1 ok 2'])
  assert.equal(play.visit.bytesFlowed, answer.length)
  const farewell = await play.leave()
  assert.equal(farewell.reason, 'left')
  assert.equal(farewell.traffic.bytesToClient, answer.length)
})

test('what cannot be recorded is not sent, and ends the session', async () => {
  const play = await stage()
  play.visit.unrecorded = true
  play.clientSays(says.query('DELETE FROM orders'))
  await play.clientHearsError(1105, /cannot be recorded/)
  await play.targetHears(says.quit)
  assert.equal((await play.farewell).reason, 'audit.unavailable')
})

test('nothing is judged before the target has said what the session is like', async () => {
  const play = await stage({ unasked: true })
  play.clientSays(says.query('SELECT 1'))
  await play.targetHears(asks)
  await play.quiet()
  assert.deepEqual(play.visit.record, [])
  play.targetSays(facts())
  await play.targetHears(says.query('SELECT 1'))
})

test('an answer to the question about the session that cannot be read ends it', async () => {
  for (const answer of [answers.error(1, 1146, 'no'), answers.ok(), result(['']), result(['', '', ''])]) {
    const play = await stage({ unasked: true })
    await play.targetHears(asks)
    play.targetSays(answer)
    await play.targetHears(says.quit)
    assert.equal((await play.farewell).reason, 'session.ended')
  }
})

test('a rewritten statement is sent in its place; its syntax errors do not repeat it', async () => {
  const play = await stage()
  play.visit.rewrites = new Map([['customers', '(SELECT masked FROM customers) AS customers']])
  play.clientSays(says.query('SELECT x FROM customers'))
  await play.targetHears(says.query('SELECT x FROM (SELECT masked FROM customers) AS customers'))
  play.targetSays(answers.error(1, 1064, 'syntax near masked', '42000'))
  await play.clientHearsError(1064, /^The statement is not valid/)
  assert.equal(play.visit.record.at(-1), 'ended SELECT x FROM customers 1064 0')
  play.clientSays(says.query('SELECT y FROM customers'))
  await play.targetHears(says.query('SELECT y FROM (SELECT masked FROM customers) AS customers'))
  play.targetSays(answers.error(1, 1054, 'no column y', '42S22'))
  await play.clientHears(answers.error(1, 1054, 'no column y', '42S22'))
})

test('errors and counts of warnings are reduced where hidden columns are touched', async () => {
  const play = await stage()
  play.clientSays(says.query('SELECT hidden'))
  await play.targetHears(says.query('SELECT hidden'))
  play.targetSays(answers.error(1, 1062, "Duplicate entry 'secret'", '23000'))
  await play.clientHearsError(1062, /^A constraint of a table is violated/)
  play.clientSays(says.query('UPDATE hidden'))
  await play.targetHears(says.query('UPDATE hidden'))
  play.targetSays(answers.ok(1, { affectedRows: 3, warnings: 7 }))
  await play.clientHears(answers.ok(1, { affectedRows: 3, warnings: 0 }))
  assert.equal(play.visit.record.at(-1), 'ended UPDATE hidden ok 3')
})

test('a refused statement is answered here, on record, and the session goes on', async () => {
  const play = await stage()
  play.clientSays(says.query('SELECT forbidden'))
  await play.clientHearsError(1142, /^You may not do this\. Ask for it\.$/)
  assert.deepEqual(play.visit.record, ['refused SELECT forbidden', 'ended SELECT forbidden 1142 0'])
  await play.quiet()
  play.clientSays(says.query('SELECT 2'))
  await play.targetHears(says.query('SELECT 2'))
})

test('commands sent before the answer wait for their turn, however they are cut', async () => {
  const all = Buffer.concat([says.query('SELECT 1'), says.query('SELECT forbidden'), says.query('SELECT 3')])
  for (const size of [1, 3, 7, all.length]) {
    const play = await stage()
    for (let at = 0; at < all.length; at += size) play.clientSays(all.subarray(at, at + size))
    await play.targetHears(says.query('SELECT 1'))
    await play.quiet()
    const one = result(['1'])
    for (let at = 0; at < one.length; at += size) play.targetSays(one.subarray(at, at + size))
    await play.clientHears(one)
    await play.clientHearsError(1142, /may not/)
    await play.targetHears(says.query('SELECT 3'))
    play.targetSays(result(['3']))
    await play.clientHears(result(['3']))
    await play.leave()
  }
})

test('several statements and several results are one answer; each that succeeded is followed', async () => {
  const play = await stage()
  const text = 'SET a = 1; CALL p(); SELECT 2; SET b = 2'
  play.clientSays(says.query(text))
  await play.targetHears(says.query(text))
  const answer = Buffer.concat([
    answers.ok(1, { status: more }),
    result(['of the call'], more, 2),
    answers.ok(7, { status: more }),
    result(['2'], more, 8),
    answers.ok(13, { affectedRows: 1 }),
  ])
  play.targetSays(answer)
  await play.clientHears(answer)
  assert.deepEqual(
    play.visit.followed().map(each => each[0]),
    ['0', '1', '2', '3'],
  )
  await play.targetHears(asks)
  play.targetSays(facts())
  play.clientSays(says.query(text))
  await play.targetHears(says.query(text))
  play.targetSays(answers.ok(1, { status: more }), answers.error(2, 1305, 'no procedure'))
  await play.clientHears(answers.ok(1, { status: more }), answers.error(2, 1305, 'no procedure'))
  assert.equal(play.visit.followed().length, 5)
  await play.targetHears(asks)
  assert.equal(play.visit.record.at(-1), `ended ${text} 1305 0`)
})

test('after what may change the session, the target is asked before the next statement is judged', async () => {
  const play = await stage()
  play.clientSays(says.query('SET NAMES latin1'), says.query("SELECT '\xe9'"))
  await play.targetHears(says.query('SET NAMES latin1'))
  play.targetSays(answers.ok())
  await play.clientHears(answers.ok())
  await play.targetHears(asks)
  await play.quiet()
  assert.deepEqual(play.visit.record, ['intent SET NAMES latin1', 'ended SET NAMES latin1 ok 0'])
  play.targetSays(facts({ characterSet: 'latin1' }))
  await play.targetHears(says.query("SELECT '\xe9'"))
  // The bytes of the UTF-8 letter are two letters of latin1.
  assert.equal(play.visit.record.at(-1), "intent SELECT '\u00c3\u00a9'")
})

test('a rewritten text keeps the bytes of the character set, also those that are no characters', async () => {
  const play = await stage()
  play.visit.rewrites = new Map([['customers', 'masked']])
  const text = (name: string) =>
    Buffer.concat([Buffer.from('SELECT '), Buffer.of(0x27, 0xff, 0xc3, 0x27), Buffer.from(` FROM ${name}`)])
  play.clientSays(says.query(text('customers')))
  await play.targetHears(says.query(text('masked')))
})

test('refusals are written in what every character set has', async () => {
  const play = await stage({ unasked: true })
  await play.targetHears(asks)
  play.targetSays(facts({ characterSet: 'latin1' }))
  await play.quiet()
  play.visit.cut(new GatewayError('session.ended', '“日”, it’s over…'))
  await play.clientHearsError(1927, /"\?", it's over\.\.\.$/, 0)
})

test('in a character set that cannot be read only the way back passes', async () => {
  const play = await stage({ unasked: true })
  await play.targetHears(asks)
  play.targetSays(facts({ characterSet: 'gbk' }))
  play.clientSays(says.query('SELECT 1'))
  await play.clientHearsError(1235, /gbk cannot be read.*SET NAMES utf8mb4/)
  play.clientSays(says.query('SET NAMES utf8mb4'))
  await play.targetHears(says.query('SET NAMES utf8mb4'))
  play.targetSays(answers.ok())
  await play.clientHears(answers.ok())
  await play.targetHears(asks)
  play.targetSays(facts())
  play.clientSays(says.query('SELECT 1'))
  await play.targetHears(says.query('SELECT 1'))
})

test('rows without EOF packets, and session changes told with an OK', async () => {
  const capabilities = capability.protocol41 | capability.deprecateEof | capability.sessionTrack
  const play = await stage({ unasked: true, capabilities })
  await play.targetHears(asks)
  const values = ['', 'utf8mb4', 'utf8mb4', 'shop']
  play.targetSays(
    answers.head(1, 4),
    ...[2, 3, 4, 5].map(sequence => answers.column(sequence, 'c')),
    answers.row(6, ...values),
    answers.endOk(7),
  )
  play.clientSays(says.query('SELECT 1'))
  await play.targetHears(says.query('SELECT 1'))
  const rows = [answers.head(1, 1), answers.column(2, 'c'), answers.row(3, '1'), answers.endOk(4)]
  play.targetSays(...rows)
  await play.clientHears(...rows)
  play.clientSays(says.query('SELECT move()'))
  await play.targetHears(says.query('SELECT move()'))
  const moved = answers.ok(1, { changes: [{ kind: 'schema', name: 'other' }] }, capabilities)
  play.targetSays(moved)
  await play.clientHears(moved)
  await play.targetHears(asks)
})

test('query attributes pass, and the text behind them is what is judged', async () => {
  const play = await stage({
    unasked: true,
    capabilities: capability.protocol41 | capability.queryAttributes,
  })
  await play.targetHears(says.query('\x00\x01' + asks.toString('latin1', 5)))
  play.targetSays(facts())
  const attributes = Buffer.concat([
    Buffer.of(1, 1, 0, 1, 0xfe, 0, 5),
    Buffer.from('trace'),
    Buffer.of(3),
    Buffer.from('abc'),
  ])
  play.visit.rewrites = new Map([['customers', 'masked']])
  play.clientSays(says.query(Buffer.concat([attributes, Buffer.from('SELECT customers')])))
  await play.targetHears(says.query(Buffer.concat([attributes, Buffer.from('SELECT masked')])))
  assert.equal(play.visit.record.at(-1), 'intent SELECT customers')
})

test('attributes that a server could measure in another way end the session', async () => {
  for (const type of [0x06, 0x09, 0x0d, 0x0e, 0xf3, 0x0101]) {
    const play = await stage({
      unasked: true,
      capabilities: capability.protocol41 | capability.queryAttributes,
    })
    await play.targetHears(says.query('\x00\x01' + asks.toString('latin1', 5)))
    play.targetSays(facts())
    const attribute = Buffer.of(1, 1, 0, 1, type & 0xff, type >>> 8, 1, 0x61, 3)
    play.clientSays(says.query(Buffer.concat([attribute, Buffer.from('abcSELECT 1')])))
    await play.clientHearsError(1047, /query attribute of a type/)
    assert.deepEqual(play.visit.record, [])
  }
})

test('commands of the protocol are judged as the statements that mean the same', async () => {
  const play = await stage()
  play.clientSays(says.bare(0x02, 'ot`her'))
  await play.targetHears(says.bare(0x02, 'ot`her'))
  assert.equal(play.visit.record.at(-1), 'intent USE `ot``her`')
  play.targetSays(answers.ok())
  await play.clientHears(answers.ok())
  await play.targetHears(asks)
  play.targetSays(facts({ database: 'other' }))
  play.clientSays(says.bare(0x04, 'orders\0'))
  await play.targetHears(says.bare(0x04, 'orders\0'))
  play.targetSays(answers.column(1, 'id'), answers.column(2, 'total'), answers.eof(3))
  await play.clientHears(answers.column(1, 'id'), answers.column(2, 'total'), answers.eof(3))
  assert.equal(play.visit.record.at(-1), 'ended SHOW FULL FIELDS FROM `orders` ok 0')
  play.visit.rewrites = new Map([['masked', 'hidden']])
  play.clientSays(says.bare(0x04, 'masked\0'))
  await play.clientHearsError(1235, /Use the statement: SHOW FULL FIELDS FROM `masked`/)
  play.clientSays(says.bare(0x04, 'forbidden\0'))
  await play.clientHearsError(1142, /may not/)
  play.clientSays(says.bare(0x0a))
  await play.targetHears(says.query('SHOW PROCESSLIST'))
  play.targetSays(result(['x']))
  await play.clientHears(result(['x']))
})

test('what a session cannot do is refused: replication, shutting down, debugging, the unknown', async () => {
  const play = await stage()
  for (const kind of [0x00, 0x05, 0x07, 0x08, 0x0d, 0x12, 0x13, 0x15, 0x1e, 0x20, 0x77, 0xfe]) {
    play.clientSays(says.bare(kind))
    await play.clientHearsError(1047, /Unknown command/)
  }
  play.clientSays(says.bare(0x09))
  assert.match(String(await readExactly(play.client, 34)), /^.{4}Uptime: \d+  Threads: 1/s)
  play.clientSays(says.bare(0x0e))
  await play.targetHears(says.bare(0x0e))
  play.targetSays(answers.ok())
  await play.clientHears(answers.ok())
  play.clientSays(says.bare(0x1b, '\0\0'))
  await play.targetHears(says.bare(0x1b, '\0\0'))
  play.targetSays(answers.eof(1))
  await play.clientHears(answers.eof(1))
  assert.deepEqual(play.visit.record, [])
})

/** A prepared statement stands. */
async function prepare(play: Awaited<ReturnType<typeof stage>>, text: string, id: number, parameters = 0) {
  play.clientSays(says.prepare(text))
  await play.targetHears(says.prepare(text))
  const answer = [answers.prepared(id, parameters, 1)]
  if (parameters > 0) {
    for (let i = 0; i < parameters; i++) answer.push(answers.column(2 + i, '?'))
    answer.push(answers.eof(2 + parameters))
  }
  answer.push(answers.column(9, 'c'), answers.eof(10))
  play.targetSays(...answer)
  await play.clientHears(...answer)
}

test('each execution of a prepared statement is recorded, and each fetching of rows behind a cursor', async () => {
  const play = await stage()
  await prepare(play, 'SELECT 1', 4)
  assert.deepEqual(play.visit.record, [])
  play.clientSays(says.execute(4))
  await play.targetHears(says.execute(4))
  play.targetSays(result(['1']))
  await play.clientHears(result(['1']))
  assert.deepEqual(play.visit.record, ['intent SELECT 1', 'ended SELECT 1 ok 1'])
  play.clientSays(says.execute(4, undefined, 1))
  await play.targetHears(says.execute(4, undefined, 1))
  const cursor = [answers.head(1, 1), answers.column(2, 'c'), answers.eof(3, 0x42)]
  play.targetSays(...cursor)
  await play.clientHears(...cursor)
  play.clientSays(says.fetch(4, 2))
  await play.targetHears(says.fetch(4, 2))
  const rows = [answers.row(1, 'a'), answers.row(2, 'b'), answers.eof(3, 0x42)]
  play.targetSays(...rows)
  await play.clientHears(...rows)
  assert.deepEqual(play.visit.record.slice(2), [
    'intent SELECT 1',
    'ended SELECT 1 ok 0',
    'intent SELECT 1',
    'ended SELECT 1 ok 2',
  ])
  play.clientSays(says.longData(4, 'value'), says.reset(4))
  await play.targetHears(says.longData(4, 'value'), says.reset(4))
  play.targetSays(answers.ok())
  await play.clientHears(answers.ok())
  play.clientSays(says.close(4), says.execute(4))
  await play.targetHears(says.close(4))
  await play.clientHearsError(1243, /Unknown prepared statement handler \(4\)/)
})

test('an execution right behind its preparation, by the number of the last one', async () => {
  const play = await stage()
  play.clientSays(says.prepare('SELECT 1'), says.execute(0xffffffff))
  await play.targetHears(says.prepare('SELECT 1'))
  play.targetSays(answers.prepared(9, 0, 0))
  await play.clientHears(answers.prepared(9, 0, 0))
  await play.targetHears(says.execute(9))
  play.targetSays(answers.ok())
  await play.clientHears(answers.ok())
  play.clientSays(says.prepare('SELECT forbidden'), says.execute(0xffffffff))
  await play.clientHearsError(1142, /may not/)
  await play.clientHearsError(1243, /Unknown prepared/)
})

test('a statement prepared under older rules is prepared again, unseen, with the types told before', async () => {
  const play = await stage()
  await prepare(play, 'SELECT salary + ?', 4, 1)
  const value = (flag: number) =>
    Buffer.concat([Buffer.of(0, flag), flag === 1 ? Buffer.of(8, 0) : Buffer.alloc(0), Buffer.of(7)])
  play.clientSays(says.execute(4, value(1)))
  await play.targetHears(says.execute(4, value(1)))
  play.targetSays(result(['1']))
  await play.clientHears(result(['1']))
  play.visit.rewrites = new Map([['salary', 'NULL']])
  play.clientSays(says.execute(4, value(0)))
  await play.targetHears(says.prepare('SELECT NULL + ?'))
  play.targetSays(answers.prepared(5, 1, 1), answers.column(2, '?'), answers.eof(3))
  play.targetSays(answers.column(4, 'c'), answers.eof(5))
  await play.targetHears(says.close(4), says.execute(5, value(1)))
  play.targetSays(result(['2']))
  await play.clientHears(result(['2']))
  play.visit.rewrites = new Map([['salary', 'forbidden']])
  play.clientSays(says.execute(4, value(0)))
  await play.targetHears(says.prepare('SELECT forbidden + ?'))
  play.targetSays(answers.error(1, 1146, 'no'))
  await play.clientHearsError(1615, /re-prepared/)
  play.clientSays(says.close(4))
  await play.targetHears(says.close(5))
})

test('a prepared statement is judged again when the session reads texts in another way', async () => {
  const play = await stage()
  await prepare(play, 'SELECT 1', 4)
  play.clientSays(says.query('SET sql_mode = 1'))
  await play.targetHears(says.query('SET sql_mode = 1'))
  play.targetSays(answers.ok())
  await play.clientHears(answers.ok())
  await play.targetHears(asks)
  play.targetSays(facts({ sqlMode: 'NO_BACKSLASH_ESCAPES' }))
  const judgedIn: string[] = []
  let changed = ''
  const judge = play.visit.judge.bind(play.visit)
  play.visit.judge = (text, state) => {
    judgedIn.push(state.key)
    return judge(state.key.includes('NO_BACKSLASH') ? text : text + changed, state)
  }
  play.clientSays(says.execute(4))
  await play.targetHears(says.execute(4))
  // The target has read it as texts were read then, and may read it again as they are now.
  assert.match(judgedIn[0] ?? '', /#,utf8mb4/)
  assert.match(judgedIn[1] ?? '', /#NO_BACKSLASH_ESCAPES,utf8mb4/)
  play.targetSays(answers.ok())
  await play.clientHears(answers.ok())
  // Read as then, it would be rewritten today: what the target has is not good any more.
  changed = ' rewritten'
  play.clientSays(says.execute(4))
  await play.clientHearsError(1615, /re-prepared/)
  changed = ' forbidden'
  play.clientSays(says.execute(4))
  await play.clientHearsError(1142, /may not/)
  await play.quiet()
})

test('a session that was reset has no prepared statements, and is asked about anew', async () => {
  const play = await stage()
  await prepare(play, 'SELECT 1', 4)
  play.clientSays(says.bare(0x1f), says.execute(4))
  await play.targetHears(says.bare(0x1f))
  play.targetSays(answers.ok())
  await play.clientHears(answers.ok())
  await play.targetHears(asks)
  play.targetSays(facts())
  await play.clientHearsError(1243, /Unknown prepared/)
})

test('the target gets the file that a statement names, and no other', async () => {
  const play = await stage()
  const load = "LOAD DATA LOCAL INFILE '/tmp/it''s.csv' INTO TABLE t"
  play.clientSays(says.query(load))
  await play.targetHears(says.query(load))
  play.targetSays(answers.wantsFile("/tmp/it's.csv"))
  await play.clientHears(answers.wantsFile("/tmp/it's.csv"))
  const file = [says.file(2, 'a,b\n'), says.file(3, 'c,d\n'), says.file(4, '')]
  for (const byte of Buffer.concat(file)) play.clientSays(Buffer.of(byte))
  await play.targetHears(...file)
  play.targetSays(answers.ok(5, { affectedRows: 2 }))
  await play.clientHears(answers.ok(5, { affectedRows: 2 }))
  assert.equal(play.visit.record.at(-1), `ended ${load} ok 2`)
  play.clientSays(says.query(load))
  await play.targetHears(says.query(load))
  play.targetSays(answers.wantsFile('/etc/passwd'))
  await play.clientHearsError(1927, /not expected/)
  assert.equal((await play.farewell).reason, 'session.ended')
})

test('a hostile target that asks for a file nobody wanted to send is left', async () => {
  const play = await stage()
  play.clientSays(says.query("SELECT '/etc/passwd'"))
  await play.targetHears(says.query("SELECT '/etc/passwd'"))
  play.targetSays(answers.wantsFile('/etc/passwd'))
  await play.clientHearsError(1927, /not expected/)
})

test('answers that nobody asked for end the session', async () => {
  const play = await stage()
  play.clientSays(says.bare(0x0e))
  await play.targetHears(says.bare(0x0e))
  play.targetSays(answers.ok(), result(['1']))
  await play.clientHears(answers.ok())
  assert.equal((await play.farewell).reason, 'session.ended')
})

test('packets out of order, empty ones and too long ones end the session', async () => {
  for (const [bytes, code] of [
    [answers.raw(1, '\x03SELECT 1'), 1047],
    [answers.raw(0, ''), 1047],
    [Buffer.of(0, 0, 0x10, 0, 3), 1153],
  ] as const) {
    const play = await stage({ limits: { messageBytesMax: 1000 } })
    play.clientSays(bytes)
    await play.clientHearsError(code, /./, 0)
    await play.targetHears(says.quit)
  }
})

test('a limit stops a statement: the client is told at once, the rest is swallowed, the next one waits', async () => {
  const play = await stage()
  play.clientSays(says.query('SELECT 1'))
  await play.targetHears(says.query('SELECT 1'))
  const head = [answers.head(1, 1), answers.column(2, 'c'), answers.eof(3), answers.row(4, 'a')]
  play.targetSays(...head)
  await play.clientHears(...head)
  play.visit.interrupt(new GatewayError('statement.stopped', 'it took too long.'))
  assert.equal(play.stops[0]?.kind, 'query')
  play.targetSays(answers.row(5, 'b'))
  await play.clientHearsError(1317, /stopped: it took too long/, 5)
  play.clientSays(says.query('SELECT 2'))
  play.targetSays(answers.row(6, 'c'), answers.error(7, 1317, 'Query execution was interrupted', '70100'))
  await play.quiet()
  assert.match(play.visit.record.at(-1) ?? '', /ended SELECT 1 1317/)
  play.stops[0]?.done()
  // What comes too late hits the question about the session, not the next statement.
  await play.targetHears(asks)
  play.targetSays(answers.error(1, 1317, 'Query execution was interrupted', '70100'))
  await play.targetHears(asks)
  play.targetSays(facts())
  await play.targetHears(says.query('SELECT 2'))
})

test('a statement that has not answered yet is told to be stopped in words of ours', async () => {
  const play = await stage()
  play.clientSays(says.query('SELECT sleep(9)'))
  await play.targetHears(says.query('SELECT sleep(9)'))
  play.visit.interrupt(new GatewayError('statement.stopped', 'it took too long.'))
  play.targetSays(answers.error(1, 1317, 'Query execution was interrupted', '70100'))
  await play.clientHearsError(1317, /stopped: it took too long/)
  play.visit.interrupt(new GatewayError('statement.stopped', 'nothing runs.'))
  assert.equal(play.stops.length, 1)
})

test('KILL stops sessions of one’s own, by number, and no others', async () => {
  const killed: string[] = []
  const kills = {
    find: (id: number) => (id < 10 ? (kind: string) => void killed.push(`${kind} ${id}`) : undefined),
  }
  const play = await stage({ kills })
  for (const text of ['KILL 5', ' kill query 6;', 'KILL HARD CONNECTION 7']) {
    play.clientSays(says.query(text))
    await play.clientHears(answers.ok())
  }
  play.clientSays(says.processKill(8))
  await play.clientHears(answers.ok())
  assert.deepEqual(killed, ['connection 5', 'query 6', 'connection 7', 'connection 8'])
  assert.deepEqual(play.visit.record.slice(0, 2), ['intent KILL 5', 'ended KILL 5 ok 0'])
  play.clientSays(says.query('KILL 77'))
  await play.clientHearsError(1095, /not owner of thread 77/)
  await play.quiet()
})

test('a session that was killed by its user ends, and what runs is stopped at the target', async () => {
  const play = await stage()
  play.clientSays(says.query('SELECT sleep(9)'))
  await play.targetHears(says.query('SELECT sleep(9)'))
  play.stopped('connection')
  await play.clientHearsError(1927, /killed/)
  assert.deepEqual(
    play.stops.map(({ kind }) => kind),
    ['connection'],
  )
  assert.equal(play.visit.record.at(-1), 'ended SELECT sleep(9) unknown 0')
})

test('a client that goes away leaves nothing running', async () => {
  const play = await stage()
  play.clientSays(says.query('SELECT sleep(9)'))
  await play.targetHears(says.query('SELECT sleep(9)'))
  play.client.destroy()
  assert.equal((await play.farewell).reason, 'left')
  assert.equal(play.stops[0]?.kind, 'connection')
})

test('being cut is told between packets, and a target that dies too', async () => {
  const play = await stage()
  play.visit.cut(new GatewayError('session.ended', 'access was withdrawn.'))
  await play.clientHearsError(1927, /access was withdrawn/, 0)
  await play.targetHears(says.quit)
  const other = await stage()
  other.clientSays(says.query('SELECT 1'))
  await other.targetHears(says.query('SELECT 1'))
  other.targetSays(answers.head(1, 1), answers.column(2, 'c'), answers.eof(3), answers.row(4, 'a'))
  await other.clientHears(answers.head(1, 1), answers.column(2, 'c'), answers.eof(3), answers.row(4, 'a'))
  other.target.destroy()
  await other.clientHearsError(1927, /closed the connection/, 5)
})

test('a visit that ends with its last statement ends behind the whole answer', async () => {
  const play = await stage()
  const { visit } = play
  const ended = visit.ended.bind(visit)
  visit.ended = (statement, outcome) => {
    ended(statement, outcome)
    visit.cut(new GatewayError('server.draining'))
  }
  play.clientSays(says.query('SELECT 1'))
  await play.targetHears(says.query('SELECT 1'))
  play.targetSays(result(['1', '2', '3']))
  await play.clientHears(result(['1', '2', '3']))
  await play.clientHearsError(1053, /stopping/, 0)
  assert.equal(visit.record.at(-1), 'ended SELECT 1 ok 3')
})

test('a long row passes in parts; a session that ends in the middle of it says nothing more', async () => {
  const play = await stage()
  play.clientSays(says.query('SELECT 1'))
  await play.targetHears(says.query('SELECT 1'))
  const row = answers.row(4, 'x'.repeat(100_000))
  const head = [answers.head(1, 1), answers.column(2, 'c'), answers.eof(3), row.subarray(0, 60_000)]
  play.targetSays(...head)
  await play.clientHears(...head)
  play.target.destroy()
  assert.equal((await play.farewell).reason, 'session.ended')
  const rest: unknown = play.client.read()
  assert.equal(rest, null)
})

test('a session that only reads is made so first, and stays so', async () => {
  const play = await stage({
    unasked: true,
    visit(visit) {
      visit.readOnly = true
    },
  })
  await play.targetHears(says.query('SET SESSION TRANSACTION READ ONLY'))
  play.targetSays(answers.ok())
  await play.targetHears(asks)
  play.targetSays(facts())
  for (const text of [
    'SET SESSION TRANSACTION READ WRITE',
    'START TRANSACTION READ WRITE',
    'SET tx_read_only=0',
  ]) {
    play.clientSays(says.query(text))
    await play.clientHearsError(1142, /read only/)
  }
})

test('a client proves once more who it is; the session begins anew', async () => {
  const play = await stage({
    async changeUser(packets) {
      assert.deepEqual(await readExactly(packets, 9), says.bare(0x11, 'hana'))
      packets.write(answers.raw(1, 'prove it'))
      assert.deepEqual(await readExactly(packets, 9), answers.raw(2, 'proof'))
      return { setUp: [says.query('SET NAMES utf8mb4')], welcome: answers.ok(3) }
    },
  })
  play.clientSays(says.bare(0x11, 'hana'))
  await play.clientHears(answers.raw(1, 'prove it'))
  play.clientSays(answers.raw(2, 'proof'))
  await play.targetHears(says.bare(0x1f))
  play.targetSays(answers.ok())
  await play.targetHears(says.query('SET NAMES utf8mb4'))
  play.targetSays(answers.ok())
  await play.targetHears(asks)
  await play.quiet()
  play.targetSays(facts())
  await play.clientHears(answers.ok(3))
  play.clientSays(says.query('SELECT 1'))
  await play.targetHears(says.query('SELECT 1'))
})

test('a client that turns out to be somebody else is sent away', async () => {
  const play = await stage()
  play.clientSays(says.bare(0x11, 'mallory'))
  await play.clientHearsError(1045, /token is not right/)
  await play.targetHears(says.quit)
})
