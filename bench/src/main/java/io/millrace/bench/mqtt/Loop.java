package io.millrace.bench.mqtt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Drives many connections with one thread, so that the broker gets the rest of the machine.
final class Loop implements AutoCloseable {
    private static final int INPUT_BYTES = 1 << 20;
    private static final long TURN_MILLIS = 10;
    private static final long SILENCE_MAX = TimeUnit.SECONDS.toNanos(60);

    private final Selector selector;
    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES);

    Loop() throws IOException {
        selector = Selector.open();
    }

    Selector selector() {
        return selector;
    }

    /// What is to be done again and again, as publishing more.
    interface Step {
        void run() throws IOException;
    }

    /// Until it is done. Fails if the brokers say nothing for a minute.
    ///
    /// @param step after whatever has arrived was taken
    /// @param what is waited for, in case it does not come
    void until(BooleanSupplier done, Step step, String what) throws IOException {
        long heard = System.nanoTime();
        while (!done.getAsBoolean()) {
            step.run();
            if (selector.select(this::serve, TURN_MILLIS) > 0) {
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > SILENCE_MAX) {
                throw new IOException("the broker fell silent before there was: " + what);
            }
        }
    }

    /// Takes what has arrived, without waiting.
    void glance() throws IOException {
        selector.selectNow(this::serve);
    }

    private void serve(SelectionKey key) {
        Wire wire = (Wire) key.attachment();
        try {
            if (key.isReadable()) {
                wire.read(input);
            }
            if (key.isValid() && key.isWritable()) {
                wire.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(wire.toString(), e);
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
