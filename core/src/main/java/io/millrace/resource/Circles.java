package io.millrace.resource;

import io.millrace.event.PatternTrie;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds subscriptions that publish to each other in a circle, in which an event would go round for
/// ever: each publishes in a context that the next one's pattern covers.
///
/// Only `types` keep an event from going round: what is published again keeps its type, so a circle
/// is none if no type passes all of it. A transform may make any type of any, so behind one all
/// types go on. `source` and filters are not looked at: a transform or an expression could be made
/// to satisfy them. So what is found may be harmless, and what is not found is.
///
/// A subscription whose pattern covers its own target is not looked at here; see
/// [SubscriptionResource#read]. Owned by one thread.
public final class Circles {
    private static final List<String> ANY = List.of("*");

    /// From so many places on types are no longer told apart, so that the search ends soon.
    private static final int PLACES_MAX = 10_000;

    private final PatternTrie<SubscriptionResource> byPattern = new PatternTrie<>();

    /// An event of one of the types comes to the subscription.
    private record Arrival(SubscriptionResource at, List<String> types) {}

    private record Path(Arrival last, @Nullable Path before) {
        List<String> names() {
            List<String> names = new ArrayList<>();
            for (Path path = this; path != null; path = path.before) {
                names.addFirst(path.last.at.name());
            }
            return names;
        }
    }

    /// @param all the subscriptions that there will be, in any order
    public Circles(Collection<SubscriptionResource> all) {
        for (SubscriptionResource subscription : all) {
            if (subscription.delivery() instanceof Delivery.ToContext) {
                byPattern.add(subscription.selection().pattern(), subscription);
            }
        }
    }

    /// The shortest circle of two or more through a subscription, beginning with it.
    ///
    /// @return the names in the order in which events pass; empty if there is none
    public List<String> through(SubscriptionResource start) {
        Deque<Path> open = new ArrayDeque<>();
        Set<Arrival> seen = new HashSet<>();
        open.add(new Path(new Arrival(start, types(start)), null));
        while (!open.isEmpty()) {
            Path path = open.remove();
            if (!(path.last.at.delivery() instanceof Delivery.ToContext(var target))) {
                continue;
            }
            List<String> leaving =
                    path.last.at.transform() != null || seen.size() > PLACES_MAX
                            ? ANY
                            : path.last.types;
            List<SubscriptionResource> next = new ArrayList<>();
            byPattern.match(target, next::add);
            for (SubscriptionResource each : next) {
                List<String> passing = both(leaving, types(each));
                if (each.equals(path.last.at) || passing.isEmpty()) {
                    continue;
                }
                if (each.equals(start)) {
                    return path.names();
                }
                Arrival arrival = new Arrival(each, passing);
                if (seen.add(arrival)) {
                    open.add(new Path(arrival, path));
                }
            }
        }
        return List.of();
    }

    private static List<String> types(SubscriptionResource subscription) {
        List<String> types = subscription.selection().types();
        return types.isEmpty() ? ANY : types;
    }

    /// What both allow; each is a type, or the beginning of types and a star.
    private static List<String> both(List<String> some, List<String> others) {
        if (some.equals(ANY)) {
            return others;
        }
        Set<String> both = new LinkedHashSet<>();
        for (String one : some) {
            for (String other : others) {
                if (covers(one, other)) {
                    both.add(other);
                } else if (covers(other, one)) {
                    both.add(one);
                }
            }
        }
        return List.copyOf(both);
    }

    private static boolean covers(String wide, String narrow) {
        return wide.endsWith("*")
                ? narrow.startsWith(wide.substring(0, wide.length() - 1))
                : wide.equals(narrow);
    }
}
