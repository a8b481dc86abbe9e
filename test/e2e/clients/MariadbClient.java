// What a JDBC tool does at MySQL: reads the metadata, prepares at the server, fetches with a cursor, sends in batches.

import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

public class MariadbClient {
  public static void main(String[] args) throws Exception {
    try (Connection connection = DriverManager.getConnection(args[0], args[1], System.getenv("MYSQL_PWD"))) {
      DatabaseMetaData metadata = connection.getMetaData();
      System.out.println("product " + metadata.getDatabaseProductName());
      try (ResultSet columns = metadata.getColumns("sekisho", null, "customers", "%")) {
        while (columns.next()) System.out.println("column " + columns.getString("COLUMN_NAME") + " " + columns.getString("TYPE_NAME"));
      }
      try (ResultSet keys = metadata.getPrimaryKeys("sekisho", null, "customers")) {
        while (keys.next()) System.out.println("key " + keys.getString("COLUMN_NAME"));
      }
      connection.setAutoCommit(false);
      try (PreparedStatement statement = connection.prepareStatement("select id, name, email from customers where id <= ? order by id")) {
        statement.setFetchSize(10);
        for (int round = 0; round < 3; round++) {
          statement.setInt(1, 25);
          int rows = 0;
          try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
              rows++;
              if (round == 0 && rows == 1) System.out.println("row " + result.getString(2) + " " + result.getString(3));
            }
          }
          System.out.println("rows " + rows);
        }
      }
      try (PreparedStatement batch = connection.prepareStatement("insert into orders (customer_id, total) values (?, ?)")) {
        for (int n = 1; n <= 30; n++) {
          batch.setInt(1, n);
          batch.setInt(2, 7777);
          batch.addBatch();
        }
        System.out.println("inserted " + batch.executeBatch().length);
      }
      connection.rollback();
      try (PreparedStatement refused = connection.prepareStatement("update customers set name = email where id = 1")) {
        refused.executeUpdate();
      } catch (SQLException error) {
        System.out.println("refused " + error.getSQLState());
      }
      connection.rollback();
      try (Statement slow = connection.createStatement()) {
        slow.setQueryTimeout(1);
        slow.executeQuery("select count(*) from orders a, orders b, orders c, orders d");
      } catch (SQLException error) {
        System.out.println("timeout " + (error.getErrorCode() != 0 || error.getSQLState() != null));
      }
      try (ResultSet one = connection.createStatement().executeQuery("select count(*) from customers")) {
        one.next();
        System.out.println("count " + one.getInt(1));
      }
    }
  }
}
