// The key that seals all other keys: from the configuration, or a file made at first start that only the server can read.

import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Config } from './config.ts'

const keyBytes = 32

/** @throws Error with what to do, if the key cannot be read or is not 32 bytes in base64 */
export function loadKeyEncryptionKey(key: Config['key']): Uint8Array {
  if (key.kind === 'value') return parse(key.value.reveal(), 'key.value')
  if (!existsSync(key.file)) {
    mkdirSync(dirname(key.file), { recursive: true })
    writeFileSync(key.file, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  }
  const open = statSync(key.file).mode & 0o077
  if (open !== 0) throw new Error(`Others can read the key file ${key.file}. Run: chmod 600 ${key.file}`)
  return parse(readFileSync(key.file, 'utf8').trim(), key.file)
}

function parse(text: string, where: string): Uint8Array {
  const key = Buffer.from(text, 'base64')
  if (key.length !== keyBytes)
    throw new Error(`The key in ${where} is not ${keyBytes} bytes in base64. Restore it from your backup.`)
  if (new Set(key).size < keyBytes / 4)
    throw new Error(`The key in ${where} is not random. Make one: openssl rand -base64 ${keyBytes}`)
  return key
}
