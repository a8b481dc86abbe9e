// Speaks the contract: one typed call for every route, and one kind of error.

import type { ApiError, ErrorCode, Routes } from '../../../src/console/contract.ts'

/** What went wrong: a code of the server, or that it could not be reached at all. */
export type ProblemCode = ErrorCode | 'unreachable'

export class ConsoleError extends Error {
  readonly code: ProblemCode
  readonly detail: string

  constructor(code: ProblemCode, detail: string, message: string) {
    super(message)
    this.name = 'ConsoleError'
    this.code = code
    this.detail = detail
  }
}

export interface CallOptions<R extends keyof Routes> {
  readonly params?: Readonly<Record<string, string>>
  readonly in?: Routes[R]['in']
  /** Goes into the address, of any method. */
  readonly query?: Readonly<Record<string, string | number | undefined>>
  /** A file as it is, in place of JSON. */
  readonly body?: Blob
  readonly signal?: AbortSignal
}

let csrfToken = ''

/** Bound to the session; comes with every `Me`. */
export function keepCsrfToken(token: string): void {
  csrfToken = token
}

/** Fills `:name` in the path; for `GET`, what goes in goes into the address. */
export function addressOf(route: string, params: Readonly<Record<string, string>>, input: unknown): string {
  const [method = '', path = ''] = route.split(' ')
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  if (method !== 'GET' || input === undefined || input === null) return filled
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || value === '') continue
    query.set(name, Array.isArray(value) ? value.join(',') : String(value))
  }
  return query.size === 0 ? filled : `${filled}?${query}`
}

function withQuery(address: string, values: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  return query.size === 0 ? address : `${address}?${query}`
}

/** Sends a request. @throws ConsoleError */
export async function send<R extends keyof Routes>(
  route: R,
  options: CallOptions<R> = {},
): Promise<Response> {
  const method = route.split(' ')[0] ?? 'GET'
  const changes = method !== 'GET'
  const hasBody = changes && options.in !== undefined
  const address = addressOf(route, options.params ?? {}, options.in)
  const response = await fetch(withQuery(address, options.query ?? {}), {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...(options.body === undefined ? {} : { 'content-type': 'application/octet-stream' }),
      ...(changes ? { 'x-sekisho-csrf': csrfToken } : {}),
    },
    ...(hasBody ? { body: JSON.stringify(options.in) } : {}),
    ...(options.body === undefined ? {} : { body: options.body }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  }).catch((error: unknown) => {
    if (options.signal?.aborted === true) throw error
    throw new ConsoleError('unreachable', '', 'The server cannot be reached.')
  })
  if (!response.ok) throw await problemOf(response)
  return response
}

/** Calls a route and reads its JSON. @throws ConsoleError */
export async function call<R extends keyof Routes>(
  route: R,
  options: CallOptions<R> = {},
): Promise<Routes[R]['out']> {
  const response = await send(route, options)
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as Routes[R]['out']
}

async function problemOf(response: Response): Promise<ConsoleError> {
  try {
    const error = (await response.json()) as Partial<ApiError>
    if (typeof error.code === 'string') {
      return new ConsoleError(error.code, error.detail ?? '', error.message ?? '')
    }
  } catch {
    // Not ours: a proxy in between, or a server that is just stopping.
  }
  return new ConsoleError('unreachable', `HTTP ${response.status}`, `HTTP ${response.status}`)
}
