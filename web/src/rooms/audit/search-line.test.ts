// What the search line of the audit makes of what is typed.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chipsOf, readLine } from './search-line.ts'
import { auditFilter, parseTrailFilter } from './trail-filter.ts'

test('fields become fields, and the rest stays as words', () => {
  assert.deepEqual(readLine('user:hana table:customers refused select "order by"', {}, true), {
    search: { user: 'hana', table: 'customers', verdict: 'denied' },
    rest: 'select "order by"',
  })
  assert.deepEqual(
    readLine('program:"my tool" rows:>100 took:1s-2.5s kind:changes', { kinds: ['server'] }, true),
    {
      search: { program: 'my tool', rowsMin: 100, msMin: 1_000, msMax: 2_500, kinds: ['server', 'changes'] },
      rest: '',
    },
  )
})

test('what is still being typed stays where it is', () => {
  assert.deepEqual(readLine('user:ha', {}, false), { search: {}, rest: 'user:ha' })
  assert.deepEqual(readLine('user:ha ', {}, false), { search: { user: 'ha' }, rest: '' })
  assert.deepEqual(readLine('orders ', {}, false), { search: {}, rest: 'orders ' })
})

test('what is no field is a word', () => {
  for (const text of [
    'nothing:here',
    'rows:many',
    'took:5parsecs',
    'kind:all',
    'a::b',
    'user:',
    '"',
    'constructor:x',
  ])
    assert.deepEqual(readLine(text, {}, true), { search: {}, rest: text }, text)
})

test('each field has a chip, and can be taken away', () => {
  const search = readLine('user:hana masked rows:<5 took:>100', { range: '1h' }, true).search
  assert.deepEqual(
    chipsOf(search).map(({ field, value }) => [field, value]),
    [
      ['user', 'hana'],
      ['masked', ''],
      ['rows', '≤ 5'],
      ['took', '≥ 100 ms'],
    ],
  )
  let left = search
  for (let [chip] = chipsOf(left); chip !== undefined; [chip] = chipsOf(left)) left = chip.without
  assert.deepEqual(left, { range: '1h' })
})

test('the address keeps it all, and the server is asked for it', () => {
  const { search } = readLine('table:customers column:email policy:p took:>100', {}, true)
  assert.deepEqual(parseTrailFilter({ ...search }), search)
  const { kinds: _, ...filter } = auditFilter(search, 0)
  assert.deepEqual(filter, { table: 'customers', column: 'email', policy: 'p', durationMinMs: 100 })
})
