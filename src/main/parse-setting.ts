// One value of the configuration: from what somebody wrote to what the server uses, or the words for what it must be.

import { isIP } from 'node:net'
import { Secret } from '../core/secret.ts'
import type { Setting } from './config-schema.ts'

export type SettingValue = string | number | boolean | readonly string[] | Secret

export type Parsed =
  | { readonly kind: 'right'; readonly value: SettingValue }
  /** `must`: the rest of a sentence that begins with where it was given. Never repeats a secret. */
  | { readonly kind: 'wrong'; readonly must: string }

const right = (value: SettingValue): Parsed => ({ kind: 'right', value })
const wrong = (must: string): Parsed => ({ kind: 'wrong', must })
const shown = (given: unknown): string => JSON.stringify(given) ?? String(given)

const hostName = /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/

export function parseSetting(setting: Setting, given: unknown): Parsed {
  switch (setting.kind) {
    case 'port':
      return parseNumber(given, 0, 65_535, 'a port from 0 to 65535')
    case 'count':
      return parseNumber(
        given,
        1,
        Number.MAX_SAFE_INTEGER,
        `a whole number (${setting.unit ?? 'count'}), 1 or more`,
      )
    case 'boolean':
      if (given === true || given === 'true' || given === '1' || given === 'yes' || given === 'on')
        return right(true)
      if (given === false || given === 'false' || given === '0' || given === 'no' || given === 'off')
        return right(false)
      return wrong(`is ${shown(given)}: it must be true or false`)
    case 'choice':
      return typeof given === 'string' && setting.choices?.includes(given) === true
        ? right(given)
        : wrong(`is ${shown(given)}: it must be one of ${setting.choices?.join(', ')}`)
    case 'list':
      return parseList(given)
    case 'secret':
      return typeof given === 'string' && given !== ''
        ? right(new Secret(given))
        : wrong('must be a text in quotes that is not empty')
    case 'host':
      return typeof given === 'string' && (isIP(given) !== 0 || hostName.test(given))
        ? right(given)
        : wrong(`is ${shown(given)}: it must be a host name or an address, without a port`)
    default:
      return typeof given === 'string' && given.trim() !== '' && !given.includes('\0')
        ? right(given)
        : wrong(`is ${shown(given)}: it must be a text that is not empty`)
  }
}

function parseNumber(given: unknown, least: number, most: number, what: string): Parsed {
  const number = typeof given === 'string' && /^\d{1,16}$/.test(given) ? Number(given) : given
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= least && number <= most
    ? right(number)
    : wrong(`is ${shown(given)}: it must be ${what}`)
}

function parseList(given: unknown): Parsed {
  const parts: unknown[] = typeof given === 'string' ? given.split(',').map(part => part.trim()) : []
  const list: readonly unknown[] = Array.isArray(given) ? given : parts
  const isNetwork = (part: unknown): part is string => {
    if (typeof part !== 'string') return false
    const [address = '', bits, more] = part.split('/')
    const family = isIP(address)
    if (family === 0 || more !== undefined) return false
    return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
  }
  return (Array.isArray(given) || typeof given === 'string') && list.every(isNetwork)
    ? right(list)
    : wrong(`is ${shown(given)}: it must be a list of addresses or networks such as 10.0.0.0/8`)
}
