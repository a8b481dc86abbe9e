// A cache that forgets what was not asked for lately, in two generations: no list to keep in order at each look-up.

export class BoundedCache<K, V> {
  readonly #generationMax: number
  #young = new Map<K, V>()
  #old = new Map<K, V>()

  /** @param entriesMax  most entries kept; at least half of it is always kept */
  constructor(entriesMax: number) {
    this.#generationMax = Math.max(1, entriesMax >> 1)
  }

  get(key: K): V | undefined {
    const value = this.#young.get(key)
    if (value !== undefined) return value
    const older = this.#old.get(key)
    if (older !== undefined) this.set(key, older)
    return older
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.#generationMax) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}
