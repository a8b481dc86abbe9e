// Errors of ours about names and messages of the protocol; where PostgreSQL has words for it, they are its words.

import type { Refusal } from './refuse.ts'
import { wordRefusal } from './refuse.ts'

export const alreadyThere = (name: string): Refusal =>
  wordRefusal('42P05', `prepared statement "${name}" already exists`)
export const noSuchStatement = (name: string): Refusal =>
  wordRefusal(
    '26000',
    name === '' ? 'unnamed prepared statement does not exist' : `prepared statement "${name}" does not exist`,
    'A statement prepared with PREPARE is run with EXECUTE.',
  )
export const noSuchPortal = (name: string): Refusal =>
  wordRefusal('34000', `portal "${name}" does not exist`, 'A cursor declared in SQL is read with FETCH.')
export const takenInSql = (name: string): Refusal =>
  wordRefusal(
    '42P05',
    `The name "${name}" was given by PREPARE or DECLARE in this session.`,
    'Use another name for the prepared statement or portal.',
  )
export const tooMany = wordRefusal(
  '53400',
  'Too many prepared statements and portals in this session.',
  'Close those that are not needed any more.',
)
export const boundTooLongAgo = wordRefusal(
  '42501',
  'What may be seen changed since this statement was bound.',
  'Run it again.',
)
export const afterSync = wordRefusal(
  '0A000',
  'A transaction cannot begin or end in the middle of a pipeline in which rows are kept before they change.',
  'Send it after a Sync.',
)
export const noFunctionCalls = wordRefusal(
  '0A000',
  'The function call message of the protocol is not supported.',
  'Call the function in a SELECT.',
)
