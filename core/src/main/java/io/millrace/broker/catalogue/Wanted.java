package io.millrace.broker.catalogue;

import io.millrace.resource.Resource;

/// A resource that is wanted.
///
/// @param path what goes before the names of its fields in problems, empty or such as `[2]`
public record Wanted(Resource resource, String path) {
    /// The name of a field as problems tell it.
    public String field(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
