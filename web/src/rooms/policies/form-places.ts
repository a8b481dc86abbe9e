// Places of policies as people write them: `shop/public/orders`, and `#pii.email` for a tag of columns.

import type { FormPlace } from '../../../../src/console/contract.ts'

const types = ['Target', 'Schema', 'Table', 'Column'] as const

const escaped = (part: string): string => part.replaceAll('%', '%25').replaceAll('/', '%2F')
const plain = (part: string): string => part.replaceAll('%2F', '/').replaceAll('%25', '%')

export function placeWords({ type, path }: FormPlace): string {
  return type === 'Tag' ? `#${path[0] ?? ''}` : path.map(escaped).join('/')
}

export function parsePlace(words: string): FormPlace {
  const text = words.trim()
  if (text.startsWith('#')) return { type: 'Tag', path: [text.slice(1)], exact: false }
  const parts = text.split('/')
  const path = [...parts.slice(0, 3), ...(parts.length > 3 ? [parts.slice(3).join('/')] : [])].map(plain)
  return { type: types[path.length - 1] ?? 'Column', path, exact: false }
}
