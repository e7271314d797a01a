package io.millrace.connect.sink;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Asks the operating system, which blocks, on threads that are there only while they are needed.
/// When all of them wait for name servers that do not answer, more names are refused rather than
/// queued behind them. Thread-safe.
public final class SystemResolver implements NameResolver, AutoCloseable {
    private static final int THREADS_MAX = 64;

    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(
                    0,
                    THREADS_MAX,
                    10,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    Thread.ofPlatform().daemon().name("name-resolver-", 0).factory());

    @Override
    public CompletableFuture<List<InetAddress>> resolve(String name) {
        try {
            return CompletableFuture.supplyAsync(() -> lookUp(name), threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static List<InetAddress> lookUp(String name) {
        try {
            return List.of(InetAddress.getAllByName(name));
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
