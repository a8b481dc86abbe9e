# What a Python program does: parameters, a server-side cursor, COPY both ways, an error and its rollback.
import io
import sys

import psycopg2

connection = psycopg2.connect(sys.argv[1])
cursor = connection.cursor()
cursor.execute("select id, email from customers where id = %s", (7,))
print("row", cursor.fetchone())
named = connection.cursor("many")
named.itersize = 50
named.execute("select email, phone from customers order by id")
rows = named.fetchall()
print("rows", len(rows))
print("first", rows[0])
named.close()
out = io.StringIO()
cursor.copy_expert("copy customers to stdout with csv", out)
print("copied", out.getvalue().count("\n"))
print("sample", out.getvalue().splitlines()[0])
cursor.execute("create temp table mine (n integer, t text)")
cursor.copy_expert("copy mine from stdin with csv", io.StringIO("1,one\n2,two\n"))
cursor.execute("select count(*), max(t) from mine")
print("mine", cursor.fetchone())
try:
    cursor.execute("select 1/0")
except psycopg2.Error as error:
    print("error", error.pgcode)
connection.rollback()
try:
    cursor.execute("insert into orders (customer_id, total) select id, length(email) from customers")
except psycopg2.Error as error:
    print("refused", error.pgcode)
connection.rollback()
cursor.execute("select 1")
print("after", cursor.fetchone()[0])
connection.close()
