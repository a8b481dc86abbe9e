// What each route may answer, for the OpenAPI document: which statuses, and the shape of a refusal.

import { type Who, who } from './who.ts'

const problem = {
  type: 'object',
  properties: { code: { type: 'string' }, message: { type: 'string' }, detail: { type: 'string' } },
  required: ['code', 'message', 'detail'],
} as const

const refused = (description: string) => ({ description, ...problem })

/** Adds them where the document is made: while answers are sent, nothing is checked against them. */
export function describeAnswers<S extends object>({
  schema,
  url,
  route,
}: {
  readonly schema?: S
  readonly url: string
  readonly route: { readonly method: string | string[] }
}): { readonly schema: S; readonly url: string } {
  const method = String(route.method)
  const needs = (who as Readonly<Record<string, Who>>)[`${method} ${url}`]
  const answers = needs === undefined ? {} : { response: answersOf(method, url, needs) }
  return { schema: { ...(schema as S), ...answers }, url }
}

function answersOf(method: string, url: string, needs: Who): Record<string, unknown> {
  const answers: Record<string, unknown> = {
    '2xx': { description: 'Done; 204 if there is nothing to tell' },
    400: refused('It cannot be read, or a field is wrong'),
    429: refused('Too many requests, or one of the limits'),
    500: refused('Something failed; the log has more under the identifier in `detail`'),
  }
  if (needs !== 'public') answers['401'] = refused('Nobody is signed in')
  if (needs !== 'public' || method !== 'GET')
    answers['403'] = refused('Not for you, or not from our own pages')
  if (url.includes('/:')) answers['404'] = refused('There is no such thing, or it is not yours')
  if (method !== 'GET') {
    answers['409'] = refused('Somebody else has changed it, or something runs already')
    answers['503'] = refused('The audit cannot be written, so nothing is done')
  }
  return answers
}
