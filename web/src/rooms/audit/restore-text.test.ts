// Statements that restore hold what may be seen, and nothing else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SnapshotShown } from '../../../../src/console/contract.ts'
import { restoreText } from './restore-text.ts'

const shown: SnapshotShown = {
  protocol: 'postgres',
  targetName: 'shop',
  schema: 'public',
  table: 'people',
  columns: [
    { name: 'id', isKey: true, hidden: false, binary: false },
    { name: 'name', isKey: false, hidden: false, binary: false },
    { name: 'email', isKey: false, hidden: true, binary: false },
    { name: 'Note "x"', isKey: false, hidden: false, binary: false },
  ],
  hasAfter: true,
  rows: [
    {
      before: ['1', "O'Neil", { hidden: true }, null],
      after: ['1', 'Ann', { hidden: true }, null],
      changed: [1],
    },
  ],
}

test('what changed is set back, where the row is known by its key', () => {
  assert.equal(
    restoreText(shown, false),
    `-- without hidden columns: email\nUPDATE "public"."people" SET "name" = 'O''Neil' WHERE "id" = '1';`,
  )
  const columns = shown.columns.map(column => ({ ...column, hidden: column.isKey }))
  assert.equal(restoreText({ ...shown, columns }, false), '')
})

test('what was deleted is inserted', () => {
  assert.equal(
    restoreText(shown, true).split('\n')[1],
    `INSERT INTO "public"."people" ("id", "name", "Note ""x""") VALUES ('1', 'O''Neil', NULL);`,
  )
})

test('names and values are quoted as the target wants them', () => {
  const mysql: SnapshotShown = {
    ...shown,
    protocol: 'mysql',
    columns: [
      { name: 'id', isKey: true, hidden: false, binary: false },
      { name: 'b`t', isKey: false, hidden: false, binary: true },
    ],
    rows: [{ before: ['\\1', 'AP8='], after: undefined, changed: [] }],
  }
  assert.equal(
    restoreText(mysql, false),
    "UPDATE `public`.`people` SET `b``t` = X'00ff' WHERE `id` = '\\\\1';",
  )
})
