// What names and facts of people and groups may look like; all problems reported at once.

import { GatewayError } from '../core/errors.ts'
import type { Role, User } from '../core/user.ts'
import type { NewUser } from './access.ts'
import type { StoredUser } from './user-store.ts'

const displayNameCharactersMax = 200
const emailCharactersMax = 320
const descriptionCharactersMax = 1_000
const roles: readonly Role[] = ['administrator', 'user']

export function isUserName(name: string): boolean {
  return /^[a-z0-9._@+-]{1,64}$/.test(name)
}

/** @throws GatewayError `request.invalid` with all that is wrong */
export function checkUserFacts(facts: Partial<NewUser>): void {
  const problems: string[] = []
  if (facts.name !== undefined && !isUserName(facts.name)) {
    problems.push('name: 1 to 64 of a-z 0-9 . _ - @ +')
  }
  if (facts.displayName !== undefined && !isLine(facts.displayName, 1, displayNameCharactersMax)) {
    problems.push(`displayName: one line of 1 to ${displayNameCharactersMax} characters`)
  }
  if (facts.email !== undefined && !isEmail(facts.email)) problems.push('email: not an e-mail address')
  if (facts.role !== undefined && !roles.includes(facts.role)) problems.push('role: administrator or user')
  refuse(problems)
}

/** @throws GatewayError `request.invalid` with all that is wrong */
export function checkGroupFacts(facts: { readonly name?: string; readonly description?: string }): void {
  const problems: string[] = []
  if (facts.name !== undefined && !/^[a-z0-9._-]{1,64}$/.test(facts.name)) {
    problems.push('name: 1 to 64 of a-z 0-9 . _ -')
  }
  if (facts.description !== undefined && facts.description.length > descriptionCharactersMax) {
    problems.push(`description: at most ${descriptionCharactersMax} characters`)
  }
  refuse(problems)
}

/** Throws if there is any problem. */
export function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new GatewayError('request.invalid', problems.join('; '))
}

/** Without control characters, so that it cannot break out of a log or a header. */
export function isLine(text: string, charactersMin: number, charactersMax: number): boolean {
  return text.length >= charactersMin && text.length <= charactersMax && !/\p{Cc}/u.test(text)
}

function isEmail(text: string): boolean {
  return isLine(text, 3, emailCharactersMax) && /^[^@\s]+@[^@\s]+$/.test(text)
}

/** Without what only this room may know. */
export function publicUser(stored: StoredUser): User {
  return {
    id: stored.id,
    name: stored.name,
    displayName: stored.displayName,
    email: stored.email,
    role: stored.role,
    disabled: stored.disabled,
    groups: stored.groups,
  }
}
