// One question to the policies, in the words of the house: who, what, on which thing, at which moment.

import { actionEntity, ColumnEntity, TableEntity, tagEntity, targetEntity, userEntity } from './entity.ts'
import type { Request } from './evaluate.ts'
import { type IpValue, parseIp } from './extension.ts'
import type { Asker, PolicyContext } from './policy.ts'
import type { ActionName } from './schema.ts'
import { localMoment } from './local-moment.ts'
import { type Entity, entityKey, type RecordValue, type Value } from './value.ts'

/** `context` of all questions of one moment; made when the first policy looks at it. */
export class Moment {
  readonly #context: PolicyContext
  #record: RecordValue | undefined

  constructor(context: PolicyContext) {
    this.#context = context
  }

  get record(): RecordValue {
    this.#record ??= contextRecord(this.#context)
    return this.#record
  }
}

export class Question implements Request {
  readonly principal: Entity
  readonly action: Entity
  readonly resource: Entity
  readonly #moment: Moment

  constructor(asker: Asker, moment: Moment, action: ActionName, resource: Entity) {
    this.principal = userEntity(asker.user)
    this.action = actionEntity(action)
    this.resource = resource
    this.#moment = moment
  }

  get context(): RecordValue {
    return this.#moment.record
  }

  find(key: string): Entity | undefined {
    if (key === this.principal.key) return this.principal
    if (key === this.action.key) return this.action
    if (key.startsWith(tagPrefix)) return tagEntity(key.slice(tagPrefix.length))
    const { resource } = this
    if (key === resource.key) return resource
    const table = resource instanceof ColumnEntity ? resource.table : resource
    if (key === table.key || !(table instanceof TableEntity)) return key === table.key ? table : undefined
    if (key === table.target.key) return table.target
    const schema = table.schemaEntity()
    return key === schema.key ? schema : undefined
  }
}

const tagPrefix = entityKey('Tag', '')

export function targetOf(asker: Asker): Entity {
  return targetEntity(asker.target)
}

/** `hour` and `weekday` (Monday is 1) are in UTC, `localHour` and `localWeekday` in the gateway's zone; `address` is absent where there is none that can be read. */
export function contextRecord(context: PolicyContext): RecordValue {
  const now = new Date(context.nowMs)
  const entries = new Map<string, Value>([
    ['now', { kind: 'datetime', ms: BigInt(Math.trunc(context.nowMs)) }],
    ['hour', BigInt(now.getUTCHours())],
    ['weekday', BigInt(now.getUTCDay() === 0 ? 7 : now.getUTCDay())],
    ['console', context.address === 'console'],
    ['program', context.program],
    ['reason', context.hasReason === true],
    ['approved', context.isApproved === true],
  ])
  const local = localMoment(now, context.timeZone)
  entries.set('localHour', BigInt(local.hour))
  entries.set('localWeekday', BigInt(local.weekday))
  const address = clientAddress(context.address)
  if (address !== undefined) entries.set('address', address)
  return { kind: 'record', entries }
}

/** A socket that listens for both families shows IPv4 clients as `::ffff:192.0.2.1`. */
function clientAddress(address: string): IpValue | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  return address.includes('/') ? undefined : parseIp(mapped?.[1] ?? address)
}
