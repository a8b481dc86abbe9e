// The console's server half: puts guard, schemas, handlers, pages and headers together and listens.

import { readFileSync } from 'node:fs'
import type { AddressInfo, Socket } from 'node:net'
import cookies from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { GatewayError } from '../core/errors.ts'
import type { Limits } from '../core/limits.ts'
import { describeAnswers } from './api-answers.ts'
import { addHealth } from './health/health.ts'
import { addHeaders, addPages } from './pages.ts'
import type { ConsoleParts } from './parts.ts'
import { describeProblem, schemaProblem } from './problems.ts'
import { addRoutes } from './routes.ts'

export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

export interface Console {
  /**
   * @param tls  PEM files; with them it speaks HTTPS
   * @returns the address for a browser on this machine, or under the public name if it listens everywhere
   */
  listen(host: string, port: number, tls: TlsFiles | undefined): Promise<string>
  /** Takes no new requests, ends running queries, and waits for the rest. */
  close(): Promise<void>
}

export function createConsole(parts: ConsoleParts): Console {
  let app: FastifyInstance | undefined
  const closing = new AbortController()
  /** Connections on which nothing was ever asked: browsers open some ahead, and Node does not count them as idle. */
  const silent = new Set<Socket>()
  return {
    async listen(host, port, tls) {
      app = await build(parts, tls, closing.signal)
      app.server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
        silent.add(socket)
        socket.once('close', () => silent.delete(socket))
      })
      app.server.on('request', ({ socket }: { readonly socket: Socket }) => void silent.delete(socket))
      await app.listen({ host, port })
      return urlOf(app.server.address() as AddressInfo, parts.publicHost, tls !== undefined)
    },
    async close() {
      closing.abort()
      for (const socket of silent) socket.destroy()
      await app?.close()
    },
  }
}

const readPem = (tls: TlsFiles) => ({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) })

function urlOf({ address, port }: AddressInfo, publicHost: string, secure: boolean): string {
  const everywhere = address === '0.0.0.0' || address === '::'
  const host = everywhere ? publicHost : address.includes(':') ? `[${address}]` : address
  return `${secure ? 'https' : 'http'}://${host}:${port}`
}

async function build(
  parts: ConsoleParts,
  tls: TlsFiles | undefined,
  closing: AbortSignal,
): Promise<FastifyInstance> {
  const { limits, log, version, webFolder, trustedProxies, cookieSecure } = parts
  const options = {
    bodyLimit: limits.consoleBodyBytesMax,
    requestTimeout: limits.uploadTimeoutMs,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    forceCloseConnections: 'idle' as const,
    schemaErrorFormatter: schemaProblem,
    logger: false as const,
  }
  const app = (
    tls === undefined
      ? Fastify(options)
      : Fastify({ ...options, https: { ...readPem(tls), minVersion: 'TLSv1.2' } })
  ) as FastifyInstance
  app.removeContentTypeParser('text/plain')
  takeUploads(app, limits)
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = describeProblem(
      error,
      log,
      `${request.method} ${request.routeOptions.url ?? ''}`,
    )
    return reply.code(status).type('application/json; charset=utf-8').send(body)
  })
  addHeaders(app, cookieSecure || tls !== undefined)
  await app.register(cookies)
  await app.register(rateLimit, {
    global: false,
    max: limits.consoleRequestsPerMinuteMax,
    timeWindow: 60_000,
    // Health checks of balancers come often, and from few addresses.
    allowList: request => /^\/(livez|readyz|metrics)$/.test(request.url),
    errorResponseBuilder: () =>
      new GatewayError('limit.exceeded', 'too many requests from your address; wait a minute'),
  })
  // For all routes and before their guards, so that who is turned away is counted too.
  app.addHook('onRequest', app.rateLimit())
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Sekisho', description: 'API of the console', version } },
    transform: describeAnswers,
  })
  addHealth(app, parts)
  addRoutes(app, parts, cookieSecure || tls !== undefined, closing)
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger())
  await addPages(app, webFolder)
  return app
}

/** Files come as they are, on one route alone; every other request must be here within the time of a login. */
function takeUploads(app: FastifyInstance, limits: Limits): void {
  const takesFiles = ({ routeOptions }: FastifyRequest): boolean =>
    routeOptions.url === '/api/targets/:id/uploads'
  app.addContentTypeParser('application/octet-stream', (request, payload, done) => {
    if (takesFiles(request)) done(null, payload)
    else done(new GatewayError('request.invalid', 'the body must be application/json'))
  })
  app.server.headersTimeout = limits.loginTimeoutMs
  app.addHook('onRequest', (request, _reply, done) => {
    const { raw } = request
    if (!takesFiles(request) && !raw.complete) {
      const late = setTimeout(() => {
        if (!raw.complete) raw.destroy()
      }, limits.loginTimeoutMs)
      late.unref()
      raw.once('close', () => clearTimeout(late))
      raw.once('end', () => clearTimeout(late))
    }
    done()
  })
}
