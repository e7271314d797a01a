package io.millrace.query.source;

import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.filter.EventView;
import io.millrace.resource.KeyTemplate;
import io.millrace.resource.Selection;
import io.millrace.resource.ViewResource;
import io.millrace.router.Interest;
import io.millrace.view.ViewEntry;
import org.jspecify.annotations.Nullable;

/// Which events a view is made of, and their keys. Used by one thread.
final class ViewKeys {
    private final Interest interest;
    private final KeyTemplate template;

    private ViewKeys(Interest interest, KeyTemplate template) {
        this.interest = interest;
        this.template = template;
    }

    /// @throws IllegalStateException if no events make the view, as by now a query fills it
    static ViewKeys of(ViewResource view) {
        Selection from = view.from();
        KeyTemplate key = view.key();
        if (from == null || key == null) {
            throw new IllegalStateException(
                    "the view %s is not made of events any more".formatted(view.name()));
        }
        return new ViewKeys(
                new Interest(from.pattern(), from.types(), from.source(), from.filters()), key);
    }

    /// The key of an event; `null` if the view does not take it.
    @Nullable String of(Context context, Event event) {
        EventView seen = new EventView(event);
        if (!interest.wants(context, seen)) {
            return null;
        }
        String key = template.of(context, seen);
        return key == null || !ViewEntry.isKey(key) ? null : key;
    }
}
