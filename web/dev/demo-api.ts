// A stand-in for the server with made-up data, for working on the pages alone: `vite web --mode demo`.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vite'
import { demoRoutes } from './demo-data.ts'

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text === '' ? undefined : JSON.parse(text)
}

async function answer(request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://demo')
  if (!url.pathname.startsWith('/api/')) return next()
  const body = await bodyOf(request)
  for (const [route, handle] of Object.entries(demoRoutes)) {
    const [method, path = ''] = route.split(' ')
    const pattern = new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`)
    const match = pattern.exec(url.pathname)
    if (method !== request.method || match === null) continue
    const result = handle({ params: match.groups ?? {}, query: url.searchParams, body })
    if (result !== undefined && Symbol.asyncIterator in Object(result)) {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      for await (const event of result as AsyncIterable<unknown>) {
        if (response.destroyed) return
        response.write(`${JSON.stringify(event)}\n`)
      }
      response.end()
      return
    }
    const isProblem = typeof result === 'object' && result !== null && 'code' in result && 'detail' in result
    response.writeHead(isProblem ? 400 : 200, { 'content-type': 'application/json' })
    response.end(result === undefined ? '' : JSON.stringify(result))
    return
  }
  response.writeHead(404, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ code: 'not-found', message: '', detail: url.pathname }))
}

export function demoApi(): Plugin {
  const middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) =>
    void answer(request, response, next)
  return {
    name: 'sekisho-demo-api',
    configureServer: server => void server.middlewares.use(middleware),
    configurePreviewServer: server => void server.middlewares.use(middleware),
  }
}
