// Numbers and times read right in both languages.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatBytes, formatCount, formatDuration, formatRelative, formatShortTime } from './figures.ts'

test('counts are grouped', () => {
  assert.equal(formatCount(1_234_567, 'en'), '1,234,567')
  assert.equal(formatCount(1_234_567, 'ja'), '1,234,567')
})

test('durations take the unit that fits', () => {
  assert.equal(formatDuration(0.42, 'en'), '0.4 ms')
  assert.equal(formatDuration(42.4, 'en'), '42 ms')
  assert.equal(formatDuration(1_240, 'en'), '1.24 sec')
  assert.equal(formatDuration(125_000, 'en'), '2 min 5 sec')
  assert.equal(formatDuration(1_240, 'ja'), '1.24 秒')
})

test('sizes take the unit that fits', () => {
  assert.equal(formatBytes(0, 'en'), '0 byte')
  assert.equal(formatBytes(999, 'en'), '999 byte')
  assert.equal(formatBytes(9_472, 'en'), '9.5 kB')
  assert.equal(formatBytes(3_400_000, 'en'), '3.4 MB')
})

test('relative times look both ways', () => {
  const now = Date.UTC(2026, 0, 10)
  assert.equal(formatRelative(now - 3 * 3_600_000, now, 'en'), '3 hours ago')
  assert.equal(formatRelative(now + 12 * 86_400_000, now, 'en'), 'in 12 days')
  assert.equal(formatRelative(now + 12 * 86_400_000, now, 'ja'), '12 日後')
})

test('a time of today has no date', () => {
  const noon = new Date(2026, 0, 10, 12, 0, 5).getTime()
  assert.equal(formatShortTime(noon, noon + 1000, 'en'), '12:00:05')
  assert.match(formatShortTime(noon - 86_400_000, noon, 'en'), /Jan 9/)
})
