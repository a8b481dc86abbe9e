// Where the vault's own keys are kept, sealed; implemented by `storage/`.

export interface SealedKey {
  readonly id: string
  readonly sealed: string
  readonly createdAtMs: number
}

export interface KeyStore {
  /** Sorted by id. */
  list(): Promise<readonly SealedKey[]>
  /** @returns whether it was added: `false` if the id is there already, which stays as it is */
  add(key: SealedKey): Promise<boolean>
  /** Replaces how a key is sealed, if it is still sealed as it was. @returns whether it was */
  reseal(id: string, before: string, after: string): Promise<boolean>
}
