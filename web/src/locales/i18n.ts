// Which language the console speaks: the chosen one, else the browser's, else English.

import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '../../../src/console/contract.ts'
import type { en } from './en.ts'
import type { Words } from './words.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'console'
    resources: { console: typeof en }
  }
}

const languageStorageKey = 'sekisho.language'

export const languages: readonly { readonly value: Language; readonly label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'ja', label: '日本語' },
]

function firstLanguage(): Language {
  const chosen = localStorage.getItem(languageStorageKey)
  if (chosen === 'en' || chosen === 'ja') return chosen
  return navigator.languages.find(tag => /^(en|ja)\b/.test(tag))?.startsWith('ja') === true ? 'ja' : 'en'
}

/** The language in use. */
export function currentLanguage(): Language {
  return i18next.language === 'ja' ? 'ja' : 'en'
}

/** The words of one language, and how it says what the server says in English. */
interface Loaded {
  readonly words: Words
  readonly said: (text: string) => string | undefined
}

/** A language is loaded when it is first spoken: the others cost nothing. */
const load: Readonly<Record<Language, () => Promise<Loaded>>> = {
  en: async () => ({ words: (await import('./en.ts')).en, said: () => undefined }),
  ja: async () => {
    const [{ ja }, { inJapanese }] = await Promise.all([import('./ja.ts'), import('./server-words.ts')])
    return { words: ja, said: inJapanese }
  },
}

const said = new Map<string, Loaded['said']>()

/** A sentence of the server, in the language in use where it is known. */
export const sayAgain = (text: string): string => said.get(i18next.language)?.(text) ?? text

async function speak(language: Language): Promise<void> {
  const loaded = await load[language]()
  said.set(language, loaded.said)
  i18next.addResourceBundle(language, 'console', loaded.words)
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(languageStorageKey, language)
  await speak(language)
  await i18next.changeLanguage(language)
}

/** Loads the words of the language that is spoken first. */
export async function startLanguage(): Promise<void> {
  i18next.on('languageChanged', language => {
    document.documentElement.lang = language
  })
  const language = firstLanguage()
  await i18next.use(initReactI18next).init({
    lng: language,
    ns: ['console'],
    defaultNS: 'console',
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  await speak(language)
  document.documentElement.lang = currentLanguage()
}
