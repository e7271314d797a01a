package io.millrace.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// What a file holds: once as a reader sees it (the page cache), once as it is on the platter, with
/// the changes in between in their order.
final class SimulatedFile {
    private byte[] cached = new byte[0];
    private byte[] durable = new byte[0];
    private final List<Change> dirty = new ArrayList<>();
    private boolean hasLostPages;

    /// A change that is not on the platter yet.
    private sealed interface Change {
        record Write(int position, byte[] bytes) implements Change {}

        record Truncate(int size) implements Change {}
    }

    int size() {
        return cached.length;
    }

    byte[] cached() {
        return cached;
    }

    void write(int position, byte[] bytes) {
        cached = written(cached, position, bytes, 0, bytes.length);
        dirty.add(new Change.Write(position, bytes));
    }

    void truncate(int size) {
        if (size < cached.length) {
            cached = Arrays.copyOf(cached, size);
            dirty.add(new Change.Truncate(size));
        }
    }

    void flush() {
        durable = withDirty();
        dirty.clear();
    }

    private byte[] withDirty() {
        byte[] content = durable;
        for (Change change : dirty) {
            content =
                    switch (change) {
                        case Change.Write(int position, byte[] bytes) ->
                                written(content, position, bytes, 0, bytes.length);
                        case Change.Truncate(int size) -> truncated(content, size);
                    };
        }
        return content;
    }

    /// A flush that fails leaves some of the pages on the platter and calls all of them clean.
    void failFlush(RandomGenerator random) {
        durable = settled(random, 512, 0.5);
        dirty.clear();
        hasLostPages = true;
    }

    /// The machine stops: of the changes in flight, blocks survive as chance has it.
    void crash(RandomGenerator random) {
        int block = random.nextBoolean() ? 512 : 4096;
        double survival = new double[] {0, 0.3, 0.7, 0.95, 1}[random.nextInt(5)];
        durable = settled(random, block, survival);
        dirty.clear();
        cached = durable;
        hasLostPages = false;
    }

    /// The process stops: the page cache stays, but pages that a failed flush called clean may be
    /// read from the platter again.
    void crashProcess(RandomGenerator random) {
        if (hasLostPages && random.nextBoolean()) {
            cached = withDirty();
            hasLostPages = false;
        }
    }

    void damage(int position, int xor) {
        cached = cached.clone();
        cached[position] ^= (byte) xor;
        if (position < durable.length) {
            durable = durable.clone();
            durable[position] ^= (byte) xor;
        }
    }

    /// Blocks that were on the platter before are old or new afterwards, as disks promise for each
    /// sector; blocks that were never written may hold anything.
    private byte[] settled(RandomGenerator random, int block, double survival) {
        byte[] settled = durable;
        boolean inOrder = random.nextInt(3) == 0;
        for (Change change : dirty) {
            switch (change) {
                case Change.Write(int position, byte[] bytes) -> {
                    for (int from = 0; from < bytes.length; ) {
                        int to =
                                Math.min(
                                        bytes.length,
                                        nextBorder(position + from, block) - position);
                        if (random.nextDouble() < survival) {
                            settled = written(settled, position, bytes, from, to);
                        } else if (inOrder) {
                            return settled;
                        } else if (position + from >= durable.length && random.nextInt(8) == 0) {
                            byte[] garbage = new byte[bytes.length];
                            random.nextBytes(garbage);
                            settled = written(settled, position, garbage, from, to);
                        }
                        from = to;
                    }
                }
                case Change.Truncate(int size) -> {
                    if (random.nextDouble() < survival) {
                        settled = truncated(settled, size);
                    }
                }
            }
        }
        return settled;
    }

    private static int nextBorder(int position, int block) {
        return (position / block + 1) * block;
    }

    private static byte[] truncated(byte[] content, int size) {
        return size < content.length ? Arrays.copyOf(content, size) : content;
    }

    private static byte[] written(byte[] content, int position, byte[] bytes, int from, int to) {
        byte[] result = Arrays.copyOf(content, Math.max(content.length, position + to));
        System.arraycopy(bytes, from, result, position + from, to - from);
        return result;
    }
}
