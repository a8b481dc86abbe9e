// Jump hosts in front of targets, and whether they are told whom a connection is for.

import { addColumn, type Step, types } from './migration.ts'

export const waysToTargets: Step = {
  name: '006-ways-to-targets',
  async up(database, kind) {
    await addColumn(database, kind, 'targets', 'jump', types.text)
    await addColumn(database, kind, 'targets', 'sealed_jump_secret', types.text)
    await addColumn(database, kind, 'targets', 'send_proxy', types.flag)
  },
}
