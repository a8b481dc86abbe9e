// What the very first start makes: an administrator, and, where the demo is wanted, its target with tags and a token.

import type { Access } from '../access/access.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Actor } from '../core/event.ts'
import type { Secret } from '../core/secret.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { DemoTarget } from './demo/start-demo.ts'

const server: Actor = { userId: undefined, userName: 'sekisho', address: 'server' }
const administratorName = 'admin'
const demoName = 'shop'
const demoTokenLifeMs = 30 * 24 * 60 * 60 * 1000

export interface FirstSignIn {
  readonly name: string
  readonly password: Secret
}

/** @returns the first sign-in, if there was nobody yet */
export async function makeFirstAdministrator(access: Access): Promise<FirstSignIn | undefined> {
  if ((await access.users.list()).length > 0) return undefined
  const made = await access.users.create(
    { name: administratorName, displayName: 'Administrator', role: 'administrator', groups: [] },
    server,
  )
  return { name: administratorName, password: made.firstPassword }
}

/** Registers the demo target, or follows its port. @returns a token for it if the target is new */
export async function registerDemo(
  access: Access,
  catalog: Catalog,
  demo: DemoTarget,
): Promise<{ readonly target: Target; readonly token: Secret | undefined; readonly user: User | undefined }> {
  const user = await access.users.byName(administratorName)
  const known = await catalog.targets.byName(demoName)
  if (known !== undefined) {
    const target =
      known.port === demo.port ? known : await catalog.targets.update(known.id, { port: demo.port }, server)
    return { target, token: undefined, user }
  }
  const { host, port, database, account, password } = demo
  const target = await catalog.targets.create(
    {
      name: demoName,
      protocol: 'postgres',
      host,
      port,
      database,
      account,
      password,
      tls: 'disable',
      tags: { env: 'demo' },
    },
    server,
  )
  await catalog.schemas.fresh(target.id)
  for (const column of demo.suggestedTags) await catalog.tags.set(target.id, column, server)
  if (user === undefined) return { target, token: undefined, user }
  const { secret } = await access.tokens.create(
    { userId: user.id, label: 'demo', targets: [target.id], lifeMs: demoTokenLifeMs },
    server,
  )
  return { target, token: secret, user }
}
