// Messages within one server. Between servers the same interface will be spoken over Redis.

import type { Messages, Topic } from '../core/messages.ts'

/**
 * Listeners are called before `publish` returns, so that what was changed is known at the next statement.
 * @param warn  told when a listener fails; the others are called all the same
 */
export function createMessages(warn: (error: unknown) => void): Messages {
  const listeners = new Map<Topic, Set<(payload: string) => void>>()
  return {
    publish(topic, payload) {
      for (const listener of Array.from(listeners.get(topic) ?? [])) {
        try {
          listener(payload)
        } catch (error) {
          warn(error)
        }
      }
    },
    subscribe(topic, listener) {
      // An own function for each subscription: ending one must not end another of the same listener.
      const own = (payload: string) => listener(payload)
      const all = listeners.get(topic) ?? new Set()
      listeners.set(topic, all.add(own))
      return () => {
        all.delete(own)
      }
    },
  }
}
