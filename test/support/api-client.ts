// Speaks to the console's API as the browser does: cookie, CSRF header, typed by the contract.

import type { ApiError, Me, RunEvent, Routes } from '../../src/console/contract.ts'

type Route = keyof Routes

/** An answer of the API that is not a success. */
export class ApiFailure extends Error {
  readonly status: number
  readonly error: ApiError

  constructor(route: string, status: number, error: ApiError) {
    super(`${route}: ${status} ${error.code}: ${error.message}`)
    this.status = status
    this.error = error
  }
}

export class ApiClient {
  readonly #origin: string
  #cookie = ''
  #csrf = ''

  constructor(origin: string) {
    this.#origin = origin
  }

  async signIn(name: string, password: string): Promise<Me> {
    const me = await this.call('POST /api/sign-in', { name, password })
    this.#csrf = me.csrfToken
    return me
  }

  async changePassword(current: string, next: string): Promise<Me> {
    const me = await this.call('POST /api/password', { current, next })
    this.#csrf = me.csrfToken
    return me
  }

  /** @throws ApiFailure */
  async call<R extends Route>(
    route: R,
    body?: Routes[R]['in'],
    params: Readonly<Record<string, string>> = {},
  ): Promise<Routes[R]['out']> {
    const response = await this.fetch(route, body, params)
    const text = await response.text()
    if (!response.ok) throw new ApiFailure(route, response.status, JSON.parse(text) as ApiError)
    return (text === '' ? undefined : JSON.parse(text)) as Routes[R]['out']
  }

  /** Runs a text in a session of the SQL editor of its own. */
  async query(targetId: string, sql: string): Promise<readonly RunEvent[]> {
    const { id } = await this.call('POST /api/sql/sessions', { targetId })
    const response = await this.fetch('POST /api/sql/sessions/:id/run', { sql, commit: 'auto' }, { id })
    const text = await response.text()
    await this.fetch('DELETE /api/sql/sessions/:id', undefined, { id })
    if (!response.ok) throw new ApiFailure('query', response.status, JSON.parse(text) as ApiError)
    return text
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line) as RunEvent)
  }

  async fetch(
    route: string,
    body: unknown,
    params: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const [method = 'GET', pattern = ''] = route.split(' ')
    const path = pattern.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''))
    const headers: Record<string, string> = {
      origin: this.#origin,
      cookie: this.#cookie,
      'x-sekisho-csrf': this.#csrf,
    }
    const query =
      method === 'GET' && body !== undefined ? `?${new URLSearchParams(asStrings(body)).toString()}` : ''
    const isFile = body instanceof Uint8Array
    if (method !== 'GET' && body !== undefined)
      headers['content-type'] = isFile ? 'application/octet-stream' : 'application/json'
    const response = await fetch(`${this.#origin}${path}${query}`, {
      method,
      headers,
      body:
        method === 'GET' || body === undefined ? null : isFile ? new Uint8Array(body) : JSON.stringify(body),
    })
    for (const cookie of response.headers.getSetCookie()) this.#cookie = cookie.split(';')[0] ?? ''
    return response
  }
}

function asStrings(filter: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(filter as object).map(([name, value]) => [name, String(value)]))
}
