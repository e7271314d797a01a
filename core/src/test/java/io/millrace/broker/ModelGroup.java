package io.millrace.broker;

import static io.millrace.broker.BrokerModel.check;

import io.millrace.group.Leased;
import io.millrace.resource.ResourceKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A queue or a subscription, as plainly as can be: what it was given, and what became of it.
final class ModelGroup {
    final ResourceKind kind;
    final String name;
    final boolean isOrdered;
    final boolean isSynced;
    final long windowMillis;
    final @Nullable String type;
    final List<ModelItem> items = new ArrayList<>();
    final List<Token> tokens = new ArrayList<>();
    private final Map<String, ModelItem> byPlace = new HashMap<>();

    /// Whether it ever gave up what was too much.
    boolean isShedding;

    /// What its ledger said last that it has accepted.
    long accepted;

    /// Where a subscription begins, as it stands in its document; empty if it does not say.
    String start = "";

    /// Whether it exists is not known.
    boolean isDoubtful;

    /// Whether nothing is given out; `null` if not known.
    @Nullable Boolean isPaused = false;

    /// A lease that was given out.
    record Token(ModelItem item, String text, long deadlineMillis) {}

    /// @param type of wanted events; `null` for all
    ModelGroup(
            ResourceKind kind,
            String name,
            boolean isOrdered,
            boolean isSynced,
            long windowMillis,
            @Nullable String type) {
        this.kind = kind;
        this.name = name;
        this.isOrdered = isOrdered;
        this.isSynced = isSynced;
        this.windowMillis = windowMillis;
        this.type = type;
    }

    boolean isQueue() {
        return kind == ResourceKind.QUEUE;
    }

    @Nullable ModelItem at(String place) {
        return byPlace.get(place);
    }

    void placed(ModelItem item, String place) {
        ModelItem other = byPlace.put(place, item);
        check(other == null || other == item, "%s and %s are at one place", item, other);
        item.place = place;
        item.isStored = true;
    }

    /// The item that was given out, or put in before.
    ///
    /// @return `null` if nothing like it was put in
    @Nullable ModelItem find(String place, String id) {
        ModelItem known = byPlace.get(place);
        if (known != null) {
            return known.event.id().equals(id) ? known : null;
        }
        for (ModelItem item : items) {
            if (item.event.id().equals(id) && item.place == null) {
                placed(item, place);
                return item;
            }
        }
        return null;
    }

    /// Whether its lease may have ended too often, or there may have been too many.
    boolean mayBeBuried(ModelItem item, long latestMillis) {
        return isShedding
                || item.mayBeLeased
                || (item.token != null && item.deadlineMillis <= latestMillis);
    }

    static String place(Leased leased) {
        var event = leased.event();
        return event.stream() + "/" + event.partition() + "/" + event.offset();
    }

    /// @param isLost whether whatever was not flushed may be gone
    /// @param isSafe whether events of a stream, or of this queue, are flushed before the answer
    void crashed(boolean isLost, java.util.function.Predicate<ModelItem> isSafe) {
        if (!isLost) {
            return;
        }
        accepted = 0;
        tokens.clear();
        for (ModelItem item : items) {
            if (isSafe.test(item)) {
                item.forgetLease();
            } else {
                String place = item.place;
                if (place != null) {
                    byPlace.remove(place);
                }
                item.forget();
            }
        }
    }

    @Override
    public String toString() {
        return kind + " " + name;
    }
}
