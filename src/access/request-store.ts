// Where requests are kept; implemented by `storage/`.

import type { UserId } from '../core/ids.ts'
import type { AccessRequest, RequestState } from './requests.ts'

/** The subject is sealed; `key` tells whether two requests are for the same. */
export interface StoredRequest extends Omit<AccessRequest, 'subject'> {
  readonly key: string
  readonly sealedSubject: string
}

export interface RequestChange {
  readonly state: RequestState
  readonly decidedBy?: string
  readonly decidedAtMs?: number
  readonly note?: string
  readonly validUntilMs?: number
  readonly once?: boolean
}

export interface RequestStore {
  /**
   * Takes the next number for a request that nobody sees until `open`.
   * @returns `undefined` if one with this key is drafted or pending already
   */
  draft(request: Omit<StoredRequest, 'number' | 'state'>): Promise<number | undefined>
  open(number: number): Promise<void>
  discard(number: number): Promise<void>
  /** Drafts that were left behind by a crash. */
  discardDrafts(createdBeforeMs: number): Promise<void>
  get(number: number): Promise<StoredRequest | undefined>
  newest(key: string): Promise<StoredRequest | undefined>
  pending(): Promise<readonly StoredRequest[]>
  pendingOf(userId: UserId): Promise<number>
  /** Newest first. */
  ofUser(userId: UserId, limit: number): Promise<readonly StoredRequest[]>
  /** Not pending any more, newest first. */
  decided(limit: number): Promise<readonly StoredRequest[]>
  /** Changes it only if it still is as it was. @returns whether it was */
  change(number: number, from: RequestState, change: RequestChange): Promise<boolean>
}
