package io.millrace.gateway.kafka.group;

import io.millrace.gateway.kafka.group.classic.ClassicGroup;
import io.millrace.gateway.kafka.group.consumer.ConsumerGroup;
import io.millrace.gateway.kafka.group.offset.GroupOffsets;
import io.millrace.gateway.kafka.group.state.Turn;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// One group: its members, by one protocol or the other or none, and its offsets. Only for the
/// coordinator's thread.
final class GroupEntry {
    private final String id;
    private final GroupOffsets offsets;
    private @Nullable ClassicGroup classic;
    private @Nullable ConsumerGroup consumer;

    GroupEntry(String id) {
        this.id = id;
        this.offsets = new GroupOffsets(id);
    }

    String id() {
        return id;
    }

    GroupOffsets offsets() {
        return offsets;
    }

    @Nullable ClassicGroup classic() {
        return classic;
    }

    @Nullable ConsumerGroup consumer() {
        return consumer;
    }

    void become(ClassicGroup group) {
        classic = group;
        consumer = null;
    }

    void become(ConsumerGroup group) {
        consumer = group;
        classic = null;
    }

    boolean isEmpty() {
        return (classic == null || classic.isEmpty()) && (consumer == null || consumer.isEmpty());
    }

    /// Since when there are no members; -1 if none have ever been.
    long emptySince() {
        if (classic != null) {
            return classic.emptySince();
        }
        return consumer == null ? -1 : consumer.emptySince();
    }

    long nextDeadline() {
        if (classic != null) {
            return classic.nextDeadline();
        }
        return consumer == null ? Long.MAX_VALUE : consumer.nextDeadline();
    }

    /// Tells everyone who waits for an answer that there is none.
    void abandon(Turn turn, Errors error) {
        if (classic != null) {
            classic.abandon(turn, error);
        }
    }

    /// Takes the members' side of the group out of the table, not its offsets.
    void unstoreMembers(Turn turn) {
        if (classic != null) {
            classic.unstore(turn);
        }
        if (consumer != null) {
            consumer.unstore(turn);
        }
    }
}
