package io.millrace.group;

import io.millrace.cursor.CursorRecord;
import io.millrace.cursor.Dispenser;
import io.millrace.cursor.Held;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Gives out what was set aside at one cursor, to who asks for it. The shard's thread.
final class DeferredEvents {
    private final GroupCursor owner;

    DeferredEvents(GroupCursor owner) {
        this.owner = owner;
    }

    /// Gives one out, once it is read.
    ///
    /// @param to gets `null` if it is not deferred, or cannot be had
    void take(long offset, Duration lease, Consumer<@Nullable Leased> to) {
        Held held = owner.cursor().held(offset);
        if (held == null || held.state() != Held.State.DEFERRED) {
            to.accept(null);
            return;
        }
        // Whether it still is deferred is decided when it is there, whatever has happened
        // meanwhile.
        owner.home()
                .pump()
                .fetch(
                        owner.partition(),
                        List.of(offset),
                        found ->
                                owner.run(() ->
                                        to.accept(
                                                found == null
                                                        ? null
                                                        : take(offset, lease, found))));
    }

    private @Nullable Leased take(long offset, Duration lease, Pump.Fetched found) {
        StoredEvent event = found.events().get(offset);
        Dispenser.Decision decision =
                new Dispenser(owner.cursor())
                        .fetchDeferred(offset, owner.home().nowMillis(), lease.toMillis());
        if (decision.record() == null || found.unreadable().contains(offset)) {
            return null;
        }
        if (event == null) {
            // Retention or damage has taken it while it was set aside.
            owner.apply(new CursorRecord.Expired(offset));
            return null;
        }
        owner.apply(decision.record());
        owner.setAlarm();
        return owner.leased(decision.leases().getFirst(), event);
    }
}
