# What a script over PyMySQL does: reads, reads row by row, writes in a transaction, is refused, goes on.

import sys

import pymysql

host, port, user, password, database = sys.argv[1:]
connection = pymysql.connect(host=host, port=int(port), user=user, password=password, database=database)
with connection.cursor() as cursor:
    cursor.execute("select id, name, email, phone from customers where id = %s", (1,))
    print("row", *cursor.fetchone())
    cursor.execute("select count(*) from customers where email like %s", ("%@%",))
    print("emails", cursor.fetchone()[0])
    cursor.executemany("insert into orders (customer_id, total) values (%s, %s)", [(n, 1) for n in range(1, 50)])
    print("inserted", cursor.rowcount)
    connection.rollback()
    try:
        cursor.execute("update customers set name = email where id = 1")
    except pymysql.err.MySQLError as error:
        print("refused", error.args[0], error.args[1])
with connection.cursor(pymysql.cursors.SSCursor) as cursor:
    cursor.execute("select email from customers")
    print("streamed", sum(1 for _ in cursor))
connection.close()
