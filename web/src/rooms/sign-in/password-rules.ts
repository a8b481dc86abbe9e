// Which rules a new password meets, as they are shown while somebody types; the server has the last word.

export type PasswordRule = 'ruleLength' | 'ruleName' | 'ruleDifferent' | 'ruleSame'

const passwordCharsMin = 12

export function checkPassword(entry: {
  readonly name: string
  readonly current: string
  readonly next: string
  readonly again: string
}): readonly { readonly rule: PasswordRule; readonly met: boolean }[] {
  const { name, current, next, again } = entry
  const lower = next.toLowerCase()
  return [
    { rule: 'ruleLength', met: Array.from(next).length >= passwordCharsMin },
    { rule: 'ruleName', met: next !== '' && !lower.includes(name.toLowerCase()) },
    { rule: 'ruleDifferent', met: next !== '' && next !== current },
    { rule: 'ruleSame', met: next !== '' && next === again },
  ]
}
