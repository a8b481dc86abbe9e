// SHOW and DESCRIBE: what anybody may ask, what holds values, and what is asked for in its place then.

import { type Draft, type ReadContext, newDraft } from './statement-reading.ts'
import { surveyStatement } from './survey.ts'
import type { Describe, Show } from './syntax.ts'

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s*,\s*/).map(word => word.trim()))
}

/** Describe what there is. */
const open = words(`
  DATABASES, TABLES, COLUMNS, FIELDS, FULL TABLES, CREATE TABLE, CREATE VIEW, CREATE DATABASE, CREATE SCHEMA, CREATE PROCEDURE, CREATE FUNCTION,
  CREATE TRIGGER, CREATE EVENT, CREATE SEQUENCE, CREATE PACKAGE, CREATE PACKAGE BODY, CHARACTER SET,
  COLLATION, ENGINES, STORAGE ENGINES, PLUGINS, PLUGINS SONAME, PRIVILEGES, GRANTS, TRIGGERS, EVENTS, PROCEDURE STATUS, FUNCTION STATUS,
  PACKAGE STATUS, PACKAGE BODY STATUS, OPEN TABLES, COUNT WARNINGS, COUNT ERRORS, CONTRIBUTORS, AUTHORS, LOCALES, TABLE TYPES`)

/** Hold values, statement texts or statistics; `rewriteShow` puts others in their place. */
const replaced = words('INDEX, TABLE STATUS, STATUS, VARIABLES, WARNINGS, ERRORS, PROCESSLIST')

/** What passes in them is what others do. */
const administrators = words(`
  BINLOG EVENTS, RELAYLOG EVENTS, ENGINE STATUS, ENGINE MUTEX, ENGINE LOGS, CREATE USER, USER_STATISTICS, CLIENT_STATISTICS`)

export function describeShow(node: Show | Describe, context: ReadContext): Draft {
  if (node.kind === 'describe') return newDraft('DESCRIBE', 'plain')
  const verb = `SHOW ${node.what}`
  const draft = newDraft(verb, open.has(node.what) ? 'query' : replaced.has(node.what) ? 'show' : 'refuse')
  draft.survey = surveyStatement([node.where, node.limit, node.args], { ...context, hasParameters: true })
  draft.literalsMatter = true
  if (administrators.has(node.what)) draft.effects.add('administer')
  return draft
}
