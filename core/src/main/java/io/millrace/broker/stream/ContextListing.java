package io.millrace.broker.stream;

import io.millrace.stream.StoredEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The children of one context, with what happened in them since the server started.
///
/// @param context the path of the parent
/// @param total how many children there are
/// @param children those asked for, by name
public record ContextListing(String context, int total, List<Child> children) {

    /// @param name what its path has behind the parent's: a segment, or two of which the first is
    ///   empty
    /// @param context its path
    /// @param children how many contexts are directly below it
    /// @param contexts how many are anywhere below it, itself included
    /// @param published events of it and everything below it
    /// @param latest its own newest event, if it had one
    public record Child(
            String name,
            String context,
            int children,
            int contexts,
            long published,
            @Nullable StoredEvent latest) {}
}
