package io.millrace.connect.table;

import io.millrace.broker.view.CopyTables;
import io.millrace.view.ViewChange;
import io.millrace.view.ViewEntry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A table with the columns `key`, `value` and `updated` on one connection, which is its own. Used
/// by one thread.
final class PostgresTable implements CopyTables.Table {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresTable.class);

    private final Connection connection;
    private final PreparedStatement put;
    private final PreparedStatement remove;
    private final PreparedStatement keys;

    /// @param table quoted
    private PostgresTable(Connection connection, String table) throws SQLException {
        this.connection = connection;
        this.put =
                connection.prepareStatement(
                        ("INSERT INTO %s AS t (key, value, updated) VALUES (?, ?, ?) ON CONFLICT (key)"
                                        + " DO UPDATE SET value = EXCLUDED.value, updated = EXCLUDED.updated"
                                        + " WHERE t.value IS DISTINCT FROM EXCLUDED.value"
                                        + " OR t.updated IS DISTINCT FROM EXCLUDED.updated")
                                .formatted(table));
        this.remove = connection.prepareStatement("DELETE FROM %s WHERE key = ?".formatted(table));
        this.keys =
                connection.prepareStatement(
                        "SELECT key FROM %s WHERE key > ? ORDER BY key LIMIT ?".formatted(table));
    }

    /// @throws SQLException also if the table is there and is another one
    static PostgresTable open(Connection connection, String table) throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            // Where somebody else has made it, no right to make tables is needed.
            if (!isThere(connection, table)) {
                statement.execute(
                        ("CREATE TABLE IF NOT EXISTS %s (key text COLLATE \"C\" PRIMARY KEY,"
                                        + " value jsonb NOT NULL, updated timestamptz NOT NULL)")
                                .formatted(table));
            }
            statement.execute("SELECT key, value, updated FROM %s WHERE false".formatted(table));
        }
        connection.setAutoCommit(false);
        return new PostgresTable(connection, table);
    }

    private static boolean isThere(Connection connection, String table) throws SQLException {
        try (PreparedStatement look =
                connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            look.setString(1, table);
            try (ResultSet row = look.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    @Override
    public void write(List<ViewChange> changes) throws IOException {
        // Of each key the last: a statement may touch a row once.
        Map<String, ViewChange> last = new LinkedHashMap<>();
        changes.forEach(change -> last.put(change.key(), change));
        try {
            try {
                run(List.copyOf(last.values()));
            } catch (SQLException e) {
                rollBack(e);
                if (!isOfData(e)) {
                    throw e;
                }
                oneByOne(List.copyOf(last.values()));
            }
        } catch (SQLException e) {
            throw PostgresTables.failure(e);
        }
    }

    private void run(List<ViewChange> changes) throws SQLException {
        boolean puts = false;
        boolean removes = false;
        for (ViewChange change : changes) {
            ViewEntry entry = change.entry();
            if (entry == null) {
                remove.setString(1, change.key());
                remove.addBatch();
                removes = true;
            } else {
                put.setString(1, entry.key());
                put.setString(2, entry.value().toUtf8());
                put.setObject(
                        3, Instant.ofEpochMilli(entry.updatedMillis()).atOffset(ZoneOffset.UTC));
                put.addBatch();
                puts = true;
            }
        }
        if (puts) {
            put.executeBatch();
        }
        if (removes) {
            remove.executeBatch();
        }
        connection.commit();
    }

    /// Where the connection is lost, the first reason is the better one.
    private void rollBack(SQLException reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /// Whether the database does not take a value, such as text with a zero in it, rather than all.
    private static boolean isOfData(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.startsWith("22");
    }

    /// One that the database cannot hold does not keep back the others. Its row is removed, so that
    /// nobody takes what it said before for what is true.
    private void oneByOne(List<ViewChange> changes) throws SQLException {
        for (ViewChange change : changes) {
            try {
                run(List.of(change));
            } catch (SQLException e) {
                rollBack(e);
                if (!isOfData(e)) {
                    throw e;
                }
                LOG.warn(
                        "A row cannot be copied, and is left out: {}",
                        PostgresTables.failure(e).getMessage());
                if (change.key().indexOf(0) < 0) {
                    run(List.of(ViewChange.delete(change.key(), change.millis())));
                }
            }
        }
    }

    @Override
    public List<String> keys(@Nullable String after, int max) throws IOException {
        List<String> found = new ArrayList<>();
        try {
            keys.setString(1, after == null ? "" : after);
            keys.setInt(2, max);
            try (ResultSet rows = keys.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            connection.commit();
        } catch (SQLException e) {
            throw PostgresTables.failure(e);
        }
        return found;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("The connection was lost already: {}", e.getMessage());
        }
    }
}
