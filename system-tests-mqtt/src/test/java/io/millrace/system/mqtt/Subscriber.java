package io.millrace.system.mqtt;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A connected client with its subscriptions. The client's own threads hand over what arrives; the
/// rest is for the test's thread.
final class Subscriber implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final Leave leave;
    private final BlockingQueue<Message> arrived = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean left;

    /// Disconnects as a client does that says good-bye.
    interface Leave {
        void leave() throws Exception;
    }

    Subscriber(Leave leave) {
        this.leave = leave;
    }

    /// Told by the client.
    void arrived(Message message) {
        arrived.add(message);
    }

    /// Told by the client when its connection has ended, whoever ended it.
    void closed() {
        closed.countDown();
    }

    /// The next message.
    Message take() throws InterruptedException {
        Message message = arrived.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message came");
        }
        return message;
    }

    /// How many have arrived that were not taken.
    int waiting() {
        return arrived.size();
    }

    /// Waits until the connection has ended.
    void awaitClosed() throws InterruptedException {
        if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the connection is still there");
        }
    }

    /// Disconnects, and waits until the connection has ended.
    void leave() throws Exception {
        if (!left) {
            left = true;
            leave.leave();
            awaitClosed();
        }
    }

    /// Leaves if it is still there.
    @Override
    public void close() {
        if (closed.getCount() == 0) {
            return;
        }
        try {
            leave();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("the client could not disconnect", e);
        }
    }
}
