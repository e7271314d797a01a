package io.millrace.resource;

/// That one resource needs another.
///
/// @param path of the field that names it, within the document
/// @param kind of the other
/// @param name of the other
public record ResourceReference(String path, ResourceKind kind, String name) {}
