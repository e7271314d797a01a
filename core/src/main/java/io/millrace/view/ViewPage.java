package io.millrace.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A piece of a view.
///
/// @param items in the order of their keys; may be fewer than were asked for although there are
///   more, if a filter let few through
/// @param next the key to ask for the next piece after; `null` if there is none
public record ViewPage(List<ViewEntry> items, @Nullable String next) {
    public ViewPage {
        items = List.copyOf(items);
    }
}
