package io.millrace.broker.query;

/// A column of a result.
///
/// @param type as SQL has it, such as `DOUBLE`
public record QueryColumn(String name, String type) {}
