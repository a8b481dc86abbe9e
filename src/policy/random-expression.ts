// For tests: random Cedar expressions from a seed, mostly well typed, all of the language within a few levels.

export type Random = () => number

/** mulberry32: small, fast, the same everywhere. */
export function createRandom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T
}

const kinds = [
  'bool',
  'long',
  'string',
  'set',
  'record',
  'entity',
  'ip',
  'decimal',
  'datetime',
  'duration',
] as const
export type Kind = (typeof kinds)[number]

/** Attributes of the test's users and of the context, by kind; some are missing on some entities. */
export const attributes: Readonly<Record<Kind, readonly string[]>> = {
  bool: ['active', 'absent'],
  long: ['level', 'absent'],
  string: ['name', 'email'],
  set: ['marks', 'friends'],
  record: ['home', 'a b'],
  entity: ['boss'],
  ip: ['address'],
  decimal: ['score'],
  datetime: ['born'],
  duration: ['stay'],
}

export const entityTexts = [
  'User::"alice"',
  'User::"bob"',
  'User::"nobody"',
  'Group::"staff"',
  'Group::"analysts"',
  'Target::"shop"',
  'Table::"orders"',
  'Table::"ghost"',
  'Action::"select"',
  'Action::"write"',
]

export const literals: Readonly<Record<Exclude<Kind, 'set' | 'record'>, readonly string[]>> = {
  bool: ['true', 'false'],
  long: ['0', '1', '-1', '2', '7', '1024', '-1024', '9007199254740991', '-9007199254740991'],
  string: [
    '""',
    '"alice"',
    '"Alice"',
    '"a*b"',
    '"日本😀"',
    '"x@example.org"',
    '"env"',
    '"prod"',
    '"\\u{1F600}"',
  ],
  entity: entityTexts,
  ip: [
    '127.0.0.1',
    '127.0.0.0/8',
    '127.0.0.0/7',
    '10.1.2.3',
    '10.0.0.0/8',
    '10.1.2.3/8',
    '0.0.0.0/0',
    '224.0.0.1',
    '224.0.0.0/3',
    '224.0.0.0/4',
    '::1',
    '::1/127',
    '::/0',
    'ff00::/8',
    'ff02::1',
    'fe80::1/64',
    '1:2:3:4:5:6:7:8',
    '::ffff:1.2.3.4',
    '01.2.3.4',
    '1.2.3',
    '1.2.3.4/33',
    '1.2.3.4/08',
    'fe80::/129',
    '1::2::3',
    '1:2:3:4:5:6:7::',
    '::1/0',
    ' 1.1.1.1',
    '1.1.1.1/',
    '256.1.1.1',
    'g::1',
    '12345::',
    ':1',
    '1.1.1.1/32/1',
    '::1:2:3:4:5:6:7',
    '::1:2:3:4:5:6:7:8',
  ].map(text => `ip("${text}")`),
  decimal: [
    '0.0',
    '1.5',
    '1.50',
    '-1.5',
    '-0.0',
    '922337203685477.5807',
    '922337203685477.5808',
    '-922337203685477.5808',
    '1',
    '1.',
    '.5',
    '1.23456',
    '+1.0',
    '00.1',
    '1.0 ',
  ].map(text => `decimal("${text}")`),
  datetime: [
    '2024-02-29',
    '2023-02-29',
    '1970-01-01',
    '1969-12-31T23:59:59.999Z',
    '2024-01-01T00:00:00Z',
    '0000-01-01',
    '9999-12-31T23:59:59.999+2359',
    '2024-01-01T12:00:00.5Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:00:60Z',
    '2024-01-01T00:00:00-0900',
    '2024-01-01T00:00:00+09:00',
    '2024-13-01',
    '0050-03-01',
    '2024-01-01T09:30:00.123+0900',
    '2024-01-01T00:00:00',
    '2024-1-1',
    '2024-01-01T00:00:00+0060',
    '2024-01-01T00:00:00+2400',
    '1900-02-29',
    '2000-02-29',
  ].map(text => `datetime("${text}")`),
  duration: [
    '1d',
    '-1d',
    '1h30m',
    '90m',
    '5400s',
    '5400000ms',
    '1d2h3m4s5ms',
    '0ms',
    '-0ms',
    '',
    '-',
    '1m1h',
    '1x',
    '9223372036854775807ms',
    '9223372036854775808ms',
    '-9223372036854775808ms',
    '106751991167d',
    '106751991168d',
    '1ms1s',
    '01d',
    '1d 1h',
  ].map(text => `duration("${text}")`),
}

/** @param depth levels that may still follow */
export function randomExpression(random: Random, wanted: Kind, depth: number): string {
  const kind = random() < 0.03 ? pick(random, kinds) : wanted
  const sub = (of: Kind) => randomExpression(random, of, depth - 1)
  const roll = random()
  if (depth <= 0 || roll < 0.12) return leaf(random, kind)
  if (roll < 0.2) return `(if ${sub('bool')} then ${sub(kind)} else ${sub(kind)})`
  if (roll < 0.35) return access(random, kind, sub)
  return `(${pick(random, composed[kind])(sub, random)})`
}

function leaf(random: Random, kind: Kind): string {
  if (random() < 0.3) return access(random, kind, () => pick(random, ['principal', 'resource', 'principal']))
  if (kind === 'entity' && random() < 0.6) return pick(random, ['principal', 'resource', 'action'])
  if (kind === 'record')
    return random() < 0.3 ? 'context' : pick(random, ['{}', '{a: 1}', '{"a": 1, b: {c: "x"}}'])
  if (kind === 'set')
    return pick(random, ['[]', '[1, 2]', '[2, 1, 1]', '["env", "alice"]', '[User::"alice"]', '[[1], [1, 1]]'])
  return pick(random, literals[kind])
}

function access(random: Random, kind: Kind, sub: (of: Kind) => string): string {
  const name = pick(random, attributes[kind])
  const of = random() < 0.7 ? pick(random, ['principal', 'context', 'principal', 'resource']) : sub('entity')
  return name.includes(' ') ? `(${of})["${name}"]` : `(${of}).${name}`
}

type Compose = (sub: (of: Kind) => string, random: Random) => string
const anyKind = (random: Random) => pick(random, kinds)
const names = ['name', 'email', 'home', 'home.a', 'home.b.c', 'absent', 'boss.name', '"a b"', 'level']

const composed: Readonly<Record<Kind, readonly Compose[]>> = {
  bool: [
    sub => `${sub('bool')} && ${sub('bool')}`,
    sub => `${sub('bool')} || ${sub('bool')}`,
    sub => `!(${sub('bool')})`,
    (sub, random) =>
      ((kind: Kind) => `${sub(kind)} ${pick(random, ['==', '!='])} ${sub(kind)}`)(anyKind(random)),
    (sub, random) => `${sub('long')} ${pick(random, ['<', '<=', '>', '>='])} ${sub('long')}`,
    (sub, random) => `${sub('datetime')} ${pick(random, ['<', '<=', '>', '>='])} ${sub('datetime')}`,
    (sub, random) => `${sub('duration')} ${pick(random, ['<', '<=', '>', '>='])} ${sub('duration')}`,
    sub => `${sub('entity')} in ${sub('entity')}`,
    sub => `${sub('entity')} in [${sub('entity')}, ${sub('entity')}]`,
    sub => `${sub('entity')} in []`,
    (sub, random) => `${sub('entity')} is ${pick(random, ['User', 'Table', 'Group'])}`,
    (sub, random) => `${sub('entity')} is ${pick(random, ['User', 'Table'])} in ${sub('entity')}`,
    (sub, random) => `${sub(pick(random, ['entity', 'record']))} has ${pick(random, names)}`,
    (sub, random) =>
      `${sub('string')} like ${pick(random, ['"*"', '"a*"', '"*@example.org"', '"a\\*b"', '"*l*c*"', '"日*"', '""', '"alice"', '"*ic*ce"'])}`,
    (sub, random) => `(${sub('set')}).contains(${sub(anyKind(random))})`,
    sub => `(${sub('set')}).containsAll(${sub('set')})`,
    sub => `(${sub('set')}).containsAny(${sub('set')})`,
    sub => `(${sub('set')}).isEmpty()`,
    (sub, random) => `(${sub('entity')}).hasTag(${random() < 0.7 ? '"env"' : sub('string')})`,
    (sub, random) => `(${sub('ip')}).${pick(random, ['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast'])}()`,
    sub => `(${sub('ip')}).isInRange(${sub('ip')})`,
    (sub, random) =>
      `(${sub('decimal')}).${pick(random, ['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'])}(${sub('decimal')})`,
  ],
  long: [
    sub => `${sub('long')} + ${sub('long')}`,
    sub => `${sub('long')} - ${sub('long')}`,
    sub => `${sub('long')} * ${sub('long')}`,
    sub => `-(${sub('long')})`,
    (sub, random) =>
      `(${sub('duration')}).${pick(random, ['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays'])}()`,
  ],
  string: [(sub, random) => `(${sub('entity')}).getTag(${random() < 0.8 ? '"env"' : sub('string')})`],
  set: [
    (sub, random) => `[${sub(anyKind(random))}, ${sub(anyKind(random))}]`,
    (sub, random) => ((kind: Kind) => `[${sub(kind)}, ${sub(kind)}, ${sub(kind)}]`)(anyKind(random)),
  ],
  record: [
    (sub, random) => `{a: ${sub(anyKind(random))}, "b": {c: ${sub('string')}}, name: ${sub('string')}}`,
  ],
  entity: [sub => `(${sub('entity')}).boss`],
  ip: [
    () => 'ip("10.0.0.0/24")',
    (sub, random) => (random() < 0.2 ? `ip(${sub('string')})` : 'principal.address'),
  ],
  decimal: [() => 'decimal("1.5")'],
  datetime: [
    sub => `(${sub('datetime')}).offset(${sub('duration')})`,
    sub => `(${sub('datetime')}).toDate()`,
  ],
  duration: [
    sub => `(${sub('datetime')}).durationSince(${sub('datetime')})`,
    sub => `(${sub('datetime')}).toTime()`,
  ],
}
