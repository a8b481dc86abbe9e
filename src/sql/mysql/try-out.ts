// A small shop and a person who may not see all of it, for the tests of this room.

import type { HiddenColumn, Sight, TableSight } from '../../core/verdict.ts'
import type { RewriteOptions, SqlState } from '../dialect.ts'
import type { ColumnShape, Relation, Routine, SchemaSnapshot } from '../schema.ts'
import { mysqlDialect, mysqlState } from './index.ts'

export const dialect = mysqlDialect

let oid = 1000

/** @param written `name type` */
function column(written: string): ColumnShape {
  const [name = '', ...type] = written.split(' ')
  return { name, type: type.join(' '), notNull: false, generated: undefined }
}

/** Of which it is known that it does not follow changes. */
const settled = (written: string): ColumnShape => ({ ...column(written), followsUpdates: false })

export function relation(
  name: string,
  columns: readonly (string | ColumnShape)[],
  more: Partial<Relation> = {},
): Relation {
  oid += 1
  return {
    oid,
    schema: 'shop',
    name,
    kind: more.definition === undefined ? 'table' : 'view',
    owner: 'owner',
    comment: undefined,
    columns: columns.map(one => (typeof one === 'string' ? column(one) : one)),
    definition: undefined,
    parents: [],
    uniqueKeys: [],
    foreignKeys: [],
    hasTriggers: false,
    engine: 'innodb',
    ...more,
  }
}

function routine(kind: 'function' | 'procedure', name: string, source: string): Routine {
  oid += 1
  return {
    oid,
    schema: 'shop',
    name,
    kind,
    language: 'sql',
    volatility: 'volatile',
    securityDefiner: true,
    argumentTypes: ['int'],
    returnType: 'varchar(80)',
    returnsSet: false,
    source,
    extension: undefined,
    sqlMode: '',
  }
}

const trigger = (table: string, event: string, body: string): Partial<Relation> => ({
  hasTriggers: true,
  triggers: [`CREATE TRIGGER \`shop\`.\`t\` AFTER ${event} ON \`shop\`.\`${table}\` FOR EACH ROW ${body}`],
  triggerModes: [''],
})

const customerColumns = [
  'id int(11)',
  'name varchar(40)',
  'email varchar(80)',
  'city varchar(40)',
  'salary int(11)',
]

export const snapshot: SchemaSnapshot = {
  version: '1',
  takenAtMs: 0,
  product: 'mariadb',
  serverVersion: '10.11.19',
  database: 'shop',
  account: 'app',
  privileged: false,
  searchPath: ['shop'],
  schemas: ['shop', 'crm', 'information_schema', 'mysql', 'performance_schema'],
  relations: [
    relation('customers', customerColumns, { uniqueKeys: [['id']], checks: [['salary', 'city']] }),
    relation('orders', ['id int(11)', 'customer_id int(11)', 'total decimal(10,2)'], {
      uniqueKeys: [['id']],
    }),
    relation('customers', ['id int(11)', 'email varchar(80)'], { schema: 'crm' }),
    relation('tickets', ['id int(11)', 'region varchar(4)', 'subject varchar(80)'], { uniqueKeys: [['id']] }),
    relation('logins', ['id int(11)', 'email varchar(80)'], {
      uniqueKeys: [['id'], ['email']],
      indexes: [
        { name: 'PRIMARY', columns: ['id'] },
        { name: 'by_email', columns: ['email'] },
      ],
    }),
    relation('visits', ['email varchar(80)', 'page varchar(80)'], {
      foreignKeys: [
        { columns: ['email'], references: { schema: 'shop', name: 'logins' }, referencedColumns: ['email'] },
      ],
    }),
    relation('vouchers', ['code varchar(40)', 'value int(11)'], {
      uniqueKeys: [['code']],
      indexes: [{ name: 'PRIMARY', columns: ['code'] }],
    }),
    relation('claims', ['id int(11)', 'region varchar(4)'], {
      foreignKeys: [
        { columns: ['region'], references: { schema: 'shop', name: 'regions' }, referencedColumns: ['code'] },
      ],
    }),
    relation('regions', ['code varchar(4)', 'label text'], { uniqueKeys: [['code']] }),
    relation('merged', ['id int(11)', 'email varchar(80)'], { engine: 'mrg_myisam' }),
    relation('broken', ['id int(11)'], { engine: '' }),
    relation('memo', ['id int(11)', 'body text']),
    relation('members', ['id int(11)', 'plan varchar(40)', 'token varchar(40)', 'note text'].map(settled), {
      uniqueKeys: [['id']],
      checks: [],
      engine: 'innodb',
    }),
    relation('audited', ['id int(11)', 'email varchar(80)', 'note text'], {
      ...trigger('audited', 'UPDATE', 'INSERT INTO memo VALUES (old.id, old.email)'),
    }),
    relation('stamped', ['id int(11)', 'email varchar(80)', 'at date'], {
      ...trigger('stamped', 'UPDATE', 'BEGIN INSERT INTO memo VALUES (new.id, new.at); END'),
    }),
    relation('asking', ['id int(11)'], {
      ...trigger('asking', 'DELETE', 'INSERT INTO memo SELECT id, email FROM customers'),
    }),
    relation('made', [
      'id int(11)',
      'email varchar(80)',
      { ...column('lower_email varchar(80)'), generated: 'lcase(`email`)' },
      { ...column('secret_note text'), invisible: true },
    ]),
    relation('v_mail', ['id int(11)', 'mail varchar(80)'], {
      definition:
        'select `shop`.`customers`.`id` AS `id`,lcase(`shop`.`customers`.`email`) AS `mail` from `shop`.`customers`',
    }),
    relation('v_plain', ['id int(11)', 'city varchar(40)'], {
      definition:
        'select `shop`.`customers`.`id` AS `id`,`shop`.`customers`.`city` AS `city` from `shop`.`customers`',
    }),
    relation('TABLES', ['TABLE_NAME varchar(64)', 'CHECKSUM bigint(21)', 'TABLE_ROWS bigint(21)'], {
      schema: 'information_schema',
    }),
    relation('user', ['User char(32)', 'authentication_string text'], { schema: 'mysql' }),
  ],
  routines: [
    routine('function', 'mail_of', 'RETURN (SELECT email FROM customers WHERE id = n)'),
    routine('function', 'city_of', 'RETURN (SELECT city FROM customers WHERE id = n)'),
    routine('function', 'deep', 'BEGIN DECLARE x text; SET x = mail_of(n); RETURN x; END'),
    routine('function', 'log_it', 'BEGIN INSERT INTO memo VALUES (n, 1); RETURN n; END'),
    routine('procedure', 'run_text', 'BEGIN SET @t = t; PREPARE s FROM @t; EXECUTE s; END'),
    routine('procedure', 'close_all', 'UPDATE orders SET total = 0 WHERE id = n'),
    routine('procedure', 'calls', 'CALL close_all(1)'),
    routine('procedure', 'fill', 'INSERT INTO memo SELECT id, email FROM customers'),
  ],
  callables: [],
  mysql: { sqlMode: '', lowerCaseTableNames: 0, characterSet: 'utf8mb4', noticesChanges: false },
}

export const schema = dialect.index(snapshot)
export const options: RewriteOptions = { maskKey: 'c0ffee', rowLimit: undefined }

export function stateIn(
  sqlMode: string,
  characterSet = 'utf8mb4',
  database: string | undefined = 'shop',
): SqlState {
  return mysqlState({ product: 'mariadb', version: '10.11.19-MariaDB', sqlMode, characterSet, database })
}

export const usual = stateIn('')

const email: HiddenColumn = { mask: 'constant', tag: 'pii.email' }
const only = (name: string): TableSight => ({ hidden: new Map([[name, email]]), rowFilter: undefined })

const tables: Readonly<Record<string, TableSight>> = {
  'shop.customers': {
    hidden: new Map([
      ['email', email],
      ['salary', { mask: 'number', tag: 'pay' }],
    ]),
    rowFilter: undefined,
  },
  'shop.logins': only('email'),
  'shop.vouchers': only('code'),
  'shop.audited': only('email'),
  'shop.stamped': only('email'),
  'shop.made': only('email'),
  'shop.members': {
    hidden: new Map([
      ['plan', email],
      ['token', { mask: 'hash', tag: 'secret' }],
    ]),
    rowFilter: undefined,
  },
  'shop.claims': { hidden: new Map(), rowFilter: "region = 'eu'" },
  'shop.tickets': { hidden: new Map(), rowFilter: "region = 'eu'" },
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
  state: SqlState = usual,
): string {
  const reading = dialect.read(text, schema, state)
  if (reading.kind === 'unreadable') return `refused: ${reading.problem.message}`
  const rewritten = dialect.rewrite(reading, schema, state, sight, { ...options, ...more })
  return rewritten.kind === 'refused' ? `refused: ${rewritten.problem.message}` : rewritten.text
}

/** State after some statements that succeeded. */
export function stateAfter(...texts: readonly string[]): SqlState {
  let state = usual
  for (const text of texts) {
    const reading = dialect.read(text, schema, state)
    if (reading.kind === 'unreadable') throw new Error(reading.problem.message)
    for (let index = 0; index < reading.action.statements.length; index += 1) {
      state = dialect.follow(state, reading, index)
    }
  }
  return state
}

const masked =
  "`id`, `name`, CONCAT(LEFT(`email`, 0), '***') AS `email`, `city`, IF(0, `salary`, NULL) AS `salary`"

/** The sub-query that stands in for `customers`. */
export const customersAs = (alias: string): string =>
  `(SELECT ${masked} FROM \`shop\`.\`customers\` AS \`${alias}\`)`
