package io.millrace.resource;

import tools.jackson.databind.node.ObjectNode;

/// One resource as it was written, with its kind and name checked and nothing else.
///
/// @param path what goes before the names of its fields in problems: empty, or `[2]` for the third
///   document of a file
/// @param tree the whole document, `kind` and `name` included; nobody changes it
public record ResourceDocument(String kind, String name, String path, ObjectNode tree) {}
