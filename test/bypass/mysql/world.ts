// The database of the bypass corpus for MySQL and MariaDB, twice: worlds A and B are equal but for the values of hidden
// columns. The same people as in the world of PostgreSQL: what masks keep is equal, everything else differs.

import type { HiddenColumn, MaskShape, Sight, TableSight } from '../../../src/core/verdict.ts'
import { marker, people, type World } from '../world.ts'

interface HiddenTable {
  readonly schema: string
  readonly table: string
  readonly columns: Readonly<Record<string, MaskShape>>
  readonly rowFilter?: string
}

export const hiddenTables: readonly HiddenTable[] = [
  {
    schema: 'shop',
    table: 'customers',
    columns: {
      name: 'name',
      email: 'email',
      phone: 'phone',
      card: 'card',
      birthday: 'date',
      address: 'constant',
      balance: 'number',
      profile: 'null',
      grade: 'null',
      photo: 'null',
      token: 'hash',
    },
  },
  {
    schema: 'shop',
    table: 'employees',
    columns: { name: 'name', email: 'email', salary: 'number', ssn: 'null' },
  },
  { schema: 'shop', table: 'payments', columns: { card: 'card' } },
  { schema: 'shop', table: 'contacts', columns: { email: 'email', email_key: 'constant' } },
  { schema: 'shop', table: 'pairs', columns: { secret: 'constant' } },
  { schema: 'shop', table: 'audited', columns: { email: 'email' } },
  { schema: 'shop', table: 'stamped', columns: { level: 'constant' } },
  { schema: 'shop', table: 'divided', columns: { level: 'constant' } },
  { schema: 'shop', table: 'vouchers', columns: { code: 'constant' } },
  { schema: 'shop', table: 'redemptions', columns: { code: 'constant' } },
  { schema: 'shop', table: 'notes', columns: { body: 'constant' } },
  { schema: 'shop', table: 'history', columns: { email: 'email' } },
  { schema: 'shop', table: 'Odd `Table', columns: { 'E `Mail': 'email' } },
  { schema: 'crm', table: 'customers', columns: { email: 'email' } },
  { schema: 'shop', table: 'members', columns: { plan: 'constant' } },
  { schema: 'shop', table: 'old_members', columns: { plan: 'constant' } },
  { schema: 'shop', table: 'touched', columns: { plan: 'constant' } },
  { schema: 'shop', table: 'ruled', columns: { plan: 'constant' } },
  { schema: 'shop', table: 'dated', columns: { plan: 'constant' } },
  { schema: 'shop', table: 'tickets', columns: {}, rowFilter: "region = 'eu'" },
  { schema: 'shop', table: 'claims', columns: {}, rowFilter: "region = 'eu'" },
  { schema: 'shop', table: 'visits', columns: {}, rowFilter: "region = 'eu'" },
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

const quote = (value: string): string => `'${value.replaceAll("'", "''")}'`

const structure = `
CREATE DATABASE shop CHARACTER SET utf8mb4; CREATE DATABASE crm CHARACTER SET utf8mb4;
CREATE DATABASE archive CHARACTER SET utf8mb4; CREATE DATABASE work CHARACTER SET utf8mb4;
USE shop;
CREATE TABLE customers (
  id int NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(80) NOT NULL, email varchar(120) NOT NULL, phone varchar(40), card char(16),
  birthday date, address varchar(120), country char(2) NOT NULL, segment varchar(20), active tinyint(1) NOT NULL DEFAULT 1,
  balance decimal(12, 2), profile text, grade enum('low', 'middle', 'high'), photo blob, token varchar(64), created_on date NOT NULL DEFAULT '2026-01-01',
  UNIQUE KEY email (email), KEY birthday (birthday), FULLTEXT KEY words (address)
) ENGINE=InnoDB;
CREATE TABLE orders (
  id int NOT NULL AUTO_INCREMENT PRIMARY KEY, customer_id int, amount decimal(10, 2) NOT NULL, placed_on date NOT NULL,
  status varchar(10) NOT NULL, note varchar(40), FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
);
CREATE TABLE order_items (order_id int, line int, sku varchar(20), quantity int, price decimal(10, 2), PRIMARY KEY (order_id, line));
CREATE TABLE products (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, sku varchar(20) UNIQUE, title varchar(40), price decimal(10, 2), attributes text);
CREATE TABLE employees (
  id int PRIMARY KEY, name varchar(80), email varchar(120), salary int, bonus int DEFAULT 0, department varchar(20), manager_id int,
  hired date, ssn varchar(20), CHECK (bonus < salary)
);
CREATE TABLE payments (id int, order_id int, card varchar(20), amount decimal(10, 2), paid_on date NOT NULL)
  PARTITION BY RANGE (YEAR(paid_on)) (PARTITION p2025 VALUES LESS THAN (2026), PARTITION p2026 VALUES LESS THAN (2027));
CREATE TABLE contacts (id int, email varchar(120), email_key varchar(120) AS (lower(email)) PERSISTENT);
CREATE TABLE vouchers (code varchar(40) PRIMARY KEY, value int);
CREATE TABLE redemptions (id int, code varchar(40), at date, FOREIGN KEY (code) REFERENCES vouchers (code));
CREATE TABLE \`Odd \`\`Table\` (\`E \`\`Mail\` varchar(120), \`Id 1\` int);
CREATE TABLE notes (id int, body text, FULLTEXT KEY body (body)) ENGINE=MyISAM;
CREATE TABLE history (id int, email varchar(120)) WITH SYSTEM VERSIONING;
CREATE TABLE crm.customers (id int, email varchar(120), note varchar(40));
CREATE TABLE archive.customers (id int, email varchar(120), note varchar(40));
CREATE TABLE tickets (id int, region varchar(4), subject varchar(80));
CREATE TABLE claims (id int PRIMARY KEY, region varchar(4), subject varchar(80), KEY subject (subject));
CREATE TABLE visits (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, region varchar(4), note varchar(40), KEY region (region));
CREATE TABLE memo (id int, body varchar(2000));
CREATE SEQUENCE ticket_numbers;
CREATE TABLE pairs (id int PRIMARY KEY, kind varchar(10), secret varchar(40), UNIQUE (kind, secret));
CREATE TABLE audited (id int, email varchar(120), note varchar(40));
CREATE TABLE stamped (id int, level varchar(40), note varchar(40), changed date);
CREATE TABLE asking (id int);
CREATE TABLE followed (id int PRIMARY KEY) ENGINE=InnoDB;
CREATE TABLE divided (id int, level varchar(10)) PARTITION BY LIST COLUMNS (level) (PARTITION low VALUES IN ('low'), PARTITION high VALUES IN ('high'));
CREATE TABLE members (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, plan varchar(40), note varchar(40)) ENGINE=InnoDB;
CREATE TABLE old_members (id int PRIMARY KEY, plan varchar(40), note varchar(40)) ENGINE=MyISAM;
CREATE TABLE touched (id int PRIMARY KEY, plan varchar(40), note varchar(40), at timestamp NOT NULL DEFAULT '2026-01-01' ON UPDATE CURRENT_TIMESTAMP);
CREATE TABLE ruled (id int PRIMARY KEY, plan varchar(40), note varchar(40), CHECK (plan <> ''));
CREATE TABLE dated (id int PRIMARY KEY, plan varchar(40), note varchar(40)) WITH SYSTEM VERSIONING;
CREATE TABLE all_members (id int NOT NULL, plan varchar(40), note varchar(40), KEY (id)) ENGINE=MERGE UNION=(old_members) INSERT_METHOD=LAST;
CREATE VIEW v_all_members AS SELECT id, plan FROM all_members;
CREATE FUNCTION member_plan(n int) RETURNS varchar(40) READS SQL DATA RETURN (SELECT plan FROM shop.all_members WHERE id = n);
CREATE VIEW v_customers AS SELECT * FROM customers;
CREATE VIEW v_contacts AS SELECT id, email AS contact, country FROM customers;
CREATE VIEW v_nested AS SELECT id, upper(contact) AS shouted FROM v_contacts;
CREATE VIEW v_filtered AS SELECT id, country FROM customers WHERE lower(email) < 'bzz' OR balance > 50;
CREATE VIEW v_stats AS SELECT country, count(*) AS n, min(email) AS first_email, avg(balance) AS mean FROM customers GROUP BY country;
CREATE ALGORITHM=TEMPTABLE VIEW v_temporary AS SELECT id, email FROM customers WHERE active;
CREATE SQL SECURITY INVOKER VIEW v_invoker AS SELECT id, email FROM customers;
CREATE VIEW v_orders AS SELECT o.id, o.amount, o.status, c.country FROM orders o JOIN customers c ON c.id = o.customer_id;
CREATE VIEW v_ranked AS SELECT id, row_number() OVER (ORDER BY birthday, email, id) AS place FROM customers;
CREATE VIEW v_open AS SELECT id, amount FROM orders WHERE status = 'open';
CREATE VIEW crm.v_ids AS SELECT c.id, c.email FROM shop.customers c;
CREATE VIEW archive.v_old AS SELECT id, note FROM archive.customers;
CREATE FUNCTION add_tax(n decimal(10, 2)) RETURNS decimal(10, 2) DETERMINISTIC NO SQL RETURN n * 1.1;
CREATE FUNCTION get_email(n int) RETURNS varchar(120) READS SQL DATA RETURN (SELECT email FROM shop.customers WHERE id = n);
CREATE FUNCTION order_total(n int) RETURNS decimal(10, 2) READS SQL DATA RETURN (SELECT sum(amount) FROM shop.orders WHERE customer_id = n);
CREATE PROCEDURE show_emails() READS SQL DATA SELECT id, email FROM shop.customers ORDER BY id;
CREATE PROCEDURE fill_memo() MODIFIES SQL DATA INSERT INTO shop.memo SELECT id, email FROM shop.customers;
CREATE PROCEDURE run_text(t varchar(2000)) BEGIN SET @t = t; PREPARE s FROM @t; EXECUTE s; DEALLOCATE PREPARE s; END;
CREATE PROCEDURE close_orders() MODIFIES SQL DATA UPDATE shop.orders SET status = 'closed' WHERE id = 1;
CREATE PROCEDURE count_orders(OUT n int) READS SQL DATA SELECT count(*) INTO n FROM shop.orders;
CREATE VIEW v_calling AS SELECT id, get_email(customer_id) AS found FROM orders;
CREATE TRIGGER keep_old AFTER UPDATE ON audited FOR EACH ROW INSERT INTO memo VALUES (old.id, old.email);
CREATE TRIGGER keep_gone AFTER DELETE ON audited FOR EACH ROW INSERT INTO memo VALUES (old.id, old.email);
CREATE TRIGGER stamp BEFORE UPDATE ON stamped FOR EACH ROW SET new.changed = '2026-02-03';
CREATE TRIGGER ask AFTER DELETE ON asking FOR EACH ROW INSERT INTO memo SELECT id, email FROM customers;
`

/** A script that makes the world in an empty server of MariaDB. */
export function worldSql(world: World): string {
  const { customers, employees, email, card, word } = people(world)
  const few = [1, 2, 3, 4, 5, 6]
  const list = (make: (row: number) => string): string => few.map(row => `(${make(row)})`).join(', ')
  const voucher = (row: number): string => quote(`v${marker}${world}${word(row, 'w')}`)
  const customerRows = customers.map(one => {
    const optional = (value: string | undefined): string => (value === undefined ? 'NULL' : quote(value))
    const profile = `{"mail": "${one.email}", "age": ${one.rank}}`
    const values = [
      String(one.id),
      quote(one.name),
      quote(one.email),
      optional(one.phone),
      quote(one.card),
      quote(one.birthday),
      quote(one.address),
      quote(one.country),
      quote(one.segment),
      one.active ? '1' : '0',
      `${one.rank}.5`,
      quote(profile),
      quote(one.grade),
      quote(one.name),
      quote(one.token),
    ]
    return `(${values.join(', ')})`
  })
  const employeeRows = employees.map(
    one =>
      `(${one.id}, ${quote(one.name)}, ${quote(one.email)}, ${one.salary}, ${one.id * 100}, ${quote(one.department)}, ${one.managerId ?? 'NULL'}, '2020-01-0${one.id}', ${quote(one.ssn)})`,
  )
  return `${structure}
INSERT INTO customers (id, name, email, phone, card, birthday, address, country, segment, active, balance, profile, grade, photo, token)
  VALUES ${customerRows.join(',\n')};
INSERT INTO orders (id, customer_id, amount, placed_on, status, note)
  SELECT seq, 1 + seq % ${customers.length}, 10 + seq * 3.5, '2025-06-01' + INTERVAL seq * 4 DAY, ELT(1 + seq % 3, 'open', 'paid', 'sent'), concat('note ', seq)
  FROM seq_1_to_96;
INSERT INTO order_items SELECT o.id, l.seq, concat('sku-', (o.id + l.seq) % 9), l.seq, o.amount / l.seq FROM orders o, seq_1_to_2 l;
INSERT INTO products (sku, title, price, attributes)
  SELECT concat('sku-', seq), concat('Product ', seq), seq * 9.9, concat('{"color": "red", "size": ', seq, '}') FROM seq_0_to_8;
INSERT INTO employees VALUES ${employeeRows.join(',\n')};
INSERT INTO payments VALUES ${list(row => `${row}, ${row}, ${quote(card(row))}, ${row * 10}, '${row % 2 === 0 ? 2025 : 2026}-03-0${row}'`)};
INSERT INTO contacts (id, email) VALUES ${list(row => `${row}, ${quote(email(row))}`)};
INSERT INTO vouchers VALUES ${list(row => `${voucher(row)}, ${row * 5}`)};
INSERT INTO redemptions VALUES ${list(row => `${row}, ${voucher(row)}, '2026-02-0${row}'`)};
INSERT INTO \`Odd \`\`Table\` VALUES ${list(row => `${quote(email(row))}, ${row}`)};
INSERT INTO notes VALUES ${list(row => `${row}, ${quote(`${word(row, 'n')} wrote this`)}`)};
INSERT INTO history VALUES ${list(row => `${row}, ${quote(email(row))}`)};
INSERT INTO stamped VALUES ${list(row => `${row}, ${quote(word(row, 'l'))}, 'note ${row}', NULL`)};
INSERT INTO asking VALUES ${list(String)};
INSERT INTO followed VALUES ${list(String)};
INSERT INTO divided VALUES ${list(row => `${row}, '${(row % 2 === 0) === (world === 'A') ? 'low' : 'high'}'`)};
INSERT INTO pairs VALUES (1, 'a', 'p${marker}k'), (2, 'b', 'p${marker}${world === 'A' ? 'k' : 'm'}');
${['members', 'old_members', 'touched', 'ruled', 'dated']
  .map(
    table =>
      `INSERT INTO ${table} (id, plan, note) VALUES ${list(row => `${row}, 'p${marker}${(row % 2 === 0) === (world === 'A') ? 'k' : 'm'}', 'note ${row}'`)};`,
  )
  .join('\n')}
INSERT INTO audited VALUES ${list(row => `${row}, ${quote(email(row))}, 'note ${row}'`)};
INSERT INTO crm.customers VALUES ${list(row => `${row}, ${quote(email(row))}, 'crm ${row}'`)};
INSERT INTO archive.customers VALUES ${list(row => `${row}, 'old${row}@archive.example', 'old ${row}'`)};
INSERT INTO tickets VALUES ${list(row => `${row}, ${row % 2 === 0 ? "'eu'" : "'us'"}, ${row % 2 === 0 ? `'eu ticket ${row}'` : quote(word(row, 'u'))}`)};
INSERT INTO claims VALUES ${list(row => `${row % 2 === 0 ? row : row * 10 + (world === 'A' ? 1 : 2)}, ${row % 2 === 0 ? "'eu'" : "'us'"}, ${row % 2 === 0 ? `'eu claim ${row}'` : quote(word(row, 'u'))}`)};
INSERT INTO visits (region, note) SELECT IF(seq < 6, 'eu', 'us'), concat('visit ', IF(seq < 6, seq, 'elsewhere')) FROM seq_1_to_${world === 'A' ? 8 : 4000};
ANALYZE TABLE customers PERSISTENT FOR ALL; ANALYZE TABLE employees PERSISTENT FOR ALL;
ANALYZE TABLE orders, order_items, products, payments, contacts, vouchers, redemptions, history, memo, tickets, claims, pairs, audited, stamped,
  asking, followed, divided, members, old_members, touched, ruled, dated, visits, crm.customers, archive.customers;
`
}
