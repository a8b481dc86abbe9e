// Which HTTP proxy stands in front of a host, as the usual variables say.

import type { Environment } from './profile.ts'

/** @returns `undefined`: none. @throws Error  a proxy that is not one of HTTP */
export function proxyFor(host: string, environment: Environment): URL | undefined {
  const read = (name: string): string => environment[name.toLowerCase()] ?? environment[name] ?? ''
  const proxy = read('HTTPS_PROXY')
  if (proxy === '' || isExcepted(host, read('NO_PROXY'))) return undefined
  const url = URL.canParse(proxy) ? new URL(proxy) : undefined
  if (url?.protocol !== 'http:')
    throw new Error('HTTPS_PROXY must be the address of a proxy: http://HOST:PORT')
  return url
}

function isExcepted(host: string, exceptions: string): boolean {
  if (/^(localhost|127\.|\[?::1\]?$)/.test(host)) return true
  const name = host.toLowerCase()
  return exceptions
    .split(',')
    .map(one =>
      one
        .trim()
        .toLowerCase()
        .replace(/^\*?\./, ''),
    )
    .some(one => one === '*' || (one !== '' && (name === one || name.endsWith(`.${one}`))))
}
