// The shop of the end-to-end tests on MariaDB and on MySQL, with columns worth hiding.

import { startMariadb } from '../support/mariadb.ts'
import { startMysql56 } from '../support/mysql56.ts'
import { customersCount, marker } from './shop.ts'

export interface MysqlShop {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  asRoot(...statements: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  stop(): Promise<void>
}

const customer = (n: number): string =>
  `(${n}, 'Customer ${n}', 'c${n}-${marker}@${marker}.example', '+81-3-${marker}-${String(n).padStart(4, '0')}', date '1970-01-01' + interval ${n} day, '${['JP', 'FR', 'US'][n % 3]}')`

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1)

const seed = [
  'use sekisho',
  `create table customers (
    id int not null auto_increment primary key,
    name varchar(80) not null,
    email varchar(80) not null,
    phone varchar(40),
    birthday date,
    country char(2) not null
  ) comment 'People who bought something'`,
  `create table orders (
    id int not null auto_increment primary key,
    customer_id int not null,
    total decimal(10, 2) not null,
    placed_at datetime not null default current_timestamp,
    foreign key (customer_id) references customers (id)
  )`,
  `create view big_spenders as
    select c.id, c.email, sum(o.total) as spent from customers c join orders o on o.customer_id = c.id group by c.id, c.email`,
  `insert into customers values ${range(customersCount).map(customer).join()}`,
  `insert into orders (customer_id, total) values ${range(5000)
    .map(n => `(${1 + (n % customersCount)}, ${n % 100})`)
    .join()}`,
]

export const mysqlServers: readonly (readonly [name: string, start: () => Promise<MysqlShop>])[] = [
  ['MariaDB 10.11', () => seeded(startMariadb())],
  ['MySQL 5.6', () => seeded(startMysql56())],
]

async function seeded(starting: Promise<MysqlShop>): Promise<MysqlShop> {
  const server = await starting
  await server.asRoot(...seed)
  return server
}

/** The tags that hide what must be hidden. */
export const mysqlShopTags = ['email', 'phone'].map(column => ({
  schema: 'sekisho',
  table: 'customers',
  column,
  tags: [`pii.${column}`],
}))
