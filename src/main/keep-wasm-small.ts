// Keeps V8 from optimizing WebAssembly: the grammar of PostgreSQL is one function so large that it takes 550 MB for two seconds.

import { setFlagsFromString } from 'node:v8'

/**
 * Before the first WebAssembly is compiled. Reading a statement that was not seen before takes 17 µs instead of 13 then, and the
 * process 60 MB less for good.
 */
export function keepWasmSmall(): void {
  setFlagsFromString('--no-wasm-dynamic-tiering')
  setFlagsFromString('--no-wasm-tier-up')
}
