// The key that seals all other keys: from the configuration, or a file made at first start that only the server can read.

import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseKeyEncryptionKey } from '../access/vault.ts'
import { Secret } from '../core/secret.ts'
import type { Config } from './config.ts'

/** @throws Error with what to do, if the key cannot be read, can be read by others, or is no good key */
export function loadKeyEncryptionKey(key: Config['key']): Uint8Array {
  if (key.kind === 'value') return parseKeyEncryptionKey(key.value)
  if (!existsSync(key.file)) {
    mkdirSync(dirname(key.file), { recursive: true })
    writeFileSync(key.file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  }
  if ((statSync(key.file).mode & 0o077) !== 0) {
    throw new Error(`Others can read the key file ${key.file}. Run: chmod 600 ${key.file}`)
  }
  return parseKeyEncryptionKey(new Secret(readFileSync(key.file, 'utf8')))
}
