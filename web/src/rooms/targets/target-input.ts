// What somebody typed about a target, checked and made whole; the server has the last word.

import type { TargetInput } from '../../../../src/console/contract.ts'

type Jump = NonNullable<TargetInput['jump']>

export type TargetProblem = 'invalidName' | 'jumpNotWhole' | 'invalidPort' | 'invalidTag' | 'required'

/** `['env=prod']` → `{ env: 'prod' }`; words that are no tag are left out. */
export function parseTags(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.filter(isTag).map(word => {
      const equals = word.indexOf('=')
      return [word.slice(0, equals).trim(), word.slice(equals + 1).trim()]
    }),
  )
}

export function writeTags(tags: Readonly<Record<string, string>>): string[] {
  return Object.entries(tags).map(([key, value]) => `${key}=${value}`)
}

export function isTag(word: string): boolean {
  return /^[^=\s]+=[^=]+$/.test(word.trim())
}

/** An empty password or certificate is one that was not given. */
export function wholeInput(input: TargetInput, tagWords: readonly string[]): TargetInput {
  const { password, tlsCa, jump, ...rest } = input
  return {
    ...rest,
    ...(password === undefined || password === '' ? {} : { password }),
    ...(tlsCa === undefined || tlsCa.trim() === '' ? {} : { tlsCa }),
    ...(jump === undefined ? {} : { jump: wholeJump(jump) }),
    tags: parseTags(tagWords),
  }
}

/** An empty secret is one that was not given: the stored one stays. */
function wholeJump(jump: Jump | null): Jump | null {
  if (jump === null) return null
  const { secret, passphrase, ...rest } = jump
  if (secret === undefined || secret === '') return rest
  return { ...rest, secret, ...(jump.auth === 'key' && passphrase && { passphrase }) }
}

function isWholeJump({ host, user, hostKey, port }: Jump): boolean {
  return host !== '' && user !== '' && hostKey !== '' && Number.isInteger(port) && port >= 1 && port <= 65_535
}

export function problemsOf(
  input: TargetInput,
  tagWords: readonly string[],
  isNew: boolean,
): { readonly [Field in keyof TargetInput]?: TargetProblem } {
  const isPort = Number.isInteger(input.port) && input.port >= 1 && input.port <= 65_535
  return {
    ...(/^[a-z0-9._-]{1,64}$/.test(input.name) ? {} : { name: 'invalidName' }),
    ...(input.host === '' ? { host: 'required' } : {}),
    ...(isPort ? {} : { port: 'invalidPort' }),
    ...(input.database === '' ? { database: 'required' } : {}),
    ...(input.account === '' ? { account: 'required' } : {}),
    ...(isNew && input.password === undefined ? { password: 'required' } : {}),
    ...(input.jump && !isWholeJump(input.jump) ? { jump: 'jumpNotWhole' } : {}),
    ...(tagWords.every(isTag) ? {} : { tags: 'invalidTag' }),
  }
}
