// Whether a whole session may be made read only: policies ask for it, and none permits to change anything.

import type { CompiledPolicy } from './compiled-policy.ts'
import { decide, type FindCandidates } from './decision.ts'
import { userEntity } from './entity.ts'
import type { Asker } from './policy.ts'
import { Moment, Question, targetOf } from './question.ts'
import type { ActionName } from './schema.ts'
import { mayReach } from './sight.ts'

const writing = ['insert', 'update', 'delete', 'define', 'administer', 'call', 'import'] as const

export function isReadOnly(find: FindCandidates, asker: Asker): boolean {
  const target = targetOf(asker)
  const user = userEntity(asker.user)
  const connect = decide(
    find('connect', user),
    new Question(asker, new Moment(asker.context), 'connect', target),
  )
  if (connect.isPermitted && connect.determining.every(wantsReadOnly)) return true
  const reaching = (action: ActionName) =>
    find(action, user).permits.filter(({ resource }) => mayReach(resource, target))
  const reads = reaching('select')
  if (reads.length === 0 || !reads.every(wantsReadOnly)) return false
  return writing.every(action => reaching(action).length === 0)
}

const wantsReadOnly = ({ obligations }: CompiledPolicy): boolean => obligations.guards?.readOnly === true
