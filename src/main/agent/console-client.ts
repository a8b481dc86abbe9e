// Speaks to the console's API as a device does: JSON over HTTPS, or plainly on this computer alone.

import { readFileSync } from 'node:fs'
import { Agent as HttpAgent, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { rootCertificates } from 'node:tls'
import type { ApiError } from '../../console/contract.ts'
import type { DeviceRoutes } from '../../console/devices/device-contract.ts'
import type { Environment } from './profile.ts'

export interface ConsoleClient {
  readonly url: string
  /** @throws Error  in words; `ConsoleProblem` for what the console itself says */
  call<R extends keyof DeviceRoutes>(route: R, input?: DeviceRoutes[R]['in']): Promise<DeviceRoutes[R]['out']>
}

/** What the console said. */
export class ConsoleProblem extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'ConsoleProblem'
    this.code = code
  }
}

const timeoutMs = 15_000
const answerBytesMax = 1024 * 1024

/** @throws Error  the address is not one that may be used */
export function parseConsole(text: string): string {
  const full = text.includes('://') ? text : `https://${text}`
  const url = URL.canParse(full) ? new URL(full) : undefined
  if (url === undefined || url.username !== '' || url.search !== '' || !/^https?:$/.test(url.protocol))
    throw new Error(`This is not the address of a console: ${text}. Write it as https://sekisho.example.com`)
  if (url.protocol === 'http:' && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname))
    throw new Error(
      'Without HTTPS anybody on the way could sign in as you: use https:// (http:// only for this computer).',
    )
  return url.origin
}

/**
 * @param ca           PEM certificates beside those of the system
 * @param environment  `HTTPS_PROXY` and `NO_PROXY` count
 */
export function createConsoleClient(
  url: string,
  ca: string | undefined,
  environment: Environment,
): ConsoleClient {
  const secure = url.startsWith('https:')
  const proxyEnv = { ...environment }
  const trusted = ca === undefined ? {} : { ca: [...rootCertificates, ca] }
  const agent = secure ? new HttpsAgent({ ...trusted, proxyEnv }) : new HttpAgent()
  return {
    url,
    async call(route, input) {
      const [method = '', path = ''] = route.split(' ')
      const body = input === undefined ? undefined : JSON.stringify(input)
      const { status, text } = await send(`${url}${path}`, method, body, agent).catch((error: unknown) => {
        throw wordProblem(url, error)
      })
      const value: unknown = text === '' ? undefined : parse(url, text)
      if (status >= 200 && status < 300) return value as DeviceRoutes[typeof route]['out']
      const problem = value as Partial<ApiError> | undefined
      throw new ConsoleProblem(
        problem?.code ?? 'internal',
        problem?.message ?? `${url} answered with status ${status}.`,
      )
    },
  }
}

/** @throws Error */
export function readCa(file: string): string {
  const text = readFileSync(file, 'utf8')
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new Error(`${file} holds no PEM certificate.`)
  return text
}

function send(
  url: string,
  method: string,
  body: string | undefined,
  agent: HttpAgent | HttpsAgent,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const request = (url.startsWith('https:') ? requestHttps : requestHttp)(
      url,
      { method, agent, headers, timeout: timeoutMs },
      response => {
        const parts: Buffer[] = []
        let bytes = 0
        response.on('data', (part: Buffer) => {
          bytes += part.length
          if (bytes > answerBytesMax) request.destroy(new Error('the answer is too long'))
          else parts.push(part)
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
        )
        response.on('error', reject)
      },
    )
    request.on('timeout', () => request.destroy(new Error('it did not answer in time')))
    request.on('error', reject)
    request.end(body)
  })
}

function parse(url: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${url} is not a console of Sekisho: its answer is no JSON.`, { cause: error })
  }
}

function wordProblem(url: string, error: unknown): Error {
  const { code = '', message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: '' }
  const why = /CERT|SELF_SIGNED|UNABLE_TO/.test(code)
    ? `its certificate is not trusted here (${code}). If it is your own, name the file of its certificate: --ca FILE`
    : code === 'ECONNREFUSED'
      ? 'nothing listens there.'
      : code === 'ENOTFOUND'
        ? 'there is no such host.'
        : message
  return new Error(`The console ${url} cannot be reached: ${why}`, { cause: error })
}
