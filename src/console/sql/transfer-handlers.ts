// Files in and out of targets, as jobs.

import { GatewayError } from '../../core/errors.ts'
import type { Target } from '../../core/target.ts'
import type { Call, Handlers } from '../handlers.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { ConsoleParts } from '../parts.ts'
import type { SqlRoutes } from './sql-contract.ts'
import { visibleTarget } from '../targets/visible-targets.ts'
import { exportWork } from './export-job.ts'
import { importWork } from './import-job.ts'
import { textIn } from './query-parameters.ts'
import { withReason } from './reason-comment.ts'
import type { Uploads } from './uploads.ts'
import { refuseZero } from './sql-session-handlers.ts'

export function transferHandlers(
  parts: ConsoleParts,
  jobs: Jobs,
  uploads: Uploads,
): Handlers<`POST /api/targets/:id/${'exports' | 'uploads' | 'imports'}`> {
  return {
    async 'POST /api/targets/:id/uploads'(call) {
      const target = await openTargetOf(parts, call)
      if (call.upload === undefined)
        throw new GatewayError('request.invalid', 'send the file as application/octet-stream')
      return uploads.take(call.visitor.user.id, target, textIn(call.query, 'name') ?? 'file', call.upload)
    },
    async 'POST /api/targets/:id/imports'(call) {
      const { visitor, input, address } = call
      const target = await openTargetOf(parts, call)
      const { user, by } = visitor
      const upload = uploads.of(user.id, target.id, input.uploadId)
      const work = importWork(parts, uploads, { target, user, address, by, upload, input })
      return jobs.start(
        user,
        { kind: 'import', title: `${upload.name} → ${target.name}`, unit: 'rows' },
        work,
      )
    },
    async 'POST /api/targets/:id/exports'(call) {
      const { visitor, input, address } = call
      refuseZero([input.sql, input.reason])
      const target = await openTargetOf(parts, call)
      const { format, byteOrderMark = false } = input
      const fileName = plainName(input.fileName, format)
      const sql = withReason(input.sql, input.reason)
      const { user, by } = visitor
      const work = exportWork(parts, { target, user, address, by, sql, format, fileName, byteOrderMark })
      return jobs.start(user, { kind: 'export', title: target.name, unit: 'rows', fileName }, work)
    },
  }
}

/** @throws GatewayError `not-found | target.unreachable` */
export async function openTargetOf(
  parts: ConsoleParts,
  { visitor, param, address }: Pick<Call<keyof SqlRoutes>, 'visitor' | 'param' | 'address'>,
): Promise<Target> {
  const target = await visibleTarget(parts, visitor.user, param('id'), address)
  if (target.disabled) throw new GatewayError('target.unreachable', 'it is switched off')
  return target
}

/** A name for a download: no folders, nothing that a system takes for more than a name, and the ending of its format. */
export function plainName(name: string, ending: string): string {
  const bare = name
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u001f\u007f/\\:*?"<>|]/g, '_')
    .replace(/^\.+/, '')
  const stem = bare.toLowerCase().endsWith(`.${ending}`) ? bare.slice(0, -ending.length - 1) : bare
  return `${stem.trim() === '' ? 'result' : stem.trim()}.${ending}`
}
