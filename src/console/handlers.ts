// What a handler gets and gives: the shape that all routes of the contract share.

import type { Readable } from 'node:stream'
import type { ConsoleSession } from '../access/access.ts'
import type { Actor } from '../core/event.ts'
import type { Secret } from '../core/secret.ts'
import type { User } from '../core/user.ts'
import type { Routes } from './contract.ts'

/** A request after the guard: who asks, and from where. */
export interface Visitor {
  readonly session: ConsoleSession
  readonly cookie: Secret
  readonly user: User
  /** Came with a token of a program, not with a password. */
  readonly isProgram: boolean
  readonly by: Actor
}

export interface Call<R extends keyof Routes> {
  /** @throws GatewayError `sign-in.required` on a public route that nobody is signed in for */
  readonly visitor: Visitor
  readonly address: string
  readonly input: Routes[R]['in']
  /** The body of a route that takes a file, as it comes. */
  readonly upload: Readable | undefined
  /** A `:name` of the path. */
  readonly param: (name: string) => string
  /** What stands behind the `?`, each name once. */
  readonly query: Readonly<Record<string, unknown>>
  /** Sets the cookie of the session, or takes it away. */
  readonly setCookie: (value: Secret | undefined) => void
}

/** An answer that is written while it is read: lines of events, or a file. Destroyed when the other side goes away. */
export class Streamed {
  readonly body: Readable
  readonly type: string
  /** Offered under this name as a download. */
  readonly fileName: string | undefined

  constructor(body: Readable, type: string, fileName?: string) {
    this.body = body
    this.type = type
    this.fileName = fileName
  }
}

/** One JSON value a line. */
export const eventLines = (body: Readable): Streamed =>
  new Streamed(body, 'application/x-ndjson; charset=utf-8')

/** What handlers of these routes give is streamed; the contract says what of. */
type StreamedOut = { readonly streamOf: unknown }

export type Handler<R extends keyof Routes> = (
  call: Call<R>,
) => Promise<Routes[R]['out'] extends StreamedOut ? Streamed : Routes[R]['out']>

export type Handlers<R extends keyof Routes = keyof Routes> = { readonly [K in R]: Handler<K> }
