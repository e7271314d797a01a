package io.millrace.router;

import io.millrace.event.Event;
import io.millrace.event.filter.cesql.Attributes;
import io.millrace.router.InterestBucket.Slot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All interests that have one pattern. Each is found by one of its conditions, the one that it
/// shares with the fewest; those without a condition are looked at for every event. Owned by the
/// index's thread.
final class InterestGroup<T> {
    private static final List<String> CORE_ATTRIBUTES =
            List.of(
                    "specversion",
                    "id",
                    "source",
                    "type",
                    "subject",
                    "time",
                    "datacontenttype",
                    "dataschema");

    private final InterestBucket<T> rest = new InterestBucket<>(null);
    private final Map<String, AttributeLookup<T>> lookups = new HashMap<>(2);
    private int slots;
    private long passed;

    /// How many events the pattern has covered.
    long passed() {
        return passed;
    }

    boolean isEmpty() {
        return slots == 0;
    }

    void add(Attachment<T> attachment) {
        List<Condition> conditions = bestConditions(attachment.interest());
        List<Slot<T>> places = new ArrayList<>(Math.max(1, conditions.size()));
        for (Condition condition : conditions) {
            places.add(bucket(condition).add(attachment));
        }
        if (conditions.isEmpty()) {
            places.add(rest.add(attachment));
        }
        slots += places.size();
        attachment.placed(List.copyOf(places));
    }

    private List<Condition> bestConditions(Interest interest) {
        List<Condition> best = List.of();
        long fewest = Long.MAX_VALUE;
        for (List<Condition> conditions : Condition.of(interest)) {
            long others = 0;
            for (Condition condition : conditions) {
                others += sizeOf(condition);
            }
            if (others < fewest) {
                fewest = others;
                best = conditions;
            }
        }
        return best;
    }

    private int sizeOf(Condition condition) {
        AttributeLookup<T> lookup = lookups.get(condition.attribute());
        InterestBucket<T> bucket = lookup == null ? null : lookup.find(condition);
        return bucket == null ? 0 : bucket.size();
    }

    private InterestBucket<T> bucket(Condition condition) {
        AttributeLookup<T> lookup =
                lookups.computeIfAbsent(condition.attribute(), _ -> new AttributeLookup<>());
        InterestBucket<T> bucket = lookup.find(condition);
        return bucket == null ? lookup.create(condition) : bucket;
    }

    /// Buckets left empty are dropped.
    void remove(Slot<T> slot) {
        slot.bucket.remove(slot);
        slots--;
        Condition condition = slot.bucket.condition();
        if (slot.bucket.size() > 0 || condition == null) {
            return;
        }
        AttributeLookup<T> lookup = lookups.get(condition.attribute());
        if (lookup != null) {
            lookup.drop(condition);
            if (lookup.isEmpty()) {
                lookups.remove(condition.attribute());
            }
        }
    }

    /// Counts an event and hands over the buckets in which are all interests that may want it. None
    /// of those is in two of them.
    void pass(Event event, Consumer<InterestBucket<T>> each) {
        passed++;
        if (rest.size() > 0) {
            each.accept(rest);
        }
        // Whichever are fewer, so that neither many extensions nor many lookups cost much.
        if (lookups.size() <= CORE_ATTRIBUTES.size() + event.extensions().size()) {
            lookups.forEach((attribute, lookup) -> visit(lookup, attribute, event, each));
        } else {
            CORE_ATTRIBUTES.forEach(name -> visit(lookups.get(name), name, event, each));
            event.extensions()
                    .keySet()
                    .forEach(name -> visit(lookups.get(name), name, event, each));
        }
    }

    private void visit(
            @Nullable AttributeLookup<T> lookup,
            String attribute,
            Event event,
            Consumer<InterestBucket<T>> each) {
        String text = lookup == null ? null : Attributes.text(event, attribute);
        if (lookup != null && text != null) {
            lookup.visit(text, each);
        }
    }
}
