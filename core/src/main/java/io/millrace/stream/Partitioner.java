package io.millrace.stream;

import java.nio.charset.StandardCharsets;

/// Chooses partitions as Kafka's producers do by default (murmur2 of the key), so that events of
/// one key meet in one partition whichever protocol they came by.
final class Partitioner {
    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;

    private Partitioner() {}

    static int partition(String key, int partitions) {
        return partitions == 1
                ? 0
                : (hash(key.getBytes(StandardCharsets.UTF_8)) & 0x7fffffff) % partitions;
    }

    /// MurmurHash2, 32 bits, little-endian.
    static int hash(byte[] key) {
        int length = key.length;
        int hash = SEED ^ length;
        int whole = length & ~3;
        for (int i = 0; i < whole; i += 4) {
            int word =
                    (key[i] & 0xff)
                            | (key[i + 1] & 0xff) << 8
                            | (key[i + 2] & 0xff) << 16
                            | (key[i + 3] & 0xff) << 24;
            word *= MULTIPLIER;
            word ^= word >>> 24;
            word *= MULTIPLIER;
            hash *= MULTIPLIER;
            hash ^= word;
        }
        if (length > whole) {
            for (int i = length - 1; i >= whole; i--) {
                hash ^= (key[i] & 0xff) << (8 * (i - whole));
            }
            hash *= MULTIPLIER;
        }
        hash ^= hash >>> 13;
        hash *= MULTIPLIER;
        hash ^= hash >>> 15;
        return hash;
    }
}
