// The key that seals all other keys, and those before it while it is being changed: from the configuration, or a file made at
// first start that only the server can read.

import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseKeyEncryptionKey } from '../access/vault.ts'
import { Secret } from '../core/secret.ts'
import type { Config } from './config.ts'

/** While they change there are two; more only after changes that were never finished. */
const keysMax = 5

/**
 * @returns the one that seals, first, and those that only open what was sealed before
 * @throws Error with what to do, if a key cannot be read, can be read by others, or is no good key
 */
export function loadKeyEncryptionKeys(key: Config['key']): [Uint8Array, ...Uint8Array[]] {
  if (key.kind === 'value') return parseKeys(key.value)
  if (!existsSync(key.file)) {
    mkdirSync(dirname(key.file), { recursive: true })
    writeFileSync(key.file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  }
  if ((statSync(key.file).mode & 0o077) !== 0) {
    throw new Error(`Others can read the key file ${key.file}. Run: chmod 600 ${key.file}`)
  }
  return parseKeys(new Secret(readFileSync(key.file, 'utf8')))
}

/** One a line in a file, or divided by commas or blanks where there are no lines. */
function parseKeys(text: Secret): [Uint8Array, ...Uint8Array[]] {
  const [first = '', ...older] = text
    .reveal()
    .split(/[\s,]+/)
    .filter(part => part !== '')
  if (older.length >= keysMax)
    throw new Error(`there are more than ${keysMax} key-encryption keys: take old ones away`)
  return [
    parseKeyEncryptionKey(new Secret(first)),
    ...older.map(one => parseKeyEncryptionKey(new Secret(one))),
  ]
}
