// Tables and views of the demo shop, and which of their columns are sensitive.

export const shopTables = `
create table customers (
  id int primary key,
  name text not null,
  name_kana text,
  email text not null unique,
  phone text not null,
  card_number text not null,
  address text not null,
  birthday date not null,
  country text not null,
  newsletter boolean not null,
  created_at timestamptz not null
);
create table products (
  id int primary key,
  sku text not null unique,
  name text not null,
  category text not null,
  price numeric(10, 2) not null,
  stock int not null
);
create table orders (
  id int primary key,
  customer_id int not null,
  ordered_at timestamptz not null,
  status text not null,
  total numeric(12, 2) not null,
  note text
);
create table order_items (
  order_id int not null,
  line int not null,
  product_id int not null,
  quantity int not null,
  price numeric(10, 2) not null,
  primary key (order_id, line)
);
create table employees (
  id int primary key,
  name text not null,
  email text not null unique,
  phone text not null,
  title text not null,
  department text not null,
  manager_id int,
  salary int not null,
  birthday date not null,
  hired_on date not null
);`

/** After the rows, which is quicker. */
export const shopRest = `
alter table orders add foreign key (customer_id) references customers;
alter table order_items add foreign key (order_id) references orders;
alter table order_items add foreign key (product_id) references products;
alter table employees add foreign key (manager_id) references employees;
create index on orders (customer_id);
create index on orders (ordered_at);
create index on order_items (product_id);
create view customer_totals as
  select c.id, c.name, c.email, c.country, count(o.id) as orders, coalesce(sum(o.total), 0) as spent
  from customers c left join orders o on o.customer_id = c.id and o.status <> 'cancelled'
  group by c.id;
create view monthly_sales as
  select date_trunc('month', ordered_at)::date as month, count(*) as orders, sum(total) as total
  from orders where status <> 'cancelled' group by 1;
create view department_payroll as
  select department, count(*) as people, sum(salary) as payroll, round(avg(salary)) as average
  from employees group by department;
comment on table customers is 'People who buy / 顧客';
comment on column customers.name is 'As the customer writes it';
comment on column customers.name_kana is 'Reading of a Japanese name';
comment on column customers.email is 'Where receipts are sent';
comment on column customers.phone is 'For the parcel service';
comment on column customers.card_number is 'Primary account number of the stored card';
comment on column customers.birthday is 'For the birthday voucher';
comment on table products is 'What the shop sells / 商品';
comment on table orders is 'One row per order / 注文';
comment on column orders.status is 'paid, shipped, delivered, returned, cancelled';
comment on table order_items is 'Lines of the orders / 注文明細';
comment on table employees is 'People who work here / 従業員';
comment on column employees.salary is 'Yen per year';
comment on column employees.manager_id is 'To whom they report';
comment on view customer_totals is 'What each customer spent so far';
comment on view monthly_sales is 'Sales by month';
comment on view department_payroll is 'Salaries by department';
analyze;`

/** Which column of the shop is of which kind; the tags themselves are the catalog's. */
export const suggestedTags = [
  { schema: 'public', table: 'customers', column: 'name', tags: ['pii.name'] },
  { schema: 'public', table: 'customers', column: 'name_kana', tags: ['pii.name'] },
  { schema: 'public', table: 'customers', column: 'email', tags: ['pii.email'] },
  { schema: 'public', table: 'customers', column: 'phone', tags: ['pii.phone'] },
  { schema: 'public', table: 'customers', column: 'card_number', tags: ['pii.card'] },
  { schema: 'public', table: 'customers', column: 'address', tags: ['pii.address'] },
  { schema: 'public', table: 'customers', column: 'birthday', tags: ['pii.birthday'] },
  { schema: 'public', table: 'employees', column: 'phone', tags: ['pii.phone'] },
  { schema: 'public', table: 'employees', column: 'birthday', tags: ['pii.birthday'] },
  { schema: 'public', table: 'employees', column: 'salary', tags: ['hr.salary'] },
] as const
