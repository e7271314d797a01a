package io.millrace.gateway.http.exchange;

import java.util.concurrent.atomic.AtomicLongArray;

/// What one event loop has done. Written by the loop alone and read by anyone, so that counting is
/// a plain addition.
public final class LoopCounters {
    /// Upper bounds of the buckets of durations, in nanoseconds; a last one holds the rest.
    private static final long[] BOUNDS_NANOS = {
        250_000L,
        500_000L,
        1_000_000L,
        2_500_000L,
        5_000_000L,
        10_000_000L,
        25_000_000L,
        50_000_000L,
        100_000_000L,
        250_000_000L,
        500_000_000L,
        1_000_000_000L,
        5_000_000_000L
    };

    /// Statuses are counted by hundreds and one by one where they matter.
    private static final int[] STATUSES = {
        200, 201, 202, 204, 301, 304, 400, 403, 404, 405, 406, 408, 409, 412, 413, 415, 416, 422,
        429, 431, 499, 500, 503, 507
    };

    private static final int ROUTES = Route.values().length;

    private final AtomicLongArray requests = new AtomicLongArray(ROUTES * (STATUSES.length + 1));
    private final AtomicLongArray durations = new AtomicLongArray(BOUNDS_NANOS.length + 1);
    private final AtomicLongArray sums = new AtomicLongArray(2);

    void request(Route route, int status) {
        add(requests, route.index() * (STATUSES.length + 1) + index(status), 1);
    }

    /// @param events that were acknowledged
    /// @param nanos from the request's headers to its answer
    public void published(int events, long nanos) {
        int bucket = 0;
        while (bucket < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[bucket]) {
            bucket++;
        }
        add(durations, bucket, 1);
        add(sums, 0, nanos);
        add(sums, 1, events);
    }

    /// @param status index below [#statuses], or behind it for all others
    public long requests(Route route, int status) {
        return requests.get(route.index() * (STATUSES.length + 1) + status);
    }

    public long durations(int bucket) {
        return durations.get(bucket);
    }

    public long publishNanos() {
        return sums.get(0);
    }

    long publishedEvents() {
        return sums.get(1);
    }

    /// How many buckets have an upper bound.
    public static int bounds() {
        return BOUNDS_NANOS.length;
    }

    /// The upper bound of a bucket, in nanoseconds.
    public static long boundNanos(int bucket) {
        return BOUNDS_NANOS[bucket];
    }

    /// How many statuses are counted one by one.
    public static int statuses() {
        return STATUSES.length;
    }

    public static int status(int index) {
        return STATUSES[index];
    }

    private static int index(int status) {
        for (int i = 0; i < STATUSES.length; i++) {
            if (STATUSES[i] == status) {
                return i;
            }
        }
        return STATUSES.length;
    }

    private static void add(AtomicLongArray cells, int index, long amount) {
        cells.lazySet(index, cells.getPlain(index) + amount);
    }
}
