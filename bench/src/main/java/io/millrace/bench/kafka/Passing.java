package io.millrace.bench.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/// The way of a record from a thread that makes it over one that sends it, through a server that
/// passes bytes on, to one that waits for it: the steps that no client and no server can leave out,
/// and nothing else.
///
/// @param port of [BareBytes]
record Passing(int port, int rate, int bytes) {
    private static final long SECOND = 1_000_000_000;
    private static final long END = -1;

    /// @return nanoseconds from when each was due until it came
    long[] run(int records) throws IOException {
        try (SocketChannel in = connect(BareBytes.LISTEN)) {
            // It has to be known before anything is passed to it.
            LockSupport.parkNanos(SECOND / 10);
            try (SocketChannel out = connect(BareBytes.PASS)) {
                BlockingQueue<Long> ready = new LinkedBlockingQueue<>();
                CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(out, ready));
                CompletableFuture<Void> made =
                        CompletableFuture.runAsync(() -> make(ready, records));
                long[] nanos = receive(in, records);
                made.join();
                sent.join();
                return nanos;
            }
        }
    }

    private SocketChannel connect(int first) throws IOException {
        SocketChannel connection =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connection.write(ByteBuffer.wrap(new byte[] {(byte) first}));
        return connection;
    }

    private void make(BlockingQueue<Long> ready, int records) {
        long start = System.nanoTime();
        for (int i = 0; i < records; i++) {
            long due = start + i * SECOND / rate;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            ready.add(due);
        }
        ready.add(END);
    }

    private void send(SocketChannel out, BlockingQueue<Long> ready) {
        ByteBuffer record = ByteBuffer.allocateDirect(bytes);
        try {
            for (long due = ready.take(); due != END; due = ready.take()) {
                record.clear().putLong(0, due);
                while (record.hasRemaining()) {
                    out.write(record);
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private long[] receive(SocketChannel in, int records) throws IOException {
        long[] nanos = new long[records];
        ByteBuffer come = ByteBuffer.allocateDirect(bytes * 64);
        for (int i = 0; i < records; come.compact()) {
            if (in.read(come) < 0) {
                throw new IOException("the server has gone");
            }
            long now = System.nanoTime();
            come.flip();
            for (; come.remaining() >= bytes; come.position(come.position() + bytes)) {
                nanos[i++] = now - come.getLong(come.position());
            }
        }
        return nanos;
    }
}
