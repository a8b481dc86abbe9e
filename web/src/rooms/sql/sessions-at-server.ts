// The connections of the SQL page, asked for over HTTP.

import { ConsoleError, call, send } from '../../api/http.ts'
import { noticeSignedOut } from '../../api/queries.ts'
import { readEvents } from '../../api/query-stream.ts'
import type { SessionsAtServer } from './live-tab.ts'

const isGone = (problem: unknown): boolean => problem instanceof ConsoleError && problem.code === 'not-found'

export const sessionsAtServer: SessionsAtServer = {
  isGone,
  open: targetId => call('POST /api/sql/sessions', { in: { targetId } }),
  async find(id) {
    try {
      return await call('GET /api/sql/sessions/:id', { params: { id } })
    } catch (problem) {
      if (isGone(problem)) return undefined
      throw problem
    }
  },
  async run(id, input, signal) {
    try {
      const response = await send('POST /api/sql/sessions/:id/run', { params: { id }, in: input, signal })
      return readEvents(response.body ?? new ReadableStream())
    } catch (problem) {
      noticeSignedOut(problem)
      throw problem
    }
  },
  stop: id => call('POST /api/sql/sessions/:id/stop', { params: { id } }),
  close: id => call('DELETE /api/sql/sessions/:id', { params: { id } }),
}
