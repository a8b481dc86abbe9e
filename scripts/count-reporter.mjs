// Reports a run of node:test for people: one line per file, failures in full where they happen, and the sums to a file.

import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { inspect } from 'node:util'
import { root } from './places.mjs'

/** @param {AsyncIterable<{ type: string, data: any }>} events */
export default async function* report(events) {
  const names = new Map()
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      names.set(`${data.file}:${data.nesting}`, data.name)
    } else if (type === 'test:fail') {
      const cause = data.details?.error?.cause ?? data.details?.error
      // A parent that failed only because of its children has nothing to add.
      if (data.details?.error?.failureType === 'subtestsFailed') continue
      const path = data.file === undefined ? '' : relative(root, data.file)
      const above = []
      for (let depth = 0; depth < data.nesting; depth += 1) above.push(names.get(`${data.file}:${depth}`))
      yield `\n✗ ${path} › ${[...above, data.name].join(' › ')}\n`
      yield `${cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause)}\n`
      if (cause?.expected !== undefined || cause?.actual !== undefined) {
        yield `  expected ${inspect(cause.expected, { depth: 6 })}\n  actual   ${inspect(cause.actual, { depth: 6 })}\n`
      }
      yield '\n'
    } else if (type === 'test:stderr' || type === 'test:stdout') {
      yield data.message
    } else if (type === 'test:summary' && data.file !== undefined) {
      const { passed, failed, cancelled, skipped } = data.counts
      const bad = failed + cancelled
      const also = skipped > 0 ? `, ${skipped} skipped` : ''
      const seconds = (data.duration_ms / 1000).toFixed(1)
      yield `${bad > 0 ? '✗' : '✓'} ${relative(root, data.file)}: ${passed} passed${bad > 0 ? `, ${bad} failed` : ''}${also} (${seconds} s)\n`
    } else if (type === 'test:summary') {
      const sums = process.env.SEKISHO_TEST_SUMS
      if (sums !== undefined) writeFileSync(sums, JSON.stringify(data.counts))
    }
  }
}
