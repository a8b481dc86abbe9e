// What a handler gets and gives: the shape that all routes of the contract share.

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
  /** A `:name` of the path. */
  readonly param: (name: string) => string
  /** What stands behind the `?`, each name once. */
  readonly query: Readonly<Record<string, unknown>>
  /** Sets the cookie of the session, or takes it away. */
  readonly setCookie: (value: Secret | undefined) => void
}

export type Handler<R extends keyof Routes> = (call: Call<R>) => Promise<Routes[R]['out']>

/** Those that answer with a stream are served by themselves. */
export type PlainRoute = Exclude<keyof Routes, 'POST /api/targets/:id/query' | 'GET /api/sessions/live'>

export type Handlers<R extends keyof Routes = PlainRoute> = { readonly [K in R]: Handler<K> }
