package io.millrace.broker;

import io.millrace.event.Context;
import io.millrace.event.Event;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An event that the simulation published, and what became of it as far as its publisher knows.
final class Attempt {
    final Event event;
    final Context context;

    /// The publish that it was a part of.
    final int publish;

    final boolean isAlone;

    /// The stream that it has to go to, or `null` if streams were being changed at that moment.
    final @Nullable ModelStream target;

    /// All streams at that moment.
    final Map<String, ModelStream> streams;

    /// Names those of its batch that have to be stored together with it.
    final String group;

    State state = State.WAITING;

    /// Where it is, once somebody has seen it or was told.
    @Nullable ModelPartition place;

    long offset = -1;

    enum State {
        /// Not answered.
        WAITING,
        STORED,
        /// The answer says that nothing was recorded.
        REFUSED,
        /// The answer leaves it open, or never came.
        UNKNOWN,
        /// It was there, and a crash took it as it was allowed to.
        LOST
    }

    Attempt(
            Event event,
            Context context,
            int publish,
            boolean isAlone,
            @Nullable ModelStream target,
            Map<String, ModelStream> streams) {
        this.streams = Map.copyOf(streams);
        this.event = event;
        this.context = context;
        this.publish = publish;
        this.isAlone = isAlone;
        this.target = target;
        this.group = publish + " " + target + " " + key();
    }

    /// What decides on the partition.
    String key() {
        String key = event.partitionKey();
        return key == null ? context.path() : key;
    }

    @Override
    public String toString() {
        return "%s in %s, %s, %s@%d".formatted(event.id(), context, state, place, offset);
    }
}
