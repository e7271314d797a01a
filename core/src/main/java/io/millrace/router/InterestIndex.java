package io.millrace.router;

import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.event.PatternTrie;
import io.millrace.event.filter.EventView;
import io.millrace.router.InterestBucket.Slot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Many interests, one event in, and those that want it out.
///
/// What an event costs depends on how many interests want it, not on how many there are: patterns
/// are matched in one walk over the context; of those that share a pattern, only the ones are
/// looked at of which one condition holds that is fit for a lookup. Such conditions are `types`,
/// `source`, and the filters `exact`, `prefix` and `suffix`, at the top or in `all`. An interest
/// that has none of them is looked at whenever its pattern covers the context.
///
/// Counting costs nothing per interest either: a pattern counts the events that it covered, and an
/// [Attachment] remembers where the count stood when it came. These counts are of all events that
/// the index is asked about; who wants them for each partition has an index for each.
///
/// Owned by one thread. Adding and removing do not depend on how many there are.
public final class InterestIndex<T> {
    private final PatternTrie<InterestGroup<T>> patterns = new PatternTrie<>();
    private final Map<ContextPattern, InterestGroup<T>> groups = new HashMap<>();
    private int size;
    private long examined;
    private boolean isMatching;

    /// Adds an interest; the same one may be added any number of times.
    ///
    /// @param value handed over with the events
    /// @return for removing it, and for its counts
    public Attachment<T> add(Interest interest, T value) {
        requireNotMatching();
        InterestGroup<T> group = groups.get(interest.pattern());
        if (group == null) {
            group = new InterestGroup<>();
            groups.put(interest.pattern(), group);
            patterns.add(interest.pattern(), group);
        }
        Attachment<T> attachment = new Attachment<>(interest, value, group);
        group.add(attachment);
        size++;
        return attachment;
    }

    /// Removes what [#add] returned; its counts stay as they are then.
    ///
    /// @return whether it was there
    public boolean remove(Attachment<T> attachment) {
        requireNotMatching();
        ContextPattern pattern = attachment.interest().pattern();
        InterestGroup<T> group = attachment.group();
        List<Slot<T>> places =
                groups.get(pattern) == group ? attachment.removed() : List.<Slot<T>>of();
        if (places.isEmpty()) {
            return false;
        }
        places.forEach(group::remove);
        if (group.isEmpty()) {
            groups.remove(pattern);
            patterns.remove(pattern, group);
        }
        size--;
        return true;
    }

    private void requireNotMatching() {
        if (isMatching) {
            throw new IllegalStateException("an index must not change while it is matched");
        }
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /// Hands every attachment whose interest wants the event to `each`, which must not change the
    /// index; in the same order whenever the same has been done before.
    ///
    /// @param context of the event
    public void match(Context context, Event event, Consumer<? super Attachment<T>> each) {
        if (size == 0) {
            return;
        }
        requireNotMatching();
        isMatching = true;
        try {
            Matching matching = new Matching(event, each);
            patterns.match(context, group -> group.pass(event, matching));
        } finally {
            isMatching = false;
        }
    }

    /// How many interests have been looked at by themselves: what matching costs.
    long examined() {
        return examined;
    }

    /// Whether nothing is left of what has been removed.
    boolean isBare() {
        return patterns.isEmpty() && groups.isEmpty() && size == 0;
    }

    /// One event on its way through buckets.
    private final class Matching implements Consumer<InterestBucket<T>> {
        private final Event event;
        private final Consumer<? super Attachment<T>> each;
        private @Nullable EventView view;

        Matching(Event event, Consumer<? super Attachment<T>> each) {
            this.event = event;
            this.each = each;
        }

        @Override
        public void accept(InterestBucket<T> bucket) {
            EventView seen = view;
            if (seen == null) {
                seen = new EventView(event);
                view = seen;
            }
            examined += bucket.size();
            for (int i = 0; i < bucket.size(); i++) {
                Attachment<T> attachment = bucket.get(i);
                if (attachment.interest().passes(seen)) {
                    attachment.countGiven();
                    each.accept(attachment);
                }
            }
        }
    }
}
