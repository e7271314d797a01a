package io.millrace.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Bytes;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KeyIndexTest {
    /// Beside a map of each direction, through growth, shrinking and thousands of gaps.
    @Test
    void findsByKeyAndByOffsetWhatMapsWouldFind() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        KeyIndex index = new KeyIndex();
        Map<String, Long> byKey = new HashMap<>();
        TreeMap<Long, String> byOffset = new TreeMap<>();
        long offset = 0;
        for (int round = 0; round < 60_000; round++) {
            // First more puts, then more removals.
            boolean isPut = random.nextInt(100) < (round < 30_000 ? 70 : 25);
            String key = "key " + random.nextInt(20_000);
            offset += 1 + random.nextInt(3);
            Long before = byKey.remove(key);
            if (before != null) {
                byOffset.remove(before);
            }
            if (isPut) {
                index.put(Bytes.utf8(key), offset);
                byKey.put(key, offset);
                byOffset.put(offset, key);
            } else {
                index.remove(Bytes.utf8(key));
            }
            String other = "key " + random.nextInt(20_000);
            long from = random.nextLong(offset + 2);
            Map.Entry<Long, String> next = byOffset.ceilingEntry(from);
            assertThat(index.find(Bytes.utf8(other)))
                    .as("%s, seed %d", other, seed)
                    .isEqualTo(byKey.getOrDefault(other, -1L));
            assertThat(index.next(from))
                    .as("from %d, seed %d", from, seed)
                    .isEqualTo(next == null ? -1 : next.getKey());
            assertThat(index.isLatest(from)).isEqualTo(byOffset.containsKey(from));
            assertThat(index.size()).isEqualTo(byKey.size());
        }
    }
}
