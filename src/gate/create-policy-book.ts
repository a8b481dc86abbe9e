// Keeps the policies in force and their versions.

import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { Actor, ChangeEvent } from '../core/event.ts'
import type { EventId, NewId } from '../core/ids.ts'
import type { Messages } from '../core/messages.ts'
import type { PolicyLanguage, PolicySet } from '../policy/policy.ts'
import type { PolicyBook, PolicyStore, SavedPolicies } from './policy-book.ts'

export interface PolicyBookParts {
  readonly store: PolicyStore
  readonly language: PolicyLanguage
  /** Puts a change on record before it is done. @throws GatewayError `audit.unavailable` */
  readonly record: (event: ChangeEvent) => Promise<void>
  readonly messages: Messages
  readonly clock: Clock
  readonly newId: NewId
  /** What is in force until somebody saves policies of their own. */
  readonly starter: string
}

/** @returns the book with the newest saved version in force. @throws GatewayError if that version cannot be read */
export async function createPolicyBook(parts: PolicyBookParts): Promise<PolicyBook> {
  const { store, language, record, messages, clock, newId } = parts
  const saved = (await store.current()) ?? (await saveStarter(parts))
  let inForce: PolicySet = language.compile(saved.text, saved.version)

  const loadNewest = async (): Promise<void> => {
    const newest = await store.current()
    if (newest !== undefined && newest.version > inForce.version) {
      inForce = language.compile(newest.text, newest.version)
    }
  }

  return {
    get inForce() {
      return inForce
    },
    async current() {
      const newest = await store.current()
      if (newest === undefined) throw new GatewayError('not-found', 'policies')
      return newest
    },
    refresh: loadNewest,
    get: version => store.get(version),
    list: () => store.list(),
    async save(text, note, basedOn, by) {
      await loadNewest()
      if (basedOn !== inForce.version) {
        throw new GatewayError(
          'conflict',
          `version ${inForce.version} of the policies, saved by somebody else meanwhile`,
        )
      }
      const version = inForce.version + 1
      const compiled = language.compile(text, version)
      const next: SavedPolicies = { version, text, note, savedBy: by.userName, savedAtMs: clock.nowMs() }
      await record({
        kind: 'changed',
        id: newId<EventId>(),
        atMs: next.savedAtMs,
        actor: by,
        what: 'policy.saved',
        object: `policies version ${version}`,
        fields: {
          version: [basedOn, version],
          note: [null, note],
          text: [(await store.get(basedOn))?.text ?? null, text],
        },
      })
      await store.add(next)
      inForce = compiled
      messages.publish('policies', String(version))
      return next
    },
  }
}

async function saveStarter(parts: PolicyBookParts): Promise<SavedPolicies> {
  const { store, record, clock, newId, starter } = parts
  const actor: Actor = { userId: undefined, userName: 'sekisho', address: 'server' }
  const first: SavedPolicies = {
    version: 1,
    text: starter,
    note: 'The policies Sekisho starts with',
    savedBy: actor.userName,
    savedAtMs: clock.nowMs(),
  }
  await record({
    kind: 'changed',
    id: newId<EventId>(),
    atMs: first.savedAtMs,
    actor,
    what: 'policy.saved',
    object: 'policies version 1',
    fields: { version: [null, 1], note: [null, first.note], text: [null, starter] },
  })
  await store.add(first)
  return first
}
