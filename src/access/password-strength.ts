// Which passwords are too easy to guess. Length counts; what is in every list of guesses does not.

import type { Secret } from '../core/secret.ts'

const charactersMin = 12
/** Hashing longer ones would cost time for nothing. */
const charactersMax = 256
const differentMin = 5
/** Shorter names are in many good passwords by chance. */
const nameCharactersMin = 3

/** The cores of the commonest passwords, which reach the length by digits, signs and repeats around them. */
const commonCores: ReadonlySet<string> = new Set(
  `password passwort passord motdepasse admin administrator welcome letmein iloveyou qwerty qwertyuiop qwertz azerty
  asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc qwe qweasd qweasdzxc wsx wertyuiop abc abcd abcdef abcdefgh
  abcdefghijkl monkey dragon sunshine princess football baseball superman batman trustno changeme change secret master
  login test testtest guest default root rootroot sekisho hello helloworld summer winter spring autumn
  correcthorsebatterystaple passwordpassword adminadmin welcomewelcome database postgres oracle`.split(/\s+/),
)

/** @returns what is wrong with it, in words that complete 'The password is not strong enough: …'; empty: nothing */
export function findWeaknesses(password: Secret, userName: string): readonly string[] {
  const text = password.reveal()
  const characters = Array.from(text)
  const problems: string[] = []
  if (characters.length < charactersMin) problems.push(`it needs at least ${charactersMin} characters`)
  if (characters.length > charactersMax) problems.push(`it may have at most ${charactersMax} characters`)
  if (new Set(characters).size < differentMin) {
    problems.push(`it needs at least ${differentMin} different characters`)
  }
  if (holdsName(text, userName)) problems.push('it must not hold your user name')
  if (isCommon(text)) problems.push('it is one of the commonest passwords')
  return problems
}

function holdsName(text: string, userName: string): boolean {
  const plain = text.toLowerCase()
  const beforeAt = userName.split('@')[0] ?? userName
  return [userName, beforeAt].some(
    name => name.length >= nameCharactersMin && plain.includes(name.toLowerCase()),
  )
}

/** Digits in place of letters, and digits and signs around a word, are what every list of guesses begins with. */
function isCommon(text: string): boolean {
  const plain = text.toLowerCase()
  const cores = [plain, plain.replace(/[^a-z]+$/, ''), plain.replace(/^[^a-z]+|[^a-z]+$/g, '')]
  return isRun(plain) || cores.flatMap(spellings).some(word => commonCores.has(word))
}

function spellings(text: string): readonly string[] {
  const letters = text.replace(/[@4]/g, 'a').replace(/0/g, 'o').replace(/3/g, 'e')
  const all = [
    text,
    letters,
    letters.replace(/[1!]/g, 'i'),
    letters.replace(/[5$]/g, 's').replace(/[1!]/g, 'i'),
  ]
  return all.map(word => word.replace(/[^a-z]/g, ''))
}

/** `123456789012`, `abcdefghijkl`, `987654321098`: each character next to the one before. */
function isRun(text: string): boolean {
  const steps = Array.from(
    { length: text.length - 1 },
    (_, at) => text.charCodeAt(at + 1) - text.charCodeAt(at),
  )
  const even = steps.filter(step => Math.abs(step) === 1 || Math.abs(step) === 9).length
  return steps.length > 0 && even >= steps.length - 1
}
