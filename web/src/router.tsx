// Every page by its address. Pages are loaded when they are first needed.

import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router'
import type { Me } from '../../src/console/contract.ts'
import { parsePolicySearch } from './rooms/policies/policy-search.ts'
import { parseReachSearch } from './rooms/reach/reach-search.ts'
import { parseTrailFilter } from './rooms/audit/trail-filter.ts'
import { parseGroupSearch, parsePeopleSearch } from './rooms/people/people-search.ts'
import { parseSessionSearch } from './rooms/sessions/session-search.ts'
import { parseTargetSearch } from './rooms/targets/target-search.ts'
import { Crashed, NotFound, Shell } from './shell/shell.tsx'

interface RouterContext {
  readonly me: Me
}

export type TargetTab = 'connect' | 'tables' | 'state' | 'settings'

const root = createRootRouteWithContext<RouterContext>()({ component: Shell, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: ({ tour }: Record<string, unknown>): { tour?: true } =>
    tour === true ? { tour: true } : {},
  component: lazyRouteComponent(() => import('./rooms/home/home-page.tsx'), 'HomePage'),
})

const targets = createRoute({
  getParentRoute: () => root,
  path: '/targets',
  validateSearch: parseTargetSearch,
  component: lazyRouteComponent(() => import('./rooms/targets/targets-page.tsx'), 'TargetsPage'),
})

const target = createRoute({
  getParentRoute: () => root,
  path: '/targets/$id',
  validateSearch: ({ tab }: Record<string, unknown>): { tab?: TargetTab } =>
    tab === 'tables' || tab === 'state' || tab === 'settings' ? { tab } : {},
  component: lazyRouteComponent(() => import('./rooms/targets/target-page.tsx'), 'TargetPage'),
})

const sql = createRoute({
  getParentRoute: () => root,
  path: '/sql',
  validateSearch: (
    search: Record<string, unknown>,
  ): { target?: string; table?: string; tab?: string; saved?: string } => ({
    ...(typeof search['target'] === 'string' ? { target: search['target'] } : {}),
    ...(typeof search['table'] === 'string' ? { table: search['table'] } : {}),
    ...(typeof search['tab'] === 'string' ? { tab: search['tab'] } : {}),
    ...(typeof search['saved'] === 'string' ? { saved: search['saved'] } : {}),
  }),
  component: lazyRouteComponent(() => import('./rooms/sql/sql-page.tsx'), 'SqlPage'),
})

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: parseTrailFilter,
  component: lazyRouteComponent(() => import('./rooms/audit/audit-page.tsx'), 'AuditPage'),
})

const requests = createRoute({
  getParentRoute: () => root,
  path: '/requests',
  validateSearch: (search: Record<string, unknown>): { request?: number } =>
    Number.isSafeInteger(Number(search['request'])) && Number(search['request']) > 0
      ? { request: Number(search['request']) }
      : {},
  component: lazyRouteComponent(() => import('./rooms/requests/requests-page.tsx'), 'RequestsPage'),
})

const sessions = createRoute({
  getParentRoute: () => root,
  path: '/sessions',
  validateSearch: parseSessionSearch,
  component: lazyRouteComponent(() => import('./rooms/sessions/sessions-page.tsx'), 'SessionsPage'),
})

const users = createRoute({
  getParentRoute: () => root,
  path: '/users',
  validateSearch: parsePeopleSearch,
  component: lazyRouteComponent(() => import('./rooms/people/users-page.tsx'), 'UsersPage'),
})

const user = createRoute({
  getParentRoute: () => root,
  path: '/users/$id',
  component: lazyRouteComponent(() => import('./rooms/people/user-page.tsx'), 'UserPage'),
})

const health = createRoute({
  getParentRoute: () => root,
  path: '/health',
  component: lazyRouteComponent(() => import('./rooms/health/health-page.tsx'), 'HealthPage'),
})

const groups = createRoute({
  getParentRoute: () => root,
  path: '/groups',
  validateSearch: parseGroupSearch,
  component: lazyRouteComponent(() => import('./rooms/people/groups-page.tsx'), 'GroupsPage'),
})

const policies = createRoute({
  getParentRoute: () => root,
  path: '/policies',
  validateSearch: parsePolicySearch,
  component: lazyRouteComponent(() => import('./rooms/policies/policies-page.tsx'), 'PoliciesPage'),
})

const reach = createRoute({
  getParentRoute: () => root,
  path: '/reach',
  validateSearch: parseReachSearch,
  component: lazyRouteComponent(() => import('./rooms/reach/reach-page.tsx'), 'ReachPage'),
})

const tokens = createRoute({
  getParentRoute: () => root,
  path: '/tokens',
  component: lazyRouteComponent(() => import('./rooms/self/tokens-page.tsx'), 'TokensPage'),
})

const devices = createRoute({
  getParentRoute: () => root,
  path: '/devices',
  component: lazyRouteComponent(() => import('./rooms/self/devices-page.tsx'), 'DevicesPage'),
})

/** Where somebody types the code of a device. */
const deviceCode = createRoute({
  getParentRoute: () => root,
  path: '/device',
  component: lazyRouteComponent(() => import('./rooms/self/device-code-page.tsx'), 'DeviceCodePage'),
})

/** Where the user agent sends the browser of its own computer. */
const deviceAuthorize = createRoute({
  getParentRoute: () => root,
  path: '/device/authorize',
  validateSearch: (search: Record<string, unknown>) => {
    const text = (name: string): string => {
      const value = search[name]
      return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
    }
    return {
      name: text('name'),
      system: text('system'),
      challenge: text('challenge'),
      redirect: text('redirect'),
      state: text('state'),
    }
  },
  component: lazyRouteComponent(
    () => import('./rooms/self/device-authorize-page.tsx'),
    'DeviceAuthorizePage',
  ),
})

const profile = createRoute({
  getParentRoute: () => root,
  path: '/profile',
  component: lazyRouteComponent(() => import('./rooms/self/profile-page.tsx'), 'ProfilePage'),
})

const tags = createRoute({
  getParentRoute: () => root,
  path: '/tags',
  component: lazyRouteComponent(() => import('./rooms/tags/tags-page.tsx'), 'TagsPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    targets,
    target,
    sql,
    requests,
    sessions,
    audit,
    users,
    user,
    health,
    groups,
    policies,
    reach,
    tags,
    tokens,
    devices,
    deviceCode,
    deviceAuthorize,
    profile,
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: Crashed,
  // Filled by the gate, which renders the router only for somebody who is signed in.
  context: { me: undefined as unknown as Me },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
