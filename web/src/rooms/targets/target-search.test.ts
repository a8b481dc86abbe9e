// What the address bar says of the list of targets, and where its groups stand.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layOut, parseTargetSearch, targetFilter } from './target-search.ts'

test('the address keeps what it knows and drops the rest', () => {
  const search = parseTargetSearch({ q: 7, tag: 'env=prod', state: 'gone', sort: '-port', group: '', x: 1 })
  assert.deepEqual(search, { q: '7', tag: 'env=prod', sort: '-port' })
  assert.deepEqual(targetFilter(search), { search: '7', tag: 'env=prod', sort: '-port' })
  assert.deepEqual(parseTargetSearch({ sort: 'password' }), {})
  assert.deepEqual(targetFilter(parseTargetSearch({ off: true })), { disabled: true })
})

test('groups stand above their rows, and folded ones hide theirs', () => {
  const groups = [
    { value: 'dev', count: 2 },
    { value: 'prod', count: 3 },
    { value: '', count: 1 },
  ]
  const places = (folded: readonly string[]) => {
    const layout = layOut(6, groups, new Set(folded))
    return Array.from({ length: layout.count }, (_, index) => {
      const place = layout.at(index)
      return place.kind === 'group' ? place.value || '-' : place.index
    })
  }
  assert.deepEqual(places([]), ['dev', 0, 1, 'prod', 2, 3, 4, '-', 5])
  assert.deepEqual(places(['prod']), ['dev', 0, 1, 'prod', '-', 5])
  assert.deepEqual(places(['dev', 'prod', '']), ['dev', 'prod', '-'])
  assert.equal(layOut(60_000, undefined, new Set()).count, 60_000)
})
