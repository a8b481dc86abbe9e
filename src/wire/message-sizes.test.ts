// Lengths of messages, however they are cut.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watchMessageSizes } from './message-sizes.ts'

function message(bytes: number): Buffer {
  const made = Buffer.alloc(5 + bytes, 0x7f)
  made.writeInt32BE(4 + bytes, 1)
  return made
}

test('the first message that is too long is told of once, before it has come in', () => {
  const fits = Buffer.concat([message(0), message(96), message(10)])
  const all = Buffer.concat([fits, message(97), message(200)])
  for (let size = 1; size <= all.length; size++) {
    const told: number[] = []
    let at = 0
    const watch = watchMessageSizes(100, () => told.push(at))
    for (at = 0; at < all.length; at += size) watch(all.subarray(at, at + size))
    assert.equal(told.length, 1)
    assert.ok(Math.abs((told[0] ?? 0) - fits.length) <= size + 5)
  }
  watchMessageSizes(100, () => assert.fail())(fits)
})
