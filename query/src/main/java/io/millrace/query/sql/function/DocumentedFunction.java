package io.millrace.query.sql.function;

/// A function of the query room as the reference shows it.
///
/// @param group the heading it stands under
/// @param signature how it is called, `name(argument, ...)`
/// @param meaning one line
/// @param example an expression, or a whole query that begins with SELECT
/// @param result what the example gives: the value; for a query its rows, one a line, columns
///   between commas
public record DocumentedFunction(
        Group group, String signature, String meaning, String example, String result) {
    /// What functions are about, in the order of the reference.
    public enum Group {
        CONTEXTS("Contexts"),
        ANOMALIES("Anomalies"),
        PLACES("Places"),
        JSON("JSON");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    public String name() {
        return signature.substring(0, signature.indexOf('('));
    }

    public boolean isQuery() {
        return example.startsWith("SELECT");
    }
}
