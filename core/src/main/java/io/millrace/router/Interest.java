package io.millrace.router;

import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.event.Quoted;
import io.millrace.event.filter.EventView;
import io.millrace.event.filter.Explanation;
import io.millrace.event.filter.Filters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which events somebody wants: those that all of its clauses let through (CloudEvents
/// Subscriptions, section 3.2.4, with a pattern over contexts before it).
///
/// Immutable, so that any thread may ask; the [EventView] belongs to one thread.
///
/// @param pattern over the context
/// @param types one of which must be the event's: one that ends in `*` stands for all that begin
///   with what is before it, any other for itself; with none, every type is wanted
/// @param source which must be the event's, as it is written; `null` if every source is wanted
/// @param filters all of which must match
public record Interest(
        ContextPattern pattern, List<String> types, @Nullable String source, Filters filters) {
    public Interest {
        types = List.copyOf(types);
    }

    /// Everything that a pattern covers.
    public static Interest of(ContextPattern pattern) {
        return new Interest(pattern, List.of(), null, Filters.NONE);
    }

    /// Whether all clauses let the event through.
    ///
    /// @param context of the event
    public boolean wants(Context context, EventView event) {
        return pattern.matches(context) && passes(event);
    }

    /// Whether there are no clauses but the pattern.
    boolean isOfAll() {
        return types.isEmpty() && source == null && filters.equals(Filters.NONE);
    }

    /// Whether all clauses but the pattern let the event through.
    boolean passes(EventView event) {
        return hasType(event.event())
                && (source == null || source.equals(event.event().source()))
                && filters.matches(event);
    }

    private boolean hasType(Event event) {
        for (int i = 0; i < types.size(); i++) {
            if (covers(types.get(i), event.type())) {
                return true;
            }
        }
        return types.isEmpty();
    }

    static boolean isPrefix(String type) {
        return type.endsWith("*");
    }

    private static boolean covers(String wanted, String type) {
        return isPrefix(wanted)
                ? type.regionMatches(0, wanted, 0, wanted.length() - 1)
                : type.equals(wanted);
    }

    /// The same answer as [#wants], with the reasons: one part each for `pattern`, `types`,
    /// `source` and `filters`, named as in the subscription's document. All are asked.
    public Explanation explain(Context context, EventView event) {
        List<Explanation> parts =
                List.of(
                        explainContext(context),
                        explainTypes(event.event()),
                        explainSource(event.event()),
                        filters.explain(event, "filters"));
        return Explanation.all(
                "subscription", "pattern, types, source and filters must match", parts);
    }

    private Explanation explainContext(Context context) {
        boolean covered = pattern.matches(context);
        String found = Quoted.shortened(context.path());
        return Explanation.leaf(
                "pattern",
                "the context is covered by \"%s\"".formatted(Quoted.shortened(pattern.toString())),
                covered,
                found,
                "it is \"%s\"".formatted(found));
    }

    private Explanation explainTypes(Event event) {
        String found = Quoted.shortened(event.type());
        if (types.isEmpty()) {
            return Explanation.leaf("types", "any type", true, found, "no types are named");
        }
        List<Explanation> parts = new ArrayList<>(types.size());
        for (int i = 0; i < types.size(); i++) {
            String wanted = types.get(i);
            boolean prefix = isPrefix(wanted);
            String text = prefix ? wanted.substring(0, wanted.length() - 1) : wanted;
            parts.add(
                    Explanation.leaf(
                            "types[%d]".formatted(i),
                            "type %s \"%s\""
                                    .formatted(
                                            prefix ? "begins with" : "is", Quoted.shortened(text)),
                            covers(wanted, event.type()),
                            found,
                            "it is \"%s\"".formatted(found)));
        }
        return Explanation.any("types", "one of the types must match", parts);
    }

    private Explanation explainSource(Event event) {
        String found = Quoted.shortened(event.source());
        if (source == null) {
            return Explanation.leaf("source", "any source", true, found, "no source is named");
        }
        return Explanation.leaf(
                "source",
                "source is \"%s\"".formatted(Quoted.shortened(source)),
                source.equals(event.source()),
                found,
                "it is \"%s\"".formatted(found));
    }
}
