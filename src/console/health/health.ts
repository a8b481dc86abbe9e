// Addresses for machines: alive, ready, metrics, version.

import type { FastifyInstance } from 'fastify'
import type { ConsoleParts } from '../parts.ts'

export function addHealth(app: FastifyInstance, { ready, metrics, version, log }: ConsoleParts): void {
  app.get('/livez', { schema: { hide: true } }, (_request, reply) => {
    void reply.type('text/plain').send('ok\n')
  })
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const reasons = await ready().catch((error: unknown) => {
      log.error({ err: error }, 'readiness could not be told')
      return ['readiness could not be told']
    })
    return reply
      .code(reasons.length === 0 ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ready: reasons.length === 0, reasons })
  })
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics()),
  )
  app.get('/version', { schema: { hide: true } }, (_request, reply) => {
    void reply.send({ name: 'sekisho', version })
  })
}
