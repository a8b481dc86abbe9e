// Bodies of routines, and MariaDB's compound statements: blocks, loops, conditions, declarations, cursors.

import { USER_VARIABLE } from './lexer.ts'
import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  atNext,
  atOneOf,
  type Cursor,
  deeper,
  endOf,
  expect,
  isName,
  kindAt,
  list,
  name,
  startOf,
  string,
  takeName,
  unknown,
  userVariable,
  wordAt,
} from './parse-cursor.ts'
import { expression, expressionOf, SIMPLE } from './parse-expression.ts'
import { literal } from './parse-literal.ts'
import { column } from './parse-operand.ts'
import { opensQuery } from './parse-primary.ts'
import { bracketedQuery, query, startsQuery } from './parse-query.ts'
import { statement } from './parse-statement.ts'
import { dataType } from './parse-type.ts'
import type { Block, Control, DataType, Diagnostics, Expression, Name, Query, Statement } from './syntax.ts'

const controls: ReadonlySet<string> = new Set(
  'IF CASE LOOP WHILE REPEAT FOR LEAVE ITERATE RETURN DECLARE OPEN FETCH CLOSE'.split(' '),
)
/** Those that may stand outside of routines. */
const compound: ReadonlySet<string> = new Set('IF CASE LOOP WHILE REPEAT FOR'.split(' '))

/** A statement within a routine. */
export function bodyStatement(c: Cursor): Statement {
  return deeper(c, anyBodyStatement)
}

function anyBodyStatement(c: Cursor): Statement {
  if (isName(c) && atNext(c, ':')) return labelled(c)
  const word = wordAt(c)
  if (word === 'BEGIN') return block(c, undefined, startOf(c))
  if (controls.has(word)) return control(c)
  return statement(c)
}

/** `BEGIN NOT ATOMIC`, `IF … END IF` outside of routines; undefined if none stands here. */
export function compoundStatement(c: Cursor): Statement | undefined {
  if (!c.mariadb) return undefined
  const word = wordAt(c)
  const labelledLoop = isName(c) && atNext(c, ':')
  const notAtomic = word === 'BEGIN' && atNext(c, 'NOT')
  if (!notAtomic && !labelledLoop && !compound.has(word)) return undefined
  const outside = c.inRoutine
  c.inRoutine = true
  const own = notAtomic ? block(c, undefined, startOf(c)) : bodyStatement(c)
  c.inRoutine = outside
  return own
}

function labelled(c: Cursor): Statement {
  const start = startOf(c)
  const label = name(c)
  expect(c, ':')
  if (at(c, 'BEGIN')) return block(c, label, start)
  if (!atOneOf(c, compound)) throw unknown(c, 'BEGIN or a loop')
  const own = control(c)
  if (isName(c)) takeName(c)
  return { ...own, start, names: [label, ...own.names], end: endOf(c) }
}

function block(c: Cursor, label: Name | undefined, start: number): Block {
  expect(c, 'BEGIN')
  const notAtomic = acceptWords(c, 'NOT', 'ATOMIC')
  const statements = statementsUntil(c, endWords)
  expect(c, 'END')
  if (isName(c)) takeName(c)
  return { kind: 'block', label, notAtomic, statements, start, end: endOf(c) }
}

const endWords: ReadonlySet<string> = new Set(['END'])
const branchWords: ReadonlySet<string> = new Set(['END', 'ELSE', 'ELSEIF', 'WHEN'])
const untilWords: ReadonlySet<string> = new Set(['UNTIL'])

function statementsUntil(c: Cursor, ends: ReadonlySet<string>): Statement[] {
  const statements: Statement[] = []
  while (!atOneOf(c, ends)) {
    statements.push(bodyStatement(c))
    expect(c, ';')
  }
  return statements
}

// ── control ────────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Parts {
  readonly names: Name[]
  readonly types: DataType[]
  readonly expressions: Expression[]
  readonly queries: Query[]
  readonly statements: Statement[]
}

function control(c: Cursor): Control {
  const start = startOf(c)
  const verb = wordAt(c)
  c.i += 1
  const own: Parts = { names: [], types: [], expressions: [], queries: [], statements: [] }
  readers[verb]?.(c, own)
  return { kind: 'control', verb, ...own, start, end: endOf(c) }
}

const readers: Readonly<Record<string, (c: Cursor, own: Parts) => void>> = {
  IF: ifThen,
  CASE: caseWhen,
  LOOP: (c, own) => {
    own.statements.push(...statementsUntil(c, endWords))
    end(c, 'LOOP')
  },
  WHILE: (c, own) => {
    own.expressions.push(expression(c))
    expect(c, 'DO')
    own.statements.push(...statementsUntil(c, endWords))
    end(c, 'WHILE')
  },
  REPEAT: (c, own) => {
    own.statements.push(...statementsUntil(c, untilWords))
    expect(c, 'UNTIL')
    own.expressions.push(expression(c))
    end(c, 'REPEAT')
  },
  FOR: forLoop,
  LEAVE: (c, own) => own.names.push(name(c)),
  ITERATE: (c, own) => own.names.push(name(c)),
  RETURN: (c, own) => own.expressions.push(expression(c)),
  DECLARE: declare,
  OPEN: (c, own) => {
    own.names.push(name(c))
    if (accept(c, '(')) {
      own.expressions.push(...list(c, expression))
      expect(c, ')')
    }
  },
  CLOSE: (c, own) => own.names.push(name(c)),
  FETCH: fetchInto,
}

export function end(c: Cursor, word: string): void {
  expect(c, 'END')
  expect(c, word)
}

function ifThen(c: Cursor, own: Parts): void {
  do {
    own.expressions.push(expression(c))
    expect(c, 'THEN')
    own.statements.push(...statementsUntil(c, branchWords))
  } while (accept(c, 'ELSEIF'))
  if (accept(c, 'ELSE')) own.statements.push(...statementsUntil(c, endWords))
  end(c, 'IF')
}

function caseWhen(c: Cursor, own: Parts): void {
  if (!at(c, 'WHEN')) own.expressions.push(expression(c))
  expect(c, 'WHEN')
  do {
    own.expressions.push(expression(c))
    expect(c, 'THEN')
    own.statements.push(...statementsUntil(c, branchWords))
  } while (accept(c, 'WHEN'))
  if (accept(c, 'ELSE')) own.statements.push(...statementsUntil(c, endWords))
  end(c, 'CASE')
}

/** `FOR i IN 1..10 DO`, `FOR r IN cursor DO`, `FOR r IN (SELECT …) DO`. */
function forLoop(c: Cursor, own: Parts): void {
  own.names.push(name(c))
  expect(c, 'IN')
  accept(c, 'REVERSE')
  if (at(c, '(') && opensQuery(c)) own.queries.push(bracketedQuery(c).query)
  else {
    own.expressions.push(expressionOf(c, SIMPLE - 4))
    if (accept(c, '..')) own.expressions.push(expressionOf(c, SIMPLE - 4))
  }
  expect(c, 'DO')
  own.statements.push(...statementsUntil(c, endWords))
  end(c, 'FOR')
}

function fetchInto(c: Cursor, own: Parts): void {
  if (acceptWords(c, 'GROUP', 'NEXT', 'ROW')) return
  if (!acceptWords(c, 'NEXT', 'FROM')) accept(c, 'FROM')
  own.names.push(name(c))
  expect(c, 'INTO')
  own.expressions.push(...list(c, variable))
}

export function variable(c: Cursor): Diagnostics['variables'][number] {
  return kindAt(c) === USER_VARIABLE ? userVariable(c) : column(c)
}

// ── declarations ───────────────────────────────────────────────────────────────────────────────────────────────────────

function declare(c: Cursor, own: Parts): void {
  const kind = wordAt(c)
  if ((kind === 'CONTINUE' || kind === 'EXIT' || kind === 'UNDO') && atNext(c, 'HANDLER')) {
    c.i += 2
    expect(c, 'FOR')
    list(c, condition)
    own.statements.push(bodyStatement(c))
    return
  }
  own.names.push(...list(c, name))
  if (accept(c, 'CONDITION')) {
    expect(c, 'FOR')
    condition(c)
    return
  }
  if (accept(c, 'CURSOR')) return cursor(c, own)
  if (at(c, 'ROW') && atNext(c, '(')) rowType(c, own)
  else own.types.push(dataType(c))
  if (accept(c, 'DEFAULT') || accept(c, ':=')) own.expressions.push(expression(c))
}

function rowType(c: Cursor, own: Parts): void {
  c.i += 2
  list(c, one => {
    own.names.push(name(one))
    own.types.push(dataType(one))
  })
  expect(c, ')')
}

function cursor(c: Cursor, own: Parts): void {
  if (accept(c, '(')) {
    list(c, one => {
      accept(one, 'IN')
      own.names.push(name(one))
      own.types.push(dataType(one))
    })
    expect(c, ')')
  }
  expect(c, 'FOR')
  if (startsQuery(c) || at(c, '(')) own.queries.push(query(c))
  else own.statements.push(statement(c))
}

function condition(c: Cursor): void {
  if (accept(c, 'SQLSTATE')) {
    accept(c, 'VALUE')
    string(c)
  } else if (acceptOneOf(c, 'SQLWARNING', 'SQLEXCEPTION') === undefined && !acceptWords(c, 'NOT', 'FOUND')) {
    if (isName(c)) name(c)
    else literal(c)
  }
}
