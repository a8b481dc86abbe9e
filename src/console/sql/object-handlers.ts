// The object tree: schemas, what is in them, and one object with its columns.

import { GatewayError } from '../../core/errors.ts'
import type { Handlers } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'
import type { SqlRoutes } from './sql-contract.ts'
import { describeTables } from '../targets/tables.ts'
import { visibleTarget } from '../targets/visible-targets.ts'
import { objectsOf, schemasOf } from './object-tree.ts'
import { countIn, textIn } from './query-parameters.ts'

type ObjectRoute = Extract<keyof SqlRoutes, `GET /api/targets/:id/${'objects' | 'schemas' | 'object'}`>

const pageMax = 500
const offsetMax = 10_000_000

export function objectHandlers(parts: ConsoleParts): Handlers<ObjectRoute> {
  const { schemas, tags } = parts.catalog
  return {
    async 'GET /api/targets/:id/schemas'({ visitor, param, address }) {
      const target = await visibleTarget(parts, visitor.user, param('id'), address)
      return schemasOf(await schemas.fresh(target.id))
    },
    async 'GET /api/targets/:id/objects'({ visitor, param, address, query }) {
      const target = await visibleTarget(parts, visitor.user, param('id'), address)
      const asked = {
        schema: textIn(query, 'schema'),
        search: textIn(query, 'search'),
        offset: countIn(query, 'offset', 0, offsetMax) ?? 0,
        limit: countIn(query, 'limit', 1, pageMax) ?? 100,
      }
      const sight = await parts.see(visitor.user, target, address)
      return objectsOf(await schemas.fresh(target.id), sight, asked)
    },
    async 'GET /api/targets/:id/object'({ visitor, param, address, query }) {
      const target = await visibleTarget(parts, visitor.user, param('id'), address)
      const [schema, name] = [textIn(query, 'schema'), textIn(query, 'name')]
      const sight = await parts.see(visitor.user, target, address)
      const snapshot = await schemas.fresh(target.id)
      const relations = snapshot.relations.filter(one => one.schema === schema && one.name === name)
      const effective = tags.effective(target.id, snapshot)
      const [row] = describeTables({ ...snapshot, relations }, effective, await tags.list(target.id), sight)
      if (row === undefined) throw new GatewayError('not-found', 'table')
      return row
    },
  }
}
