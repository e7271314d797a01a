package io.millrace.cli;

/// How results are written to standard output.
public enum OutputFormat {
    /// For people.
    TABLE,
    /// For programs: the server's own documents, one JSON value a line.
    JSON,
    /// The server's own documents as YAML; `get` only.
    YAML,
    /// Comma-separated values; `query` only.
    CSV
}
