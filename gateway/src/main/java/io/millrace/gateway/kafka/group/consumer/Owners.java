package io.millrace.gateway.kafka.group.consumer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which member has which partition of a group, be it that it still has to give it up. Only for the
/// coordinator's thread.
final class Owners {
    private final Map<UUID, @Nullable String[]> byTopic = new HashMap<>();

    /// Whether a member could have a partition: it is nobody else's.
    boolean isFreeFor(String memberId, UUID topic, int partition) {
        @Nullable String @Nullable [] owners = byTopic.get(topic);
        if (owners == null || partition >= owners.length) {
            return true;
        }
        String owner = owners[partition];
        return owner == null || owner.equals(memberId);
    }

    void take(String memberId, Partitions partitions) {
        for (UUID topic : partitions.topics()) {
            int[] numbers = partitions.of(topic);
            int size = numbers[numbers.length - 1] + 1;
            @Nullable String @Nullable [] owners = byTopic.get(topic);
            if (owners == null) {
                owners = new @Nullable String[size];
            } else if (owners.length < size) {
                owners = Arrays.copyOf(owners, size);
            }
            for (int partition : numbers) {
                owners[partition] = memberId;
            }
            byTopic.put(topic, owners);
        }
    }

    /// Gives up what is the member's; what others have stays theirs.
    void release(String memberId, Partitions partitions) {
        for (UUID topic : partitions.topics()) {
            @Nullable String @Nullable [] owners = byTopic.get(topic);
            if (owners != null) {
                for (int partition : partitions.of(topic)) {
                    if (partition < owners.length && memberId.equals(owners[partition])) {
                        owners[partition] = null;
                    }
                }
                if (Arrays.stream(owners).allMatch(owner -> owner == null)) {
                    byTopic.remove(topic);
                }
            }
        }
    }
}
