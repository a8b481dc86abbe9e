// The pages of the browser half, and the headers that every answer carries.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import serveFolder from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GatewayError } from '../core/errors.ts'

/** No script but our own files. Styles may stand in the page: the components of the pages set some as they go. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const yearSeconds = 365 * 24 * 60 * 60

export function addHeaders(app: FastifyInstance, secure: boolean): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    reply.headers({
      'content-security-policy': contentPolicy,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      ...(secure ? { 'strict-transport-security': `max-age=${yearSeconds}` } : {}),
    })
    if (isApi(request)) reply.header('cache-control', 'no-store')
    done(null, payload)
  })
}

const isApi = (request: FastifyRequest): boolean => request.url === '/api' || request.url.startsWith('/api/')

export async function addPages(app: FastifyInstance, folder: string): Promise<void> {
  const built = existsSync(join(folder, 'index.html'))
  if (built) {
    await app.register(serveFolder, {
      root: folder,
      cacheControl: false,
      setHeaders: (reply, path) => {
        // The build names these files after their content.
        const hashed = path.startsWith(join(folder, 'assets'))
        void reply.header('cache-control', hashed ? `public, max-age=${yearSeconds}, immutable` : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler((request, reply) => {
    if (isApi(request) || (request.method !== 'GET' && request.method !== 'HEAD')) {
      throw new GatewayError('not-found', 'address')
    }
    return answerPage(request, reply, built)
  })
}

/** Every address of a page is the same file: the pages find their way themselves. */
function answerPage(request: FastifyRequest, reply: FastifyReply, built: boolean): FastifyReply {
  const path = request.url.split('?')[0] ?? ''
  if (!built) {
    return reply
      .code(404)
      .type('text/plain; charset=utf-8')
      .send('The pages are not built. The API is under /api.\n')
  }
  if (path.startsWith('/assets/') || /\.[a-z0-9]+$/i.test(path)) {
    return reply.code(404).type('text/plain; charset=utf-8').send('There is no such file.\n')
  }
  return reply.sendFile('index.html')
}
