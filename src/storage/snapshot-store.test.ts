// Snapshots in the server database, on SQLite and on MariaDB.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { EventId, SessionId } from '../core/ids.ts'
import type { StoredSnapshot } from '../gate/snapshots.ts'
import { onEveryDatabase } from './every-database.contract.ts'
import { createSnapshotStore } from './snapshot-store.ts'

const snapshot = (n: number, more: Partial<StoredSnapshot> = {}): StoredSnapshot => ({
  id: `snapshot-${n}` as EventId,
  statementId: 'statement-1' as EventId,
  part: 'before',
  sessionId: 'session-1' as SessionId,
  userName: '関',
  targetId: 'target-1',
  targetName: 'shop',
  table: 'public.customers',
  atMs: 1_795_000_000_000 + n,
  rows: n,
  sealed: 's1.'.padEnd(3_000_000, 'x'),
  hash: 'f'.repeat(64),
  ...more,
})

onEveryDatabase('snapshots', ({ open }) => {
  it('are found by their statement, the rows before it first', async () => {
    const store = createSnapshotStore(await open())
    const [after, before] = [snapshot(1, { part: 'after' }), snapshot(2)]
    await store.add(after)
    await store.add(before)
    await store.add(snapshot(3, { statementId: 'statement-2' as EventId }))
    assert.deepEqual(await store.find('statement-1'), [before, after])
    assert.deepEqual(await store.find('statement-3'), [])
  })

  it('are there once for each side of a statement', async () => {
    const store = createSnapshotStore(await open())
    await store.add(snapshot(1))
    await assert.rejects(store.add(snapshot(2)))
  })

  it('go when they are old', async () => {
    const store = createSnapshotStore(await open())
    const young = snapshot(2, { part: 'after' })
    await store.add(snapshot(1))
    await store.add(young)
    assert.equal(await store.removeBefore(young.atMs), 1)
    assert.deepEqual(await store.find('statement-1'), [young])
    assert.equal(await store.removeBefore(young.atMs), 0)
  })
})
