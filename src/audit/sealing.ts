// How statement texts are hidden at rest. `main` hands in the vault's, bound to this purpose.

export interface Sealing {
  seal(plain: Uint8Array): Uint8Array
  /** @throws Error if it was not sealed with a key that is known, or was changed since */
  open(sealed: Uint8Array): Uint8Array
}
