// A small shop and a person who may not see all of it, for the tests of this room.

import type { HiddenColumn, Sight, TableSight } from '../../core/verdict.ts'
import type { Dialect, RewriteOptions, SqlState } from '../dialect.ts'
import type { ColumnShape, Relation, Routine, SchemaSnapshot } from '../schema.ts'
import { loadPostgresDialect } from './index.ts'

export const dialect: Dialect = await loadPostgresDialect()

let oid = 1000

function column(written: string): ColumnShape {
  const [name = '', ...type] = written.split(' ')
  const notNull = type.at(-1) === '!'
  return { name, type: type.filter(word => word !== '!').join(' '), notNull, generated: undefined }
}

/** @param columns `name type`, with `!` behind it if it is never NULL */
export function relation(
  schema: string,
  name: string,
  columns: readonly string[],
  more: Partial<Relation> = {},
): Relation {
  oid += 1
  return {
    oid,
    schema,
    name,
    kind: more.definition === undefined ? 'table' : 'view',
    owner: 'owner',
    comment: undefined,
    columns: columns.map(column),
    definition: undefined,
    parents: [],
    uniqueKeys: [],
    foreignKeys: [],
    hasTriggers: false,
    ...more,
  }
}

export function routine(name: string, source: string, more: Partial<Routine> = {}): Routine {
  oid += 1
  return {
    oid,
    schema: 'public',
    name,
    kind: 'function',
    language: 'sql',
    volatility: 'stable',
    securityDefiner: false,
    argumentTypes: ['integer'],
    returnType: 'text',
    returnsSet: false,
    source,
    extension: undefined,
    ...more,
  }
}

const customers = ['id integer !', 'name text', 'email character varying(80)', 'city text', 'salary integer']

const trigger = (table: string, name: string): string =>
  `CREATE TRIGGER t BEFORE UPDATE ON public.${table} FOR EACH ROW EXECUTE FUNCTION public.${name}()`

const triggerRoutine = (name: string, source: string): Routine =>
  routine(name, source, {
    language: 'plpgsql',
    returnType: 'trigger',
    argumentTypes: [],
    volatility: 'volatile',
  })

const acted = (name: string, columns: readonly string[], ...triggers: readonly string[]): Relation =>
  relation('public', name, columns, { hasTriggers: true, triggers })

/** Its column holds whole rows of `customers`. */
const keeper: Relation = {
  ...relation('public', 'keeper', []),
  columns: [
    column('id integer'),
    { ...column('kept public.customers[]'), holdsRowsOf: [{ schema: 'public', name: 'customers' }] },
  ],
}

export const snapshot: SchemaSnapshot = {
  version: '1',
  takenAtMs: 0,
  product: 'postgresql',
  serverVersion: '18.4',
  database: 'shop',
  account: 'app',
  privileged: false,
  searchPath: ['public'],
  schemas: ['public', 'crm', 'pg_catalog', 'information_schema'],
  relations: [
    relation('public', 'customers', customers, { uniqueKeys: [['id']], checks: [['salary', 'city']] }),
    relation('public', 'orders', ['id integer !', 'customer_id integer', 'total numeric(10,2)'], {
      uniqueKeys: [['id']],
    }),
    relation('public', 'logins', ['id integer', 'email text'], { uniqueKeys: [['email']] }),
    relation('public', 'visits', ['email text', 'page text'], {
      foreignKeys: [
        {
          columns: ['email'],
          references: { schema: 'public', name: 'logins' },
          referencedColumns: ['email'],
        },
      ],
    }),
    relation('public', 'tickets', ['id integer', 'region text', 'subject text']),
    relation('public', 'twice', ['a integer']),
    relation('crm', 'twice', ['a integer', 'secret text']),
    relation('public', 'memo', ['id integer', 'body text']),
    relation('public', 'audited', ['id integer', 'email text'], { hasTriggers: true }),
    acted('stamped', ['id integer', 'email text', 'at date'], trigger('stamped', 'stamp')),
    acted('copied', ['id integer', 'email text'], trigger('copied', 'keep')),
    acted('renamed', ['id integer', 'email text'], trigger('renamed', 'keep_renamed')),
    relation('public', 'checked', ['id integer', 'email text'], {
      hasTriggers: true,
      triggers: [trigger('checked', 'stamp').replace(' EXECUTE', ' WHEN ((old.email IS NULL)) EXECUTE')],
    }),
    acted('open', ['id integer', 'body text'], trigger('open', 'stamp')),
    acted('asking', ['id integer'], trigger('asking', 'ask')),
    relation('public', 'ruled', ['id integer'], {
      hasTriggers: true,
      triggers: [],
      rules: ['CREATE RULE r AS ON INSERT TO public.ruled DO INSERT INTO memo (body) SELECT 1'],
    }),
    relation('public', 'followed', ['id integer']),
    relation('public', 'following', ['id integer'], {
      triggers: [trigger('following', 'ask')],
      foreignKeys: [
        {
          columns: ['id'],
          references: { schema: 'public', name: 'followed' },
          referencedColumns: ['id'],
          cascades: true,
        },
      ],
    }),
    keeper,
    relation('public', 'divided', ['id integer', 'email text'], {
      kind: 'partitioned',
      partitionKey: ['email'],
    }),
    relation('public', 'divided_a', ['id integer', 'email text'], {
      parents: [{ schema: 'public', name: 'divided' }],
    }),
    relation('public', 'taken', ['stamp integer'], {
      foreignKeys: [
        {
          columns: ['stamp'],
          references: { schema: 'public', name: 'open' },
          referencedColumns: ['id'],
          cascades: false,
        },
      ],
    }),
    relation('public', 'badges', ['id integer', 'kind text', 'secret text'], {
      uniqueKeys: [['id'], ['kind', 'secret']],
    }),
    relation('public', 'parent', ['id integer', 'email text'], { kind: 'partitioned' }),
    relation('public', 'child', ['id integer', 'email text'], {
      parents: [{ schema: 'public', name: 'parent' }],
    }),
    relation('public', 'v_plain', ['id integer', 'city text'], {
      definition: ' SELECT customers.id,\n    customers.city\n   FROM public.customers;',
    }),
    relation('public', 'v_mail', ['id integer', 'mail text'], {
      definition: ' SELECT customers.id,\n    lower(customers.email) AS mail\n   FROM public.customers;',
    }),
    relation('public', 'v_nested', ['mail text'], {
      definition: ' SELECT v_mail.mail\n   FROM public.v_mail;',
    }),
    relation('public', 'm_mail', ['mail text'], {
      kind: 'materialized',
      definition: ' SELECT customers.email AS mail\n   FROM public.customers;',
    }),
    relation('public', 'v_visits', ['page text'], {
      definition: 'SELECT visits.page\n   FROM public.visits',
    }),
    relation('public', 'v_audited', ['id integer'], {
      definition: 'SELECT audited.id\n   FROM public.audited',
    }),
    relation('pg_catalog', 'pg_class', ['oid oid', 'relname name']),
    relation('pg_catalog', 'pg_stats', ['tablename name', 'most_common_vals anyarray']),
    relation('pg_catalog', 'pg_stat_activity', ['pid integer', 'query text']),
    relation('pg_catalog', 'pg_settings', ['name text', 'setting text']),
  ],
  routines: [
    routine('mail_of', 'SELECT email FROM public.customers WHERE id = $1'),
    routine('city_of', 'SELECT city FROM public.customers WHERE id = $1'),
    routine('json_value', 'SELECT email FROM public.customers'),
    routine('deep', 'SELECT public.mail_of($1)'),
    routine('loop_mail', 'BEGIN RETURN (SELECT email FROM public.customers WHERE id = 1); END', {
      language: 'plpgsql',
    }),
    routine('add_one', 'BEGIN RETURN ($1 + 1)::text; END', { language: 'plpgsql', volatility: 'immutable' }),
    routine('run', 'BEGIN RETURN QUERY EXECUTE $1; END', {
      language: 'plpgsql',
      argumentTypes: ['text'],
      returnsSet: true,
    }),
    routine('log_it', 'INSERT INTO public.memo (body) VALUES ($1)', { volatility: 'volatile' }),
    routine('log_deep', 'SELECT public.log_it($1)', { volatility: 'volatile' }),
    routine('look', 'SELECT total FROM public.orders WHERE id = wanted', { volatility: 'volatile' }),
    routine('native_volatile', 'x', { language: 'c', volatility: 'volatile' }),
    triggerRoutine('stamp', 'BEGIN IF new.id > 1 THEN new.at := now(); END IF; RETURN new; END'),
    triggerRoutine('keep', 'BEGIN INSERT INTO public.memo VALUES (old.id, old.email); RETURN new; END'),
    triggerRoutine(
      'keep_renamed',
      'DECLARE was ALIAS FOR old; BEGIN INSERT INTO public.memo VALUES (was.id, was::text); RETURN new; END',
    ),
    triggerRoutine('ask', 'BEGIN PERFORM email FROM public.customers; RETURN new; END'),
    routine('move_on', 'UPDATE public.memo SET id = id + 1', { kind: 'procedure', volatility: 'volatile' }),
    routine('copy_all', 'INSERT INTO public.memo SELECT id, email FROM public.customers', {
      kind: 'procedure',
      volatility: 'volatile',
    }),
    routine('native', 'native', { language: 'c' }),
    routine('digest', 'pg_digest', { language: 'c', extension: 'pgcrypto' }),
  ],
  callables: [{ kind: 'operator', schema: 'public', name: '~@~', routine: 'public.mail_of' }],
}

export const schema = dialect.index(snapshot)
export const options: RewriteOptions = { maskKey: 'c0ffee', rowLimit: undefined }

const email: HiddenColumn = { mask: 'constant', tag: 'pii.email' }
const tables: Readonly<Record<string, TableSight>> = {
  'public.customers': {
    hidden: new Map([
      ['email', email],
      ['salary', { mask: 'number', tag: 'pay' }],
    ]),
    rowFilter: undefined,
  },
  'public.logins': { hidden: new Map([['email', email]]), rowFilter: undefined },
  'public.audited': { hidden: new Map([['email', email]]), rowFilter: undefined },
  'public.stamped': { hidden: new Map([['email', email]]), rowFilter: undefined },
  'public.copied': { hidden: new Map([['email', email]]), rowFilter: undefined },
  'public.renamed': { hidden: new Map([['email', email]]), rowFilter: undefined },
  'public.checked': { hidden: new Map([['email', email]]), rowFilter: undefined },
  'public.divided': { hidden: new Map([['email', email]]), rowFilter: undefined },
  'public.taken': { hidden: new Map([['stamp', email]]), rowFilter: undefined },
  'public.badges': { hidden: new Map([['secret', email]]), rowFilter: undefined },
  'public.parent': { hidden: new Map([['email', email]]), rowFilter: undefined },
  'crm.twice': { hidden: new Map([['secret', email]]), rowFilter: undefined },
  'public.tickets': { hidden: new Map(), rowFilter: "region = 'eu'" },
}

/** The person of most tests. */
export const narrow: Sight = {
  version: 'narrow',
  hidesAnything: true,
  table: (of, name) => tables[`${of}.${name}`],
}

export const wide: Sight = { version: 'wide', hidesAnything: false, table: () => undefined }

/** What becomes of a text: the text that is sent, or `refused: ` and why. */
export function outcome(
  text: string,
  sight: Sight = narrow,
  more: Partial<RewriteOptions> = {},
  state: SqlState = dialect.initialState,
): string {
  const reading = dialect.read(text, schema, state)
  if (reading.kind === 'unreadable') return `refused: ${reading.problem.message}`
  const rewritten = dialect.rewrite(reading, schema, state, sight, { ...options, ...more })
  return rewritten.kind === 'refused' ? `refused: ${rewritten.problem.message}` : rewritten.text
}

/** State after some statements that succeeded. */
export function stateAfter(...texts: readonly string[]): SqlState {
  let state = dialect.initialState
  for (const text of texts) {
    const reading = dialect.read(text, schema, state)
    if (reading.kind === 'unreadable') throw new Error(reading.problem.message)
    for (let index = 0; index < reading.action.statements.length; index += 1) {
      state = dialect.follow(state, reading, index)
    }
  }
  return state
}

const masked = `(CASE WHEN ("email")::pg_catalog.text IS NULL THEN NULL ELSE '***' END)::character varying(80) AS "email"`

/** The sub-query that stands in for `customers`. */
export const customersMasked = `(SELECT "id", "name", ${masked}, "city", (NULL::integer)::integer AS "salary" FROM "public"."customers")`
export const ticketsFiltered = `(SELECT "id", "region", "subject" FROM "public"."tickets" WHERE (region = 'eu'\n))`
