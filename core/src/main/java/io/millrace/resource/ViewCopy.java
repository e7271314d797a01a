package io.millrace.resource;

import io.millrace.config.Fields;
import io.millrace.delivery.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A table of a PostgreSQL database that a view is copied to. Immutable.
///
/// @param url `postgresql://host:port/database`
/// @param table its name, with that of its schema and a dot before it or without
/// @param password part of no document that is shown; `null` for none
public record ViewCopy(
        String url, String table, String user, @Nullable Secret password, Encryption ssl) {
    static final String PATH = "copyTo";
    static final String PASSWORD_PATH = PATH + ".password";

    private static final int NAME_LENGTH_MAX = 63;

    /// Whether the connection is encrypted, as PostgreSQL's `sslmode` has it.
    public enum Encryption {
        DISABLE,
        PREFER,
        REQUIRE,
        VERIFY_FULL
    }

    /// @return `null` if something is wrong, which has been reported then
    static @Nullable ViewCopy read(Fields fields) {
        int before = fields.problems().size();
        fields.require("url", "table", "user");
        String url = fields.parsed("url", ViewCopy::url);
        String table = fields.parsed("table", ViewCopy::table);
        String user = fields.string("user");
        String password = fields.string("password");
        Encryption ssl = fields.oneOf("ssl", Encryption.class);
        fields.end();
        return url == null || table == null || user == null || fields.problems().size() > before
                ? null
                : new ViewCopy(
                        url,
                        table,
                        user,
                        password == null ? null : Secret.of(password),
                        ssl == null ? Encryption.PREFER : ssl);
    }

    private static String url(String text) {
        String expected = "must be postgresql://host:port/database, with nothing else in it";
        try {
            URI uri = new URI(text);
            boolean isWhole =
                    "postgresql".equals(uri.getScheme())
                            && uri.getHost() != null
                            && uri.getUserInfo() == null
                            && uri.getQuery() == null
                            && uri.getFragment() == null
                            && uri.getPath() != null
                            && uri.getPath().matches("/[^/?#&]+");
            if (!isWhole) {
                throw new IllegalArgumentException(expected);
            }
            return text;
        } catch (URISyntaxException _) {
            throw new IllegalArgumentException(expected);
        }
    }

    private static String table(String text) {
        String[] names = text.split("\\.", -1);
        for (String name : names) {
            if (name.isBlank() || name.length() > NAME_LENGTH_MAX || name.indexOf(0) >= 0) {
                throw new IllegalArgumentException(
                        "must be the name of a table, or schema.table, of at most %d characters each"
                                .formatted(NAME_LENGTH_MAX));
            }
        }
        if (names.length > 2) {
            throw new IllegalArgumentException("must have one dot at most: schema.table");
        }
        return text;
    }

    /// Whether the password goes to the same server for the same user.
    boolean isSameAccount(ViewCopy other) {
        return URI.create(url).getAuthority().equals(URI.create(other.url).getAuthority())
                && user.equals(other.user);
    }

    ViewCopy with(Secret other) {
        return new ViewCopy(url, table, user, other, ssl);
    }

    void writeTo(ObjectNode document) {
        document.put("url", url);
        document.put("table", table);
        document.put("user", user);
        if (password != null) {
            document.put("password", Secret.SHOWN);
        }
        document.put("ssl", Fields.word(ssl));
    }
}
