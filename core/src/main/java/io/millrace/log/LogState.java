package io.millrace.log;

/// The condition of a log.
public sealed interface LogState {
    record Open() implements LogState {}

    /// Takes no more records until the server is started again; what is readable stays so.
    ///
    /// @param reason what failed, with file and position, for a person
    record Failed(String reason) implements LogState {}

    record Closed() implements LogState {}
}
