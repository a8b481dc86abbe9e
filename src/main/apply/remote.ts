// Speaks to the API of a running server, as a program with a token or as somebody with a password.

import type { ApiError, Me, Routes } from '../../console/contract.ts'
import { Secret } from '../../core/secret.ts'

export interface Remote {
  /** @throws Error with what the server said */
  call<R extends keyof Routes>(
    route: R,
    input?: Routes[R]['in'],
    params?: Readonly<Record<string, string>>,
  ): Promise<Routes[R]['out']>
}

/** How a server is reached; from the environment. */
export interface RemoteAccess {
  readonly url: string
  readonly proof:
    | { readonly kind: 'token'; readonly token: Secret }
    | { readonly kind: 'password'; readonly name: string; readonly password: Secret }
}

const localUrl = 'http://127.0.0.1:8080'

/** @throws Error that names the variables to set */
export function remoteAccess(environment: Readonly<Record<string, string | undefined>>): RemoteAccess {
  const url = (environment['SEKISHO_URL'] ?? localUrl).replace(/\/+$/, '')
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw new Error('SEKISHO_URL must be the address of the console, like https://sekisho.example.com')
  }
  const token = environment['SEKISHO_API_TOKEN']
  if (token !== undefined && token !== '') return { url, proof: { kind: 'token', token: new Secret(token) } }
  const name = environment['SEKISHO_USER']
  const password = environment['SEKISHO_PASSWORD']
  if (name === undefined || password === undefined) {
    throw new Error(
      'Set SEKISHO_API_TOKEN (made in the console under My tokens), or SEKISHO_USER and SEKISHO_PASSWORD.',
    )
  }
  return { url, proof: { kind: 'password', name, password: new Secret(password) } }
}

/** @throws Error if the server cannot be reached or does not let us in */
export async function openRemote({ url, proof }: RemoteAccess): Promise<Remote> {
  const headers: Record<string, string> = {}
  const call: Remote['call'] = async (route, input, params = {}) => {
    const [method = '', pattern = ''] = route.split(' ')
    const path = pattern.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''))
    const isQuestion = method === 'GET' && input !== undefined
    const query = isQuestion ? `?${new URLSearchParams(wordsOf(input)).toString()}` : ''
    const response = await fetch(`${url}${path}${query}`, {
      method,
      redirect: 'error',
      headers: {
        ...headers,
        ...(input === undefined || isQuestion ? {} : { 'content-type': 'application/json' }),
      },
      ...(input === undefined || isQuestion ? {} : { body: JSON.stringify(input) }),
    }).catch((error: unknown) => {
      throw new Error(`The server at ${url} cannot be reached: ${causeOf(error)}.`, { cause: error })
    })
    const [cookie] = response.headers.getSetCookie()
    if (cookie !== undefined) headers['cookie'] = cookie.split(';')[0] ?? ''
    const text = await response.text()
    if (!response.ok) throw new Error(sentenceOf(text) ?? `${route}: the server answered ${response.status}.`)
    return (text === '' ? undefined : JSON.parse(text)) as Awaited<ReturnType<Remote['call']>> as never
  }
  if (proof.kind === 'token') headers['authorization'] = `Bearer ${proof.token.reveal()}`
  else {
    const me: Me = await call('POST /api/sign-in', { name: proof.name, password: proof.password.reveal() })
    headers['x-sekisho-csrf'] = me.csrfToken
  }
  return { call }
}

const wordsOf = (input: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(input as object).map(([name, value]) => [name, String(value)]))

const causeOf = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}

function sentenceOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as Partial<ApiError>).message
  } catch {
    return undefined
  }
}
