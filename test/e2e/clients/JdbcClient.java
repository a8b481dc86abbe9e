// What a JDBC tool does: reads the metadata, prepares a statement, fetches with a cursor, and prints what it got.

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

public class JdbcClient {
  public static void main(String[] args) throws Exception {
    try (Connection connection = DriverManager.getConnection(args[0], args[1], System.getenv("PGPASSWORD"))) {
      DatabaseMetaData metadata = connection.getMetaData();
      try (ResultSet columns = metadata.getColumns(null, "public", "customers", "%")) {
        while (columns.next()) System.out.println("column " + columns.getString("COLUMN_NAME") + " " + columns.getString("TYPE_NAME"));
      }
      try (ResultSet keys = metadata.getPrimaryKeys(null, "public", "customers")) {
        while (keys.next()) System.out.println("key " + keys.getString("COLUMN_NAME"));
      }
      connection.setAutoCommit(false);
      try (PreparedStatement statement = connection.prepareStatement("select id, name, email from customers where id <= ? order by id")) {
        statement.setFetchSize(10);
        // More than five executions, so that the driver moves on to a named statement of the server.
        for (int round = 0; round < 8; round++) {
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
      connection.commit();
      try (PreparedStatement refused = connection.prepareStatement("update customers set name = email where id = 1")) {
        refused.executeUpdate();
      } catch (SQLException error) {
        System.out.println("refused " + error.getSQLState());
      }
      connection.rollback();
      try (ResultSet one = connection.createStatement().executeQuery("select count(*) from customers")) {
        one.next();
        System.out.println("count " + one.getInt(1));
      }
    }
  }
}
