// What a stream does when a listener throws.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { containedIn, containThrows } from './contain-throws.ts'

test('what a listener throws ends its stream with the error, and nothing else', async () => {
  const stream = containThrows(new PassThrough())
  stream.on('data', () => {
    throw new RangeError('out of range')
  })
  const failed = once(stream, 'error')
  stream.write('x')
  const [error] = (await failed) as [Error]
  assert.equal(error.message, 'out of range')
  assert.equal(stream.destroyed, true)
})

test('what is not thrown passes', async () => {
  const stream = containThrows(new PassThrough())
  const heard = once(stream, 'data')
  stream.write('x')
  assert.equal(String(((await heard) as [Buffer])[0]), 'x')
  assert.equal(stream.destroyed, false)
})

test('a function that throws ends the stream it is called for', async () => {
  const stream = new PassThrough()
  const failed = once(stream, 'error')
  containedIn(stream, () => {
    throw new TypeError('of nothing')
  })()
  assert.equal(((await failed) as [Error])[0].message, 'of nothing')
})
