package io.millrace.gateway.kafka.group;

import io.millrace.event.Bytes;
import io.millrace.gateway.kafka.group.classic.ClassicGroup;
import io.millrace.gateway.kafka.group.consumer.ConsumerGroup;
import io.millrace.gateway.kafka.group.state.GroupConfig;
import io.millrace.gateway.kafka.group.state.RowKey;
import io.millrace.gateway.kafka.group.state.Turn;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// All groups, by their ids. Only for the coordinator's thread.
final class Groups {
    private static final Logger LOG = LoggerFactory.getLogger(Groups.class);

    private final GroupConfig config;
    private final Map<String, GroupEntry> byId = new TreeMap<>();

    Groups(GroupConfig config) {
        this.config = config;
    }

    @Nullable GroupEntry find(String id) {
        return byId.get(id);
    }

    /// A group that is made if it is not there.
    ///
    /// @throws org.apache.kafka.common.errors.GroupMaxSizeReachedException if there are too many
    GroupEntry obtain(String id) {
        GroupEntry known = byId.get(id);
        if (known == null) {
            if (byId.size() >= config.bounds().groups()) {
                throw Errors.GROUP_MAX_SIZE_REACHED.exception(
                        "there are %d groups, which is as many as there may be"
                                .formatted(byId.size()));
            }
            known = new GroupEntry(id);
            byId.put(id, known);
        }
        return known;
    }

    Collection<GroupEntry> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    /// Forgets a group, in the table too.
    void remove(GroupEntry entry, Turn turn) {
        entry.unstoreMembers(turn);
        entry.offsets().unstore(turn);
        byId.remove(entry.id());
    }

    private record Row(RowKey key, Bytes bytes) {}

    /// Reads everything; what was there before is forgotten.
    ///
    /// @param rows calls what it is given for each row
    /// @param nowMillis from when on sessions count
    void load(Consumer<BiConsumer<String, Bytes>> rows, long nowMillis) {
        byId.clear();
        List<Row> members = new ArrayList<>();
        rows.accept((key, bytes) -> {
            try {
                Row row = new Row(RowKey.of(key), bytes);
                if (!restore(row, nowMillis)) {
                    members.add(row);
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                LOG.error("a row of the groups' table cannot be read, and is left out: {}", key, e);
            }
        });
        for (Row row : members) {
            try {
                restoreMember(row, nowMillis);
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                LOG.error("a member of a group cannot be read, and is left out: {}", row.key(), e);
            }
        }
    }

    /// @return `false` for a member, which has to wait for its group
    private boolean restore(Row row, long nowMillis) {
        GroupEntry entry = byId.computeIfAbsent(row.key().group(), GroupEntry::new);
        switch (row.key().kind()) {
            case CLASSIC -> {
                ClassicGroup group = new ClassicGroup(entry.id(), config, nowMillis);
                group.restore(row.bytes());
                entry.become(group);
            }
            case CONSUMER -> {
                ConsumerGroup group = new ConsumerGroup(entry.id(), config, nowMillis);
                group.restore(row.bytes());
                entry.become(group);
            }
            case OFFSETS -> entry.offsets().restoreBlock(row.key().part(), row.bytes());
            case PENDING -> entry.offsets().restorePending(row.key().part(), row.bytes());
            case CLASSIC_MEMBER, CONSUMER_MEMBER -> {
                return false;
            }
        }
        return true;
    }

    private void restoreMember(Row row, long nowMillis) {
        GroupEntry entry = byId.get(row.key().group());
        ClassicGroup classic = entry == null ? null : entry.classic();
        ConsumerGroup consumer = entry == null ? null : entry.consumer();
        String memberId = row.key().part();
        switch (row.key().kind()) {
            case CLASSIC_MEMBER -> {
                if (classic != null) {
                    classic.restoreMember(memberId, row.bytes(), nowMillis);
                }
            }
            case CONSUMER_MEMBER -> {
                if (consumer != null) {
                    consumer.restoreMember(memberId, row.bytes(), nowMillis);
                }
            }
            case CLASSIC, CONSUMER, OFFSETS, PENDING -> {}
        }
    }
}
