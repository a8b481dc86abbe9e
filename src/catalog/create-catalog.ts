// Puts the catalog room together.

import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { NewId, TargetId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import type { Messages } from '../core/messages.ts'
import type { Catalog } from './catalog.ts'
import { createRecorder, type RecordChange } from './record.ts'
import { type Delay, KeptSchemas, type LoadSchema } from './schemas.ts'
import type { TagStore } from './tag-store.ts'
import { HeldTags } from './tags.ts'
import { TargetDirectory } from './target-directory.ts'
import type { TargetStore } from './target-store.ts'
import { createTargets, type PortRange, type Sealer, type SealedTargets, targetPorts } from './targets.ts'

export interface CatalogParts {
  readonly targetStore: TargetStore
  readonly tagStore: TagStore
  readonly sealer: Sealer
  readonly record: RecordChange
  readonly messages: Messages
  readonly clock: Clock
  readonly newId: NewId
  readonly limits: Limits
  readonly loadSchema: LoadSchema
  /** What fails where nobody waits for it. */
  readonly warn: (error: unknown) => void
  /** 40000-45000 if not given. */
  readonly portRange?: PortRange
  /** Other than real time only in tests. */
  readonly delay?: Delay
}

export interface OpenCatalog extends Catalog {
  readonly targets: SealedTargets
  /** Reads all targets anew: a message of another server may have been missed. */
  refresh(): Promise<void>
  /** Ends the subscriptions. */
  close(): void
}

/** Reads all tags before it resolves, so that `tags.effective` never has to guess. */
export async function createCatalog(parts: CatalogParts): Promise<OpenCatalog> {
  const recorder = createRecorder(parts.record, parts.clock, parts.newId)
  const shared = { ...parts, recorder }
  const directory = new TargetDirectory(parts.targetStore)
  await directory.load()
  const targets = createTargets({ ...shared, directory, portRange: parts.portRange ?? targetPorts })
  const tags = new HeldTags({
    ...shared,
    async targetName(id) {
      const target = await targets.get(id)
      if (target === undefined) throw new GatewayError('not-found', 'target')
      return target.name
    },
    // Tags can be given and taken while the target is down.
    picture: id => schemas.fresh(id).catch(() => undefined),
  })
  const schemas = new KeptSchemas({
    ...shared,
    delay: parts.delay ?? ((ms, signal) => wait(ms, undefined, { signal, ref: false })),
    target: id => targets.get(id),
    password: id => targets.password(id),
    taken: (id, snapshot) => tags.follow(id, snapshot),
  })
  await tags.prime(directory.all.map(target => target.id))
  const ends = [
    parts.messages.subscribe('tags', payload => void tags.heard(payload).catch(parts.warn)),
    parts.messages.subscribe('targets', id => {
      schemas.forget(id as TargetId)
      directory.refresh(id as TargetId).catch(parts.warn)
    }),
  ]
  return {
    targets,
    tags,
    schemas,
    refresh: () => directory.load(),
    close() {
      for (const end of ends) end()
    },
  }
}
