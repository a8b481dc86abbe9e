// The target that the end-to-end tests work on: a small shop with columns worth hiding.

import { type RunningPostgres, startPostgres, type PostgresOptions } from '../support/postgres.ts'

/** Planted in every value that must stay hidden, so that a test can look for it in whatever a client received. */
export const marker = 'zq7'

export const customersCount = 500

const seed = `
create table customers (
  id integer primary key generated always as identity,
  name text not null,
  email text not null unique,
  phone varchar(40),
  birthday date,
  country text not null
);
comment on table customers is 'People who bought something';
create table orders (
  id integer primary key generated always as identity,
  customer_id integer not null references customers (id),
  total numeric(10, 2) not null,
  placed_at timestamptz not null default now()
);
create index on orders (customer_id);
create view big_spenders as
  select c.id, c.email, sum(o.total) as spent from customers c join orders o on o.customer_id = c.id group by c.id, c.email;
insert into customers (name, email, phone, birthday, country)
  select 'Customer ' || n, 'c' || n || '-${marker}@${marker}.example', '+81-3-${marker}-' || lpad(n::text, 4, '0'),
         date '1970-01-01' + n, (array['JP', 'FR', 'US'])[1 + n % 3]
  from generate_series(1, ${customersCount}) n;
insert into orders (customer_id, total) select 1 + n % ${customersCount}, n % 100 from generate_series(1, 5000) n;
analyze;
`

export async function startShop(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const postgres = await startPostgres(options)
  await postgres.run(seed)
  return postgres
}

/** The tags that hide what must be hidden. */
export const shopTags: readonly {
  readonly schema: string
  readonly table: string
  readonly column: string
  readonly tags: readonly string[]
}[] = [
  { schema: 'public', table: 'customers', column: 'email', tags: ['pii.email'] },
  { schema: 'public', table: 'customers', column: 'phone', tags: ['pii.phone'] },
]
