// Opens the room of people: sign-in, groups, tokens, requests.

import { randomBytes } from 'node:crypto'
import type { Access } from '../access/access.ts'
import { type ApiTokens, createApiTokens } from '../access/api-tokens.ts'
import { openDeviceAuthority } from '../access/device-authority.ts'
import { createDevices, type Devices } from '../access/devices.ts'
import { createAccess } from '../access/create-access.ts'
import { createRequests } from '../access/create-requests.ts'
import type { Requests } from '../access/requests.ts'
import { createSavedQueries, type SavedQueries } from '../access/saved-queries.ts'
import type { User } from '../core/user.ts'
import type { PeopleInView } from '../gate/targets-in-view.ts'
import { createApiTokenStore } from '../storage/api-token-store.ts'
import { createAuthorityStore, createDeviceGrantStore, createDeviceStore } from '../storage/device-store.ts'
import { createGroupStore } from '../storage/group-store.ts'
import { createRequestStore } from '../storage/request-store.ts'
import { createSavedQueryStore } from '../storage/saved-query-store.ts'
import { createAttemptStore, createSessionStore } from '../storage/sign-in-store.ts'
import { createTokenStore } from '../storage/token-store.ts'
import { createUserStore } from '../storage/user-store.ts'
import type { Foundation } from './foundation.ts'

export interface OpenAccess {
  readonly access: Access
  readonly people: PeopleInView
  readonly requests: Requests
  readonly savedQueries: SavedQueries
  readonly apiTokens: ApiTokens
  readonly devices: Devices
}

export async function openAccess(foundation: Foundation): Promise<OpenAccess> {
  const { database, vault } = foundation
  const access = await createAccess({
    ...foundation,
    users: createUserStore(database),
    groups: createGroupStore(database),
    sessions: createSessionStore(database),
    attempts: createAttemptStore(database),
    tokens: createTokenStore(database),
    randomBytes,
    unknownSaltKey: vault.derive('unknown-salt'),
  })
  const people = { find: (id: User['id']) => access.users.get(id) }
  const requests = createRequests({ ...foundation, store: createRequestStore(database), people })
  const savedQueries = createSavedQueries({
    ...foundation,
    store: createSavedQueryStore(database),
    users: access.users,
    groups: access.groups,
  })
  const apiTokens = createApiTokens({
    ...foundation,
    store: createApiTokenStore(database),
    people,
    randomBytes,
  })
  const authority = await openDeviceAuthority({
    ...foundation,
    store: createAuthorityStore(database),
    randomBytes,
  })
  const devices = createDevices({
    ...foundation,
    authority,
    devices: createDeviceStore(database),
    grants: createDeviceGrantStore(database),
    people,
    randomBytes,
  })
  return { access, people, requests, savedQueries, apiTokens, devices }
}
