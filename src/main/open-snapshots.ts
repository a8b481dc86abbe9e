// Opens the snapshots: packed and sealed by the vault, kept in the server database, removed when they are old.

import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { RotatingVault } from '../access/vault.ts'
import { Secret } from '../core/secret.ts'
import {
  createSnapshots,
  type Snapshots,
  type SnapshotSealing,
  type SnapshotStore,
} from '../gate/snapshots.ts'
import type { RecordTrail } from '../gate/record-trail.ts'
import type { Foundation } from './foundation.ts'

const dayMs = 24 * 60 * 60 * 1000

export interface OpenSnapshots extends Snapshots {
  close(): void
}

export function openSnapshots(
  foundation: Foundation,
  store: SnapshotStore,
  trail: RecordTrail,
): OpenSnapshots {
  const { vault, clock, newId, limits, warn } = foundation
  const sweep = (): void => {
    store.removeBefore(clock.nowMs() - limits.snapshotDaysMax * dayMs).catch(warn)
  }
  sweep()
  const sweeping = setInterval(sweep, limits.snapshotSweepMs).unref()
  return {
    ...createSnapshots({ store, sealing: sealingBy(vault), trail, clock, newId }),
    close: () => clearInterval(sweeping),
  }
}

const sealingBy = (vault: RotatingVault): SnapshotSealing => ({
  seal: (plain, purpose) => vault.seal(new Secret(deflateRawSync(plain).toString('base64')), purpose),
  open: (sealed, purpose) =>
    inflateRawSync(Buffer.from(vault.open(sealed, purpose).reveal(), 'base64')).toString('utf8'),
})
