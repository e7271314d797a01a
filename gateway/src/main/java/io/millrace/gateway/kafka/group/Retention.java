package io.millrace.gateway.kafka.group;

import io.millrace.gateway.kafka.group.offset.GroupOffsets;
import io.millrace.gateway.kafka.group.offset.Offset;
import io.millrace.gateway.kafka.group.offset.Place;
import io.millrace.gateway.kafka.group.state.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lets go of what nobody needs any more: the offsets of groups that have been without members for
/// the retention time, those that a group with members has not committed for as long and has no
/// subscription for, and then groups without members and offsets.
final class Retention {
    private final GroupCoordinator coordinator;
    private final Subscribed subscribed;

    Retention(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
        this.subscribed = new Subscribed(coordinator.assignments());
    }

    /// Looks at all groups, each in a turn of its own.
    void sweep() {
        coordinator.catalogSoon();
        coordinator.onEach(this::sweep);
    }

    private void sweep(GroupEntry entry, Turn turn) {
        GroupOffsets offsets = entry.offsets();
        boolean isEmpty = entry.isEmpty();
        @Nullable Set<String> inUse = isEmpty ? Set.of() : subscribed.by(entry);
        if (inUse != null) {
            List<Place> over = new ArrayList<>();
            offsets.forEach((topic, id, partition, offset) -> {
                if (!inUse.contains(topic)
                        && !offsets.isUndecided(topic, partition)
                        && isOver(offset, isEmpty ? entry.emptySince() : -1, turn.now())) {
                    over.add(new Place(topic, id, partition));
                }
            });
            over.forEach(each -> offsets.remove(each.topic(), each.partition()));
            offsets.store(turn);
        }
        if (isEmpty && offsets.isEmpty()) {
            coordinator.groups().remove(entry, turn);
        }
    }

    private boolean isOver(Offset offset, long emptySince, long now) {
        if (offset.expiresAt() >= 0) {
            return now >= offset.expiresAt();
        }
        long since = Math.max(offset.committedAt(), emptySince);
        return now - since >= coordinator.config().times().offsetsRetention().toMillis();
    }
}
