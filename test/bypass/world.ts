// The database of the bypass corpus, twice: worlds A and B are equal but for the values of hidden columns.
//
// Rows of both worlds differ only where masks keep nothing: same first letter, same e-mail domain, same last four digits,
// same year, NULL in the same places. Order, length, equality between rows and everything else differs.

import type { HiddenColumn, MaskShape, Sight, TableSight } from '../../src/core/verdict.ts'

export type World = 'A' | 'B'
export const worlds: readonly World[] = ['A', 'B']

/** Every hidden text holds it, behind its first letter. It must never be seen. */
export const marker = 'zq7'

/** Key of the hash masks. The same for both worlds: what a hash shows must follow from the value alone. Never seen. */
export const maskKey = '00112233445566778899aabbccddeeff'

const customerCount = 24
const employeeCount = 8

/** A number that orders the rows differently in each world. */
function rank(world: World, row: number, modulus: number): number {
  return world === 'A' ? (row * 5 + 1) % modulus : (row * 7 + 4) % modulus
}

const two = (value: number): string => String(value).padStart(2, '0')
const four = (value: number): string => String(value).padStart(4, '0')

/** Long in one world where it is short in the other. */
const tail = (world: World, row: number): string => ((world === 'A') === (row % 2 === 0) ? '' : 'longer')

const secretWord = (world: World, row: number, first: string): string =>
  `${first}${marker}${world === 'A' ? 'k' : 'm'}${two(rank(world, row, customerCount))}${tail(world, row)}`

const email = (world: World, row: number): string =>
  `${secretWord(world, row, 'abc'.charAt(row % 3))}@shop.example`
const card = (world: World, row: number): string =>
  `4${world === 'A' ? '771' : '882'}${four(rank(world, row, 97))}${world === 'A' ? '9391' : '9173'}${four(row)}`
const phone = (world: World, row: number): string =>
  `+81-${world === 'A' ? '77' : '88'}-${four(9000 + rank(world, row, 97))}-${four(row)}`
const birthday = (world: World, row: number): string =>
  `${1960 + (row % 30)}-${world === 'A' ? '0' : '1'}${world === 'A' ? 3 + (row % 6) : row % 3}-${two(11 + rank(world, row, 17))}`
/** Equal for other pairs of rows in each world. */
const address = (world: World, row: number): string =>
  `${world === 'A' ? (row >> 1) + 100 : row % 12}1 ${secretWord(world, world === 'A' ? row >> 1 : row % 12, 'x')} Street`
const salary = (world: World, row: number): number =>
  (world === 'A' ? 771_000 : 882_000) + rank(world, row, 97) * 7

const quote = (value: string): string => `'${value.replaceAll("'", "''")}'`

interface HiddenTable {
  readonly schema: string
  readonly table: string
  readonly columns: Readonly<Record<string, MaskShape>>
  readonly rowFilter?: string
}

const customerMasks = {
  name: 'name',
  email: 'email',
  phone: 'phone',
  card: 'card',
  birthday: 'date',
  address: 'constant',
  balance: 'number',
  profile: 'null',
  labels: 'null',
  grade: 'null',
  home: 'null',
  token: 'hash',
} as const

export const hiddenTables: readonly HiddenTable[] = [
  { schema: 'public', table: 'customers', columns: customerMasks },
  {
    schema: 'public',
    table: 'employees',
    columns: { name: 'name', email: 'email', salary: 'number', ssn: 'null' },
  },
  ...['payments', 'payments_2025', 'payments_2026'].map(table => ({
    schema: 'public',
    table,
    columns: { card: 'card' } as const,
  })),
  ...['people', 'students'].map(table => ({
    schema: 'public',
    table,
    columns: { full_name: 'name', email: 'email' } as const,
  })),
  { schema: 'public', table: 'contacts', columns: { email: 'email' } },
  { schema: 'public', table: 'pairs', columns: { secret: 'constant' } },
  { schema: 'public', table: 'badges', columns: { secret: 'constant' } },
  { schema: 'public', table: 'audited', columns: { email: 'email' } },
  ...['stamped', 'renamed', 'divided', 'divided_low', 'divided_high'].map(table => ({
    schema: 'public',
    table,
    columns: { level: 'constant' } as const,
  })),
  { schema: 'public', table: 'vouchers', columns: { code: 'constant' } },
  { schema: 'public', table: 'redemptions', columns: { code: 'constant' } },
  { schema: 'public', table: 'far_customers', columns: { email: 'email' } },
  { schema: 'public', table: 'Odd "Table', columns: { 'E "Mail': 'email' } },
  { schema: 'crm', table: 'customers', columns: { email: 'email' } },
  { schema: 'public', table: 'tickets', columns: {}, rowFilter: "region = 'eu'" },
  // A server takes these for dearer than most conditions of a statement.
  {
    schema: 'public',
    table: 'claims',
    columns: {},
    rowFilter: "id IN (SELECT c.id FROM public.claims c WHERE c.region = 'eu')",
  },
  {
    schema: 'public',
    table: 'reports',
    columns: {},
    rowFilter: "region = 'eu' OR region = 'e1' OR region = 'e2' OR region = 'e3' OR region = 'e4'",
  },
]

/** What the person sees whom the corpus stands for: everything above is hidden from them. */
export const sight: Sight = {
  version: 'bypass',
  hidesAnything: true,
  table: (schema, table) => tableSights.get(`${schema}.${table}`),
}

const tableSights = new Map<string, TableSight>(
  hiddenTables.map(({ schema, table, columns, rowFilter }) => [
    `${schema}.${table}`,
    {
      hidden: new Map<string, HiddenColumn>(
        Object.entries(columns).map(([name, mask]) => [name, { mask, tag: `pii.${mask}` }]),
      ),
      rowFilter,
    },
  ]),
)

/** Values that must not be seen whole, beside everything that holds the marker. */
export function secrets(world: World): readonly string[] {
  const rows = Array.from({ length: customerCount }, (_, index) => index + 1)
  return rows.flatMap(row => [
    card(world, row),
    phone(world, row),
    birthday(world, row),
    String(salary(world, row)),
  ])
}

const structure = `
CREATE EXTENSION pgcrypto; CREATE EXTENSION pg_trgm; CREATE EXTENSION dblink; CREATE EXTENSION tablefunc;
CREATE EXTENSION postgres_fdw; CREATE EXTENSION file_fdw; CREATE EXTENSION hstore; CREATE EXTENSION citext;
CREATE EXTENSION xml2; CREATE EXTENSION pg_stat_statements; CREATE EXTENSION pageinspect; CREATE EXTENSION pgrowlocks;
CREATE SCHEMA crm; CREATE SCHEMA archive; CREATE SCHEMA work;
CREATE TYPE grade AS ENUM ('low', 'middle', 'high');
CREATE TYPE place AS (street text, zip text);
CREATE DOMAIN mail AS text CHECK (value LIKE '%@%');
CREATE TABLE customers (
  id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  name text NOT NULL, email varchar(120) NOT NULL UNIQUE, phone text, card char(16), birthday date, address text,
  country text NOT NULL, segment varchar(20), active boolean NOT NULL DEFAULT true, balance numeric(12, 2),
  profile jsonb, labels text[], grade grade, home place, token text, created_on date NOT NULL DEFAULT '2026-01-01'
);
CREATE UNIQUE INDEX customers_email_key_lower ON customers (lower(email));
CREATE INDEX customers_birthday ON customers (birthday);
CREATE TABLE orders (
  id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, customer_id integer REFERENCES customers ON DELETE CASCADE,
  amount numeric(10, 2) NOT NULL, placed_on date NOT NULL, status text NOT NULL, note text
);
CREATE TABLE order_items (
  order_id integer REFERENCES orders ON DELETE CASCADE, line integer, sku text, quantity integer, price numeric(10, 2),
  PRIMARY KEY (order_id, line)
);
CREATE TABLE products (id serial PRIMARY KEY, sku text UNIQUE, title text, price numeric(10, 2), attributes jsonb, words tsvector);
CREATE TABLE employees (
  id integer PRIMARY KEY, name text, email text, salary integer, bonus integer DEFAULT 0, department text,
  manager_id integer REFERENCES employees, hired date, ssn text, CHECK (bonus < salary)
);
CREATE TABLE payments (id integer, order_id integer, card text, amount numeric(10, 2), paid_on date) PARTITION BY RANGE (paid_on);
CREATE TABLE payments_2025 PARTITION OF payments FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE payments_2026 PARTITION OF payments FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE people (id integer, full_name text, email text);
CREATE TABLE students (school text) INHERITS (people);
CREATE TABLE contacts (id integer, email mail, email_key text GENERATED ALWAYS AS (lower(email)) STORED);
CREATE TABLE vouchers (code text PRIMARY KEY, value integer);
CREATE TABLE redemptions (id integer, code text REFERENCES vouchers, at date);
CREATE TABLE "Odd ""Table" ("E ""Mail" text, "Id 1" integer);
CREATE TABLE crm.customers (id integer, email text, note text);
CREATE TABLE archive.customers (id integer, email text, note text);
CREATE TABLE tickets (id integer, region text, subject text);
CREATE TABLE claims (id integer PRIMARY KEY, region text, subject text, payee text);
CREATE TABLE reports (id integer UNIQUE, region text, subject text);
CREATE TABLE replies (id integer, report_id integer REFERENCES reports (id));
CREATE VIEW v_claims AS SELECT id, subject FROM claims;
CREATE TABLE memo (id integer, body text);
CREATE SEQUENCE ticket_numbers;
CREATE VIEW v_customers AS SELECT * FROM customers;
CREATE VIEW v_contacts AS SELECT id, email AS contact, country FROM customers;
CREATE VIEW v_nested AS SELECT id, upper(contact) AS shouted FROM v_contacts;
CREATE VIEW v_filtered AS SELECT id, country FROM customers WHERE lower(email) < 'bzz' OR balance > 50;
CREATE VIEW v_stats AS SELECT country, count(*) AS n, min(email) AS first_email, avg(balance) AS mean FROM customers GROUP BY country;
CREATE VIEW v_barrier WITH (security_barrier) AS SELECT id, email FROM customers WHERE active;
CREATE VIEW v_salaries AS SELECT department, avg(salary) AS mean, max(salary) AS top FROM employees GROUP BY department;
CREATE VIEW v_orders AS SELECT o.id, o.amount, o.status, c.country FROM orders o JOIN customers c ON c.id = o.customer_id;
CREATE VIEW v_whole AS SELECT c.id, row_to_json(c) AS all_of_it FROM customers c;
CREATE VIEW v_ranked AS SELECT id, row_number() OVER (ORDER BY birthday, email) AS place FROM customers;
CREATE VIEW crm.v_ids AS SELECT c.id, c.email FROM public.customers c;
CREATE MATERIALIZED VIEW m_emails AS SELECT id, email FROM customers;
CREATE MATERIALIZED VIEW m_status AS SELECT status, count(*) AS n FROM orders GROUP BY status;
CREATE FUNCTION add_tax(numeric) RETURNS numeric IMMUTABLE LANGUAGE sql AS 'SELECT $1 * 1.1';
CREATE FUNCTION order_total(integer) RETURNS numeric STABLE LANGUAGE sql AS 'SELECT sum(amount) FROM public.orders WHERE customer_id = $1';
CREATE FUNCTION get_email(integer) RETURNS text STABLE LANGUAGE sql AS 'SELECT email FROM public.customers WHERE id = $1';
CREATE FUNCTION get_email_atomic(n integer) RETURNS text STABLE LANGUAGE sql RETURN (SELECT email FROM customers WHERE id = n);
CREATE FUNCTION find_email(text) RETURNS integer STABLE LANGUAGE plpgsql AS
  'BEGIN RETURN (SELECT id FROM public.customers WHERE email LIKE $1 LIMIT 1); END';
CREATE FUNCTION run_text(text) RETURNS SETOF text LANGUAGE plpgsql AS 'BEGIN RETURN QUERY EXECUTE $1; END';
CREATE FUNCTION secure_email(integer) RETURNS text SECURITY DEFINER STABLE LANGUAGE sql AS 'SELECT email FROM public.customers WHERE id = $1';
CREATE FUNCTION all_customers() RETURNS SETOF customers STABLE LANGUAGE sql AS 'SELECT * FROM public.customers';
CREATE FUNCTION spell(customers) RETURNS text STABLE LANGUAGE sql AS 'SELECT $1.email';
CREATE FUNCTION note_error() RETURNS integer LANGUAGE plpgsql AS
  $$BEGIN RAISE NOTICE '%', (SELECT string_agg(email, ',') FROM public.customers); RETURN 1; END$$;
CREATE PROCEDURE fill_memo() LANGUAGE sql AS 'INSERT INTO public.memo SELECT id, email FROM public.customers';
CREATE FUNCTION same_email(integer, text) RETURNS boolean STABLE LANGUAGE sql AS
  'SELECT email LIKE $2 FROM public.customers WHERE id = $1';
CREATE OPERATOR ~@~ (FUNCTION = same_email, LEFTARG = integer, RIGHTARG = text);
CREATE FUNCTION add_email(text, integer) RETURNS text STABLE LANGUAGE sql AS
  'SELECT concat($1, (SELECT email FROM public.customers WHERE id = $2))';
CREATE AGGREGATE all_emails (integer) (SFUNC = add_email, STYPE = text, INITCOND = '');
CREATE FUNCTION place_of(integer) RETURNS place STABLE LANGUAGE sql AS
  'SELECT (address, phone)::public.place FROM public.customers WHERE id = $1';
CREATE CAST (integer AS place) WITH FUNCTION place_of(integer);
CREATE VIEW v_statistics AS SELECT tablename, attname, most_common_vals::text AS common, histogram_bounds::text AS bounds
  FROM pg_stats WHERE schemaname = 'public';
CREATE VIEW v_calling AS SELECT id, get_email(customer_id) AS found FROM orders;
CREATE VIEW v_operating AS SELECT id FROM orders WHERE customer_id ~@~ '%k%';
CREATE TABLE audited (id integer, email text, note text);
CREATE FUNCTION keep_old() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO public.memo VALUES (old.id, old.email); RETURN NULL; END';
CREATE TRIGGER keep_old AFTER UPDATE OR DELETE ON audited FOR EACH ROW EXECUTE FUNCTION keep_old();
CREATE TABLE stamped (id integer, level text, note text, changed date);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN new.changed := date '2026-02-03'; RETURN new; END$$;
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON stamped FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE TABLE renamed (id integer, level text);
CREATE FUNCTION keep_was() RETURNS trigger LANGUAGE plpgsql AS
  'DECLARE was ALIAS FOR old; BEGIN INSERT INTO public.memo VALUES (was.id, was::text); RETURN NULL; END';
CREATE TRIGGER keep_was AFTER UPDATE ON renamed FOR EACH ROW EXECUTE FUNCTION keep_was();
CREATE TABLE asking (id integer);
CREATE FUNCTION ask() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO public.memo SELECT id, email FROM public.customers; RETURN NULL; END';
CREATE TRIGGER ask AFTER DELETE ON asking FOR EACH ROW EXECUTE FUNCTION ask();
CREATE TABLE ruled (id integer);
CREATE RULE copies AS ON INSERT TO ruled DO ALSO INSERT INTO memo SELECT id, email FROM customers;
CREATE TABLE followed (id integer PRIMARY KEY);
CREATE TABLE following (id integer REFERENCES followed ON DELETE CASCADE);
CREATE TRIGGER ask AFTER DELETE ON following FOR EACH ROW EXECUTE FUNCTION ask();
CREATE TABLE keeper (id integer, kept customers, many customers[]);
CREATE TABLE divided (id integer, level text) PARTITION BY LIST (level);
CREATE TABLE divided_low PARTITION OF divided FOR VALUES IN ('low');
CREATE TABLE divided_high PARTITION OF divided FOR VALUES IN ('high');
CREATE PROCEDURE close_orders() LANGUAGE plpgsql AS $$BEGIN UPDATE public.orders SET status = 'closed' WHERE id = 1; END$$;
CREATE TABLE pairs (id integer PRIMARY KEY, kind text, secret text, UNIQUE (kind, secret));
CREATE TABLE badges (id integer PRIMARY KEY, kind text, secret text);
CREATE UNIQUE INDEX ON badges (kind) WHERE secret LIKE '%k';
CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1');
CREATE FOREIGN TABLE far_customers (id integer, email text) SERVER far;
`

export interface Customer {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly phone: string | undefined
  readonly card: string
  readonly birthday: string
  readonly address: string
  readonly country: string
  readonly segment: string
  readonly active: boolean
  /** Orders the rows differently in each world. */
  readonly rank: number
  readonly grade: string
  readonly token: string
}

export interface Employee {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly salary: number
  readonly department: string
  readonly managerId: number | undefined
  readonly ssn: string
}

/** Who lives in a world, for databases of every family. */
export interface People {
  readonly customers: readonly Customer[]
  readonly employees: readonly Employee[]
  readonly email: (row: number) => string
  readonly card: (row: number) => string
  readonly word: (row: number, first: string) => string
}

export function people(world: World): People {
  const customers = Array.from({ length: customerCount }, (_, index): Customer => {
    const row = index + 1
    return {
      id: row,
      name: secretWord(world, row, 'NMK'.charAt(row % 3)),
      email: email(world, row),
      phone: row % 5 === 0 ? undefined : phone(world, row),
      card: card(world, row),
      birthday: birthday(world, row),
      address: address(world, row),
      country: ['JP', 'DE', 'US'][row % 3] ?? 'JP',
      segment: row % 2 === 0 ? 'retail' : 'trade',
      active: row % 4 !== 0,
      rank: rank(world, row, 97),
      grade: ['low', 'middle', 'high'][rank(world, row, 3)] ?? 'low',
      // A hash mask tells equal from unequal by design, so that its values are the same in both worlds.
      token: `t${marker}${row % 7}`,
    }
  })
  const employees = Array.from({ length: employeeCount }, (_, index): Employee => {
    const row = index + 1
    return {
      id: row,
      name: secretWord(world, row, 'E'),
      email: email(world, row),
      salary: salary(world, row),
      department: ['sales', 'stock'][row % 2] ?? '',
      managerId: row === 1 ? undefined : row >> 1,
      ssn: `s${marker}${rank(world, row, 97)}`,
    }
  })
  return {
    customers,
    employees,
    email: row => email(world, row),
    card: row => card(world, row),
    word: (row, first) => secretWord(world, row, first),
  }
}

function data(world: World): string {
  const inhabitants = people(world)
  const customers = inhabitants.customers.map(one => {
    const word = secretWord(world, one.id, 'p')
    const mixed = `{"mail": ${JSON.stringify(one.email)}, "age": ${one.rank}}`
    const values = [
      String(one.id),
      quote(one.name),
      quote(one.email),
      one.phone === undefined ? 'NULL' : quote(one.phone),
      quote(one.card),
      quote(one.birthday),
      quote(one.address),
      quote(one.country),
      quote(one.segment),
      String(one.active),
      `${one.rank}.5`,
      quote(mixed),
      `ARRAY[${quote(word)}, 'x']`,
      quote(one.grade),
      `ROW(${quote(one.address)}, ${quote(word)})`,
      quote(one.token),
    ]
    return `(${values.join(', ')})`
  })
  const employees = inhabitants.employees.map(
    one =>
      `(${one.id}, ${quote(one.name)}, ${quote(one.email)}, ${one.salary}, ${one.id * 100}, ${quote(one.department)}, ${one.managerId ?? 'NULL'}, '2020-01-0${one.id}', ${quote(one.ssn)})`,
  )
  const voucher = (row: number): string => quote(`v${marker}${world}${rank(world, row, 97)}`)
  const few = [1, 2, 3, 4, 5, 6]
  const list = (make: (row: number) => string): string => few.map(row => `(${make(row)})`).join(', ')
  // The rows that are left out have other numbers in each world, and begin with other letters.
  const filtered = (row: number): string =>
    row % 2 === 0
      ? `${row}, 'eu', 'eu claim ${row}', '${row}'`
      : `${row * 10 + (world === 'A' ? 1 : 2)}, 'us', ${quote(secretWord(world, row, world === 'A' ? 'u' : 'w'))}, '${world === 'A' ? row : 'none'}'`
  return `
INSERT INTO customers (id, name, email, phone, card, birthday, address, country, segment, active, balance, profile, labels, grade, home, token)
  VALUES ${customers.join(',\n')};
SELECT setval('customers_id_seq', 1000);
INSERT INTO orders (id, customer_id, amount, placed_on, status, note)
  SELECT n, 1 + n % ${customerCount}, 10 + n * 3.5, date '2025-06-01' + n * 4, (ARRAY['open', 'paid', 'sent'])[1 + n % 3], 'note ' || n
  FROM generate_series(1, 96) n;
SELECT setval('orders_id_seq', 1000);
INSERT INTO order_items SELECT o.id, l, 'sku-' || (o.id + l) % 9, l, o.amount / l FROM orders o, generate_series(1, 2) l;
INSERT INTO products (sku, title, price, attributes, words)
  SELECT 'sku-' || n, 'Product ' || n, n * 9.9, jsonb_build_object('color', 'red', 'size', n, 'parts', jsonb_build_array(n, n + 1)),
         to_tsvector('english', 'The product number ' || n) FROM generate_series(0, 8) n;
INSERT INTO employees VALUES ${employees.join(',\n')};
INSERT INTO payments VALUES ${list(row => `${row}, ${row}, ${quote(card(world, row))}, ${row * 10}, '${row % 2 === 0 ? 2025 : 2026}-03-0${row}'`)};
INSERT INTO people VALUES ${list(row => `${row}, ${quote(secretWord(world, row, 'P'))}, ${quote(email(world, row))}`)};
INSERT INTO students VALUES ${list(row => `${row + 10}, ${quote(secretWord(world, row, 'S'))}, ${quote(email(world, row + 6))}, 'school ${row}'`)};
INSERT INTO contacts VALUES ${list(row => `${row}, ${quote(email(world, row))}`)};
INSERT INTO vouchers VALUES ${list(row => `${voucher(row)}, ${row * 5}`)};
INSERT INTO redemptions VALUES ${list(row => `${row}, ${voucher(row)}, '2026-02-0${row}'`)};
INSERT INTO "Odd ""Table" VALUES ${list(row => `${quote(email(world, row))}, ${row}`)};
INSERT INTO stamped VALUES ${list(row => `${row}, ${quote(secretWord(world, row, 'l'))}, 'note ${row}'`)};
INSERT INTO renamed VALUES ${list(row => `${row}, ${quote(secretWord(world, row, 'l'))}`)};
INSERT INTO asking VALUES ${list(String)};
INSERT INTO followed VALUES ${list(String)};
INSERT INTO following VALUES ${list(String)};
INSERT INTO keeper SELECT c.id, c, ARRAY[c] FROM customers c WHERE c.id < 4;
INSERT INTO divided VALUES ${list(row => `${row}, '${(row % 2 === 0) === (world === 'A') ? 'low' : 'high'}'`)};
INSERT INTO pairs VALUES (1, 'a', 'p${marker}k'), (2, 'b', 'p${marker}${world === 'A' ? 'k' : 'm'}');
INSERT INTO badges VALUES (1, 'a', 'b${marker}k'), (2, 'b', 'b${marker}${world === 'A' ? 'k' : 'm'}');
INSERT INTO audited VALUES ${list(row => `${row}, ${quote(email(world, row))}, 'note ${row}'`)};
INSERT INTO crm.customers VALUES ${list(row => `${row}, ${quote(email(world, row))}, 'crm ${row}'`)};
INSERT INTO archive.customers VALUES ${list(row => `${row}, 'old${row}@archive.example', 'old ${row}'`)};
INSERT INTO tickets VALUES ${list(row => `${row}, ${row % 2 === 0 ? "'eu'" : "'us'"}, ${row % 2 === 0 ? `'eu ticket ${row}'` : quote(secretWord(world, row, 'u'))}`)};
INSERT INTO claims VALUES ${list(row => filtered(row))};
INSERT INTO reports SELECT id, region, subject FROM claims;
INSERT INTO claims SELECT 1000 + n, 'us', '${world === 'A' ? 'u' : 'w'}${marker}' || n, 'none' FROM generate_series(1, 40) n;
REFRESH MATERIALIZED VIEW m_emails;
REFRESH MATERIALIZED VIEW m_status;
ANALYZE;
`
}

/** A script that makes the world in an empty database. Object numbers come out the same in every world. */
export const worldSql = (world: World): string => structure + data(world)
