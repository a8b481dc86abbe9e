// Messages between the parts of one server, and between servers: who listens must cope with missing one.

/** A topic names what changed; the payload says which one, never what it is now: listeners read it anew. */
export interface Messages {
  publish(topic: Topic, payload: string): void
  /** @returns a function that ends the subscription */
  subscribe(topic: Topic, listener: (payload: string) => void): () => void
}

/**
 * `sessions` ends one, `interrupts` stops what runs in one; both carry its id. `watching`: at the server of this id somebody
 * watches statements pass.
 */
export type Topic =
  | 'users'
  | 'policies'
  | 'rules'
  | 'targets'
  | 'tags'
  | 'tokens'
  | 'sessions'
  | 'interrupts'
  | 'watching'
  | 'requests'
