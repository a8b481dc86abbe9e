// The way to the tunnel through an HTTP proxy: the method CONNECT.

import { request } from 'node:http'
import type { Socket } from 'node:net'

const timeoutMs = 10_000

/**
 * @returns a socket that ends at the place, without TLS yet
 * @throws Error  in words
 */
export function dialThroughProxy(
  proxy: URL,
  place: { readonly host: string; readonly port: number },
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const path = `${place.host.includes(':') ? `[${place.host}]` : place.host}:${place.port}`
    const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
    const asked = request({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? 80 : Number(proxy.port),
      method: 'CONNECT',
      path,
      headers: {
        host: path,
        ...(proxy.username === ''
          ? {}
          : { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` }),
      },
      agent: false,
      timeout: timeoutMs,
    })
    const fail = (why: string): void =>
      reject(new Error(`The proxy ${proxy.host} gave no way to ${path}: ${why}`))
    asked.once('connect', (response, socket: Socket, head) => {
      if (response.statusCode !== 200) {
        socket.destroy()
        return fail(`status ${response.statusCode ?? 0}`)
      }
      if (head.length > 0) socket.unshift(head)
      resolve(socket.setNoDelay(true).setKeepAlive(true, 60_000).setTimeout(0))
    })
    asked.once('response', response => fail(`status ${response.statusCode ?? 0}`))
    asked.once('timeout', () => asked.destroy(new Error('it did not answer in time')))
    asked.once('error', error => fail(error.message))
    asked.end()
  })
}
