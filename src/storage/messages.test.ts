// Messages within one server.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMessages } from './messages.ts'

test('reach every listener of the topic before publish returns, and no other', () => {
  const heard: string[] = []
  const messages = createMessages(error => assert.ifError(error))
  const listener = (payload: string) => heard.push(payload)
  const end = messages.subscribe('tags', listener)
  messages.subscribe('tags', listener)
  messages.subscribe('users', () => heard.push('users'))
  messages.publish('tags', '1')
  assert.deepEqual(heard, ['1', '1'])
  end()
  end()
  messages.publish('tags', '2')
  assert.deepEqual(heard, ['1', '1', '2'])
  messages.publish('policies', '')
})

test('a listener that fails keeps them from nobody', () => {
  const warnings: unknown[] = []
  const heard: string[] = []
  const messages = createMessages(error => warnings.push(error))
  messages.subscribe('users', () => {
    throw new Error('broken')
  })
  messages.subscribe('users', payload => heard.push(payload))
  messages.publish('users', 'hana')
  assert.deepEqual([heard, warnings.length], [['hana'], 1])
})
