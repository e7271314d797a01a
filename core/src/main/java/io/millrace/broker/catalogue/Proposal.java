package io.millrace.broker.catalogue;

import io.millrace.resource.Resource;
import org.jspecify.annotations.Nullable;

/// A resource as it is wanted, beside what it replaces.
///
/// @param path what goes before the names of its fields in problems, empty or such as `[2]`
/// @param before `null` if there is none of its name
public record Proposal<R extends Resource>(String path, @Nullable R before, R after) {
    /// The path of one of its fields.
    public String field(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
