// Every way to tamper with a chain is found, and an unfinished write is not mistaken for one.

import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { genesis } from './chain.ts'
import { Encoder } from './encoder.ts'
import { atMs, intent, life, outcome, plainSealing, plan } from './example.ts'
import { type Anchor, formatVerifyReport, verifyChain, type VerifyReport } from './verify.ts'

/** Three segments. */
function chain(): string[] {
  const start = { sequence: 0, hash: genesis, chain: undefined, segment: 0 }
  const encoder = new Encoder('server-1', plainSealing, () => atMs, start)
  return [1, 2, 3].map(segment => {
    const text = encoder.encode(
      [...life, intent(20 * segment), outcome(20 * segment + 1, 20 * segment)],
      segment,
    )
    encoder.commit()
    return text
  })
}

/** @param pieceBytes  how the bytes arrive */
async function verify(
  segments: readonly string[],
  anchor?: Anchor,
  pieceBytes = 1000,
): Promise<VerifyReport> {
  async function* pieces(text: string) {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
  }
  async function* all() {
    for (const [index, text] of segments.entries()) {
      if (text !== 'gone') yield { segment: index + 1, pieces: pieces(text) }
    }
  }
  return verifyChain(all(), anchor)
}

/** Changes the lines of the second segment. */
function tampered(change: (lines: string[]) => void): string[] {
  const segments = chain()
  const lines = segments[1]?.split('\n') ?? []
  change(lines)
  segments[1] = lines.join('\n')
  return segments
}

async function brokenAt(segments: readonly string[], line: number, what: RegExp): Promise<void> {
  const report = await verify(segments)
  assert.equal(report.verdict, 'broken')
  assert.equal(report.exitCode, 1)
  assert.equal(report.broken?.segment, 2)
  assert.equal(report.broken.line, line)
  assert.match(report.broken.what, what)
  assert.match(formatVerifyReport(report), /BROKEN at record \d+: segment 2, line/)
}

test('a whole chain is whole, however its bytes arrive', async () => {
  const segments = chain()
  const lines = segments.join('').split('\n').length - 1
  for (const pieceBytes of [1, 7, 64, 65, 66, 4096, 1_000_000]) {
    const report = await verify(segments, undefined, pieceBytes)
    assert.equal(report.broken, undefined)
    assert.deepEqual(
      [report.verdict, report.exitCode, report.segments, report.records],
      ['whole', 0, 3, lines],
    )
    assert.deepEqual([report.server, report.firstAtMs, report.open], ['server-1', atMs, 0])
  }
})

test('any byte that is changed is found', async () => {
  const [first = '', second = '', third = ''] = chain()
  const bytes = Buffer.from(second)
  for (let at = 0; at < bytes.length; at += 3) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    const report = await verifyBytes([Buffer.from(first), changed, Buffer.from(third)])
    assert.equal(report.verdict, 'broken', `byte ${at}`)
  }
})

async function verifyBytes(segments: readonly Buffer[]): Promise<VerifyReport> {
  async function* one(bytes: Buffer) {
    yield Buffer.from(bytes)
  }
  async function* all() {
    for (const [index, bytes] of segments.entries()) yield { segment: index + 1, pieces: one(bytes) }
  }
  return verifyChain(all())
}

test('bytes that read as the same text are not the same bytes', async () => {
  const encoder = new Encoder('\ufffd', plainSealing, () => atMs, {
    sequence: 0,
    hash: genesis,
    chain: undefined,
    segment: 0,
  })
  const bytes = Buffer.from(encoder.encode(life, 1))
  assert.equal((await verifyBytes([bytes])).verdict, 'whole')
  const at = bytes.indexOf(Buffer.from('\ufffd'))
  const changed = Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff]), bytes.subarray(at + 3)])
  assert.equal(changed.toString(), bytes.toString())
  assert.equal((await verifyBytes([changed])).verdict, 'broken')
})

test('records that are removed, swapped, inserted, repeated or cut are found where they are', async () => {
  const changed = /changed, or one before it/
  await brokenAt(
    tampered(lines => lines.splice(4, 1)),
    5,
    changed,
  )
  await brokenAt(
    tampered(lines => lines.splice(4, 2, lines[5] ?? '', lines[4] ?? '')),
    5,
    changed,
  )
  await brokenAt(
    tampered(lines => lines.splice(4, 0, lines[2] ?? '')),
    5,
    changed,
  )
  await brokenAt(
    tampered(lines => lines.splice(4, 0, '')),
    5,
    changed,
  )
  await brokenAt(
    tampered(lines => lines.splice(4, 1, (lines[4] ?? '').slice(0, -1))),
    5,
    changed,
  )
  await brokenAt(
    tampered(lines => lines.splice(-1, 1)),
    16,
    /ends in the middle|changed/,
  )
})

test('a removed end of a former segment is found at the next', async () => {
  const report = await verify(tampered(lines => lines.splice(-3, 2)))
  assert.deepEqual([report.broken?.segment, report.broken?.line], [3, 1])
})

test('segments that are removed, swapped or repeated are found', async () => {
  const [first = '', second = '', third = ''] = chain()
  const cases: readonly (readonly [string[], number])[] = [
    [['gone', second, third], 1],
    [[first, 'gone', third], 2],
    [[second, first, third], 1],
    [[first, third, second], 2],
    [[first, first, third], 2],
  ]
  for (const [segments, segment] of cases) {
    const report = await verify(segments)
    assert.equal(report.verdict, 'broken')
    assert.equal(report.broken?.segment, segment)
  }
})

test('records missing at the very end are found with an anchor', async () => {
  const whole = await verify(chain())
  const anchor = { sequence: whole.records, hash: whole.lastHash }
  assert.equal((await verify(chain(), anchor)).verdict, 'whole')
  const [first = '', second = '', third = ''] = chain()
  const short = [first, second, `${third.split('\n').slice(0, -2).join('\n')}\n`]
  assert.equal((await verify(short)).verdict, 'whole')
  assert.match((await verify(short, anchor)).broken?.what ?? '', /ends before record/)
  const other = { sequence: 3, hash: genesis }
  assert.match((await verify(chain(), other)).broken?.what ?? '', /not the one that is known/)
})

test('the end of a write that is under way is a note, not a break', async () => {
  const segments = chain()
  const last = segments[2] ?? ''
  const end = last.lastIndexOf('\n', last.length - 2) + 1
  for (const cut of [1, 40, 64, 65, 66, last.length - end - 1]) {
    const report = await verify([segments[0] ?? '', segments[1] ?? '', last.slice(0, end + cut)])
    assert.equal(report.broken, undefined)
    assert.match(report.notes.join(), new RegExp(`ends in ${cut} bytes that are no whole record`))
  }
  const begun = await verify([segments[0] ?? '', segments[1] ?? '', ''])
  assert.equal(begun.verdict, 'whole')
})

test('an empty journal is not a whole one', async () => {
  const report = await verify([])
  assert.deepEqual([report.verdict, report.exitCode], ['unreadable', 2])
})

test('right hashes over records that make no sense together are found', async () => {
  const remade = (change: (bodies: string[]) => void): string => {
    const bodies = (chain()[0] ?? '')
      .split('\n')
      .slice(0, -1)
      .map(line => line.slice(65))
    change(bodies)
    let previous = genesis
    return bodies
      .map(body => {
        previous = hash('sha256', previous + body, 'hex')
        return `${previous} ${body}\n`
      })
      .join('')
  }
  const what = async (change: (bodies: string[]) => void) =>
    (await verify([remade(change)])).broken?.what ?? ''
  assert.equal(await what(() => undefined), '')
  assert.match(await what(bodies => bodies.splice(3, 1)), /says it is number 5/)
  assert.match(await what(bodies => bodies.splice(0, 1)), /says it is number 2/)
  assert.match(
    await what(bodies => (bodies[0] = (bodies[0] ?? '').replace('"format":1', '"format":2'))),
    /format is 2/,
  )
  assert.match(await what(bodies => (bodies[2] = 'null')), /no record/)
})

test('a refused statement waits for no outcome, one that runs does', async () => {
  const encoder = new Encoder('server-1', plainSealing, () => atMs, {
    sequence: 0,
    hash: genesis,
    chain: undefined,
    segment: 0,
  })
  const refused = { ...plan, verdict: 'denied' as const }
  const report = await verify([encoder.encode([intent(1), intent(2, { plan: refused })], 1)])
  assert.equal(report.open, 1)
})
