package io.millrace.broker.view;

import io.millrace.view.ViewRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is wanted of a view.
///
/// @param after only keys behind this one; `null` for all of the range
/// @param limit of items, 1 to [#LIMIT_MAX]
/// @param filters all of which have to fit: CloudEvents SQL expressions over the events of a
///   stream, `column=value` over the rows of a query
public record ViewQuery(ViewRange range, @Nullable String after, int limit, List<String> filters) {
    public static final int LIMIT_MAX = 1_000;

    public ViewQuery {
        filters = List.copyOf(filters);
    }
}
