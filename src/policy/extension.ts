// Cedar's extension types: addresses, decimals, moments and durations, with exactly the texts and bounds Cedar accepts.

export interface IpValue {
  readonly kind: 'ip'
  readonly version: 4 | 6
  readonly bits: bigint
  readonly prefix: number
}

export interface DecimalValue {
  readonly kind: 'decimal'
  /** Ten-thousandths. */
  readonly units: bigint
}

export interface DatetimeValue {
  readonly kind: 'datetime'
  /** Milliseconds since 1970 in UTC. */
  readonly ms: bigint
}

export interface DurationValue {
  readonly kind: 'duration'
  readonly ms: bigint
}

export type ExtensionValue = IpValue | DecimalValue | DatetimeValue | DurationValue

const longMin = -(2n ** 63n)
const longMax = 2n ** 63n - 1n

/** Whether a number is one of Cedar's (64 bits, signed). */
export function isLong(value: bigint): boolean {
  return value >= longMin && value <= longMax
}

/** @returns `undefined` if Cedar takes the text for no address or range */
export function parseIp(text: string): IpValue | undefined {
  const [address = '', prefixText, ...rest] = text.split('/')
  if (rest.length > 0) return undefined
  const version = address.includes(':') ? 6 : 4
  const bits = version === 4 ? parseIpv4(address) : parseIpv6(address)
  if (bits === undefined) return undefined
  const width = version === 4 ? 32 : 128
  if (prefixText === undefined) return { kind: 'ip', version, bits, prefix: width }
  if (!/^(0|[1-9]\d{0,2})$/.test(prefixText) || Number(prefixText) > width) return undefined
  return { kind: 'ip', version, bits, prefix: Number(prefixText) }
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let bits = 0n
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined
    bits = bits * 256n + BigInt(part)
  }
  return bits
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head = [], tail = []] = halves.map(half => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  let bits = 0n
  for (const group of [...head, ...Array.from({ length: missing }, () => '0'), ...tail]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined
    bits = bits * 65536n + BigInt(`0x${group}`)
  }
  return bits
}

function hostBits(ip: IpValue): bigint {
  return BigInt((ip.version === 4 ? 32 : 128) - ip.prefix)
}

function firstOf(ip: IpValue): bigint {
  return (ip.bits >> hostBits(ip)) << hostBits(ip)
}

function lastOf(ip: IpValue): bigint {
  return firstOf(ip) + (1n << hostBits(ip)) - 1n
}

/** Whether every address of `inner` is one of `outer`. */
export function isInRange(inner: IpValue, outer: IpValue): boolean {
  return inner.version === outer.version && firstOf(inner) >= firstOf(outer) && lastOf(inner) <= lastOf(outer)
}

export function isLoopback(ip: IpValue): boolean {
  return ip.version === 4 ? ip.prefix >= 8 && ip.bits >> 24n === 127n : ip.prefix === 128 && ip.bits === 1n
}

export function isMulticast(ip: IpValue): boolean {
  return ip.version === 4
    ? ip.prefix >= 4 && ip.bits >> 28n === 14n
    : ip.prefix >= 8 && ip.bits >> 120n === 255n
}

/** @returns `undefined` if Cedar takes the text for no decimal */
export function parseDecimal(text: string): DecimalValue | undefined {
  const parts = /^(-?)(\d+)\.(\d{1,4})$/.exec(text)
  if (parts === null) return undefined
  const [, sign, whole = '', fraction = ''] = parts
  const size = BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0'))
  const units = sign === '-' ? -size : size
  return isLong(units) ? { kind: 'decimal', units } : undefined
}

const datetimeForm =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{3}))?(?:Z|([+-])(\d{2})(\d{2})))?$/

/** @returns `undefined` if Cedar takes the text for no moment */
export function parseDatetime(text: string): DatetimeValue | undefined {
  const parts = datetimeForm.exec(text)
  if (parts === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = parts
    .slice(1, 8)
    .map(part => Number(part ?? 0))
  const zoneHour = Number(parts[9] ?? 0)
  const zoneMinute = Number(parts[10] ?? 0)
  if (hour > 23 || minute > 59 || second > 59 || zoneHour > 23 || zoneMinute > 59) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  const zone = (zoneHour * 60 + zoneMinute) * 60_000 * (parts[8] === '-' ? -1 : 1)
  const time = date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + ms - zone
  return { kind: 'datetime', ms: BigInt(time) }
}

const durationForm = /^(-?)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/
const durationUnits = [86_400_000n, 3_600_000n, 60_000n, 1000n, 1n]

/** @returns `undefined` if Cedar takes the text for no duration */
export function parseDuration(text: string): DurationValue | undefined {
  const parts = durationForm.exec(text)
  if (parts === null || !/\d/.test(text)) return undefined
  let ms = 0n
  durationUnits.forEach((unit, at) => {
    ms += BigInt(parts[at + 2] ?? 0) * unit
  })
  if (parts[1] === '-') ms = -ms
  return isLong(ms) ? { kind: 'duration', ms } : undefined
}

const dayMs = 86_400_000n

/** The time of the day, never negative. */
export function timeOfDay(ms: bigint): bigint {
  return ((ms % dayMs) + dayMs) % dayMs
}
