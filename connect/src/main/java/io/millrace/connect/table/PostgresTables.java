package io.millrace.connect.table;

import io.millrace.broker.view.CopyTables;
import io.millrace.delivery.Secret;
import io.millrace.resource.ViewCopy;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;

/// Tables of PostgreSQL. Thread-safe.
public final class PostgresTables implements CopyTables {
    private static final int PORT = 5432;
    private static final String CONNECT_SECONDS = "10";

    /// A server that says nothing for so long is taken for lost.
    private static final String ANSWER_SECONDS = "15";

    @Override
    public Table open(ViewCopy to) throws IOException {
        try {
            Connection connection = connect(to);
            try {
                return PostgresTable.open(connection, quoted(to.table()));
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private static Connection connect(ViewCopy to) throws SQLException {
        URI uri = URI.create(to.url());
        Properties properties = new Properties();
        properties.setProperty("user", to.user());
        Secret password = to.password();
        if (password != null) {
            properties.setProperty("password", password.reveal());
        }
        properties.setProperty(
                "sslmode", to.ssl().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("loginTimeout", CONNECT_SECONDS);
        properties.setProperty("socketTimeout", ANSWER_SECONDS);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "Millrace");
        properties.setProperty("reWriteBatchedInserts", "true");
        // Text that is sent as it is, whatever type a column has.
        properties.setProperty("stringtype", "unspecified");
        int port = uri.getPort() < 0 ? PORT : uri.getPort();
        String url = "jdbc:postgresql://%s:%d%s".formatted(uri.getHost(), port, uri.getRawPath());
        return DriverManager.getConnection(url, properties);
    }

    /// Names as they are, whatever is in them.
    static String quoted(String table) {
        return Arrays.stream(table.split("\\.", -1))
                .map(name -> "\"" + name.replace("\"", "\"\"") + "\"")
                .collect(Collectors.joining("."));
    }

    /// Of a batch the reason is in what follows.
    static IOException failure(SQLException e) {
        SQLException next = e.getNextException();
        String message = String.valueOf((next == null ? e : next).getMessage());
        return new IOException("the database: " + message.replace('\n', ' '), e);
    }
}
