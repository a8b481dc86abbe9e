// Which language the console speaks: the chosen one, else the browser's, else English.

import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '../../../src/console/contract.ts'
import { en } from './en.ts'
import { ja } from './ja.ts'

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

export function chooseLanguage(language: Language): void {
  localStorage.setItem(languageStorageKey, language)
  void i18next.changeLanguage(language)
}

/** Loads the words; both languages are part of the first load, they are small. */
export async function startLanguage(): Promise<void> {
  i18next.on('languageChanged', language => {
    document.documentElement.lang = language
  })
  await i18next.use(initReactI18next).init({
    lng: firstLanguage(),
    fallbackLng: 'en',
    ns: ['console'],
    defaultNS: 'console',
    resources: { en: { console: en }, ja: { console: ja } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  document.documentElement.lang = currentLanguage()
}
