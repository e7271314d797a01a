package io.millrace.gateway.kafka.group.offset;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/// The offsets that a group has committed in one topic. Only for the coordinator's thread.
final class TopicOffsets {
    private final UUID topic;
    private final TreeMap<Integer, OffsetBlock> blocks = new TreeMap<>();

    /// Blocks that are not in the table as they are here.
    final Set<Integer> changed = new HashSet<>();

    TopicOffsets(UUID topic) {
        this.topic = topic;
    }

    UUID topic() {
        return topic;
    }

    @Nullable Offset get(int partition) {
        OffsetBlock block = blocks.get(partition / OffsetBlock.PARTITIONS);
        return block == null ? null : block.get(partition % OffsetBlock.PARTITIONS);
    }

    void set(int partition, Offset offset) {
        int number = partition / OffsetBlock.PARTITIONS;
        blocks.computeIfAbsent(number, _ -> new OffsetBlock())
                .set(partition % OffsetBlock.PARTITIONS, offset);
        changed.add(number);
    }

    boolean remove(int partition) {
        int number = partition / OffsetBlock.PARTITIONS;
        OffsetBlock block = blocks.get(number);
        if (block == null || block.get(partition % OffsetBlock.PARTITIONS) == null) {
            return false;
        }
        block.clear(partition % OffsetBlock.PARTITIONS);
        if (block.isEmpty()) {
            blocks.remove(number);
        }
        changed.add(number);
        return true;
    }

    @Nullable OffsetBlock block(int number) {
        return blocks.get(number);
    }

    void restore(int number, OffsetBlock block) {
        blocks.put(number, block);
    }

    Set<Integer> numbers() {
        return Set.copyOf(blocks.keySet());
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    void forEach(ObjIntConsumer<Offset> each) {
        blocks.forEach((number, block) -> {
            for (int i = 0; i < OffsetBlock.PARTITIONS; i++) {
                Offset offset = block.get(i);
                if (offset != null) {
                    each.accept(offset, number * OffsetBlock.PARTITIONS + i);
                }
            }
        });
    }
}
