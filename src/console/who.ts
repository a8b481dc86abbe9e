// Who may call what: every route of the contract, in one table. Nothing is served that does not stand here.

import type { Routes } from './contract.ts'

/**
 * `public`: anybody. `newcomer`: signed in, also before they have chosen a password of their own. `user`: signed in.
 * `administrator`: signed in, with that role.
 */
export type Who = 'public' | 'newcomer' | 'user' | 'administrator'

export const who: { readonly [R in keyof Routes]: Who } = {
  'POST /api/sign-in': 'public',
  'POST /api/sign-out': 'newcomer',
  'POST /api/password': 'newcomer',
  'GET /api/me': 'newcomer',

  'GET /api/targets': 'user',
  'GET /api/targets/tag-keys': 'user',
  'POST /api/targets/bulk': 'administrator',
  'POST /api/targets/:id/check': 'administrator',
  'GET /api/targets/:id/state': 'administrator',
  'POST /api/targets': 'administrator',
  'POST /api/targets/test': 'administrator',
  'POST /api/targets/host-key': 'administrator',
  'GET /api/targets/:id': 'user',
  'PUT /api/targets/:id': 'administrator',
  'DELETE /api/targets/:id': 'administrator',
  'GET /api/targets/:id/tables': 'user',
  'PUT /api/targets/:id/tags': 'administrator',

  'GET /api/tags': 'user',
  'PUT /api/tags/:name': 'administrator',

  'GET /api/tokens': 'user',
  'POST /api/tokens': 'user',
  'DELETE /api/tokens/:id': 'user',

  'GET /api/api-tokens': 'administrator',
  'POST /api/api-tokens': 'administrator',
  'DELETE /api/api-tokens/:id': 'administrator',

  // Everybody their own, and those who may decide theirs.
  'GET /api/requests': 'user',
  'GET /api/requests/waiting': 'user',
  'GET /api/requests/:number': 'user',
  'POST /api/requests/:number/decide': 'user',
  'POST /api/requests/:number/withdraw': 'user',
  'POST /api/requests/:number/plan': 'user',

  // Administrators all, everybody else their own.
  'GET /api/sessions': 'user',
  'GET /api/sessions/live': 'user',
  'DELETE /api/sessions/:id': 'user',
  'POST /api/sessions/:id/stop': 'user',
  'POST /api/sessions/:id/end': 'user',

  'GET /api/users': 'administrator',
  'POST /api/users': 'administrator',
  'PUT /api/users/:id': 'administrator',
  'POST /api/users/:id/password': 'administrator',
  'POST /api/users/:id/unlock': 'administrator',
  'DELETE /api/users/:id': 'administrator',
  'GET /api/users/:id/tokens': 'administrator',
  'DELETE /api/users/:id/tokens/:token': 'administrator',

  'GET /api/groups': 'administrator',
  'POST /api/groups': 'administrator',
  'PUT /api/groups/:id': 'administrator',
  'DELETE /api/groups/:id': 'administrator',
  'POST /api/groups/:id/members': 'administrator',

  'GET /api/health': 'administrator',
  'GET /api/attention': 'administrator',

  'GET /api/policy-templates': 'administrator',
  'GET /api/rules': 'administrator',
  'PUT /api/rules': 'administrator',
  'POST /api/rules/test': 'administrator',
  'GET /api/policies': 'administrator',
  'GET /api/policies/:version': 'administrator',
  'POST /api/policies/check': 'administrator',
  'POST /api/policies/form': 'administrator',
  'POST /api/policies/write': 'administrator',
  'POST /api/policies/difference': 'administrator',
  'POST /api/policies/try': 'administrator',
  'POST /api/policies/replay': 'administrator',
  'POST /api/reach/who': 'administrator',
  'POST /api/reach/what': 'administrator',
  'POST /api/policies/format': 'administrator',
  'PUT /api/policies': 'administrator',

  // Administrators all, everybody else their own.
  'GET /api/devices': 'user',
  'DELETE /api/devices/:id': 'user',
  'POST /api/device/look': 'user',
  'POST /api/device/decide': 'user',
  'POST /api/device/authorize': 'user',
  // The device itself: by codes and by its key.
  'GET /api/device/tunnel': 'public',
  'POST /api/device/code': 'public',
  'POST /api/device/token': 'public',
  'POST /api/device/renew': 'public',
  'POST /api/device/leave': 'public',

  // Everybody their own.
  'GET /api/sql/sessions': 'user',
  'POST /api/sql/sessions': 'user',
  'GET /api/sql/sessions/:id': 'user',
  'DELETE /api/sql/sessions/:id': 'user',
  'POST /api/sql/sessions/:id/run': 'user',
  'POST /api/sql/sessions/:id/stop': 'user',
  'GET /api/sql/history': 'user',
  'GET /api/sql/saved': 'user',
  'POST /api/sql/saved': 'user',
  'PUT /api/sql/saved/:id': 'user',
  'DELETE /api/sql/saved/:id': 'user',
  'GET /api/jobs': 'user',
  'DELETE /api/jobs/:id': 'user',
  'GET /api/jobs/:id/file': 'user',

  'GET /api/targets/:id/objects': 'user',
  'GET /api/targets/:id/schemas': 'user',
  'GET /api/targets/:id/object': 'user',
  'POST /api/targets/:id/exports': 'user',
  'POST /api/targets/:id/uploads': 'user',
  'POST /api/targets/:id/imports': 'user',

  // Administrators see everything, users what they did themselves.
  'GET /api/audit': 'user',
  'GET /api/audit/page': 'user',
  'GET /api/audit/summary': 'user',
  'GET /api/audit/tail': 'user',
  'GET /api/audit/chain': 'user',
  'GET /api/audit/filters': 'user',
  'POST /api/audit/filters': 'user',
  'POST /api/audit/exports': 'user',
  'DELETE /api/audit/filters/:id': 'user',
  'GET /api/audit/:id': 'user',
  'GET /api/audit/:id/snapshot': 'administrator',
}
