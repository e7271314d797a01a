package io.millrace.group;

import io.millrace.cursor.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Leases and settles offsets, many at once, for consumers that read the records themselves: no
/// tokens, and no thread that waits. The same cursors, leases and guarantees as for everybody else.
///
/// Thread-safe. What is given back completes on a shard's thread, which must not be kept.
public final class OffsetLeases {
    private final Group group;

    OffsetLeases(Group group) {
        this.group = group;
    }

    /// How much is wanted.
    ///
    /// @param max offsets in all
    /// @param bytesMax of the events together, roughly; a first one is given however large
    /// @param throughBatch whether the rest of the last batch is taken with it, as whoever reads
    ///   the records gets that anyway
    public record Terms(int max, long bytesMax, Duration lease, boolean throughBatch) {}

    /// What there was without waiting.
    ///
    /// @param leased of each partition that had something
    /// @param isReading whether events are being read, after which whoever waits is called
    public record Tried(List<LeasedOffsets> leased, boolean isReading) {
        public Tried {
            leased = List.copyOf(leased);
        }
    }

    /// A consumer's place in the line of those who wait.
    public interface Place extends Group.StandBy {
        /// To be called before it tries to lease something: from now on it may be called again.
        void come();
    }

    /// Has a consumer called when there may be something for it, until it closes this.
    ///
    /// @param called on the thread of a shard or of another consumer, briefly; also when the group
    ///   is closed
    public Place standBy(Runnable called) {
        Turnstile.Ticket ticket = group.turnstile().enter(called);
        return new Place() {
            @Override
            public void come() {
                boolean _ = ticket.come();
            }

            @Override
            public void close() {
                ticket.close();
            }
        };
    }

    /// Leases what can be had now: of a queue those of a higher priority first, of streams from
    /// another partition each time.
    ///
    /// @param from cursors of this group
    /// @return fails with SHUTTING_DOWN if the group is closed, and with what the disk refuses
    public CompletableFuture<Tried> lease(List<GroupCursor> from, Terms terms) {
        if (group.isClosed()) {
            return CompletableFuture.failedFuture(group.closed());
        }
        group.receiving().asked();
        Leasing leasing = new Leasing(group.receiving().byShard(from), terms);
        leasing.next();
        return leasing.answer;
    }

    /// One request on its way from shard to shard.
    private final class Leasing {
        final CompletableFuture<Tried> answer = new CompletableFuture<>();
        private final List<List<GroupCursor>> shards;
        private final Terms terms;
        private final List<LeasedOffsets> leased = new ArrayList<>();
        private int next;
        private int left;
        private long bytesLeft;
        private boolean isReading;
        private boolean hasMore;

        Leasing(List<List<GroupCursor>> shards, Terms terms) {
            this.shards = shards;
            this.terms = terms;
            this.left = terms.max;
            this.bytesLeft = terms.bytesMax;
        }

        void next() {
            if (left <= 0 || next == shards.size() || (bytesLeft <= 0 && !leased.isEmpty())) {
                if (hasMore && !leased.isEmpty()) {
                    group.turnstile().call(2);
                }
                answer.complete(new Tried(leased, isReading));
                return;
            }
            List<GroupCursor> neighbours = shards.get(next++);
            CursorShard home = neighbours.getFirst().home();
            home.shard().run(() -> take(home, neighbours));
        }

        /// On the shard's thread.
        private void take(CursorShard home, List<GroupCursor> neighbours) {
            int before = leased.size();
            try {
                for (GroupCursor cursor : neighbours) {
                    take(cursor);
                    if (group.config().isQueue() && cursor.isReading()) {
                        // What is being read may be of a higher priority than all that follows.
                        break;
                    }
                }
            } catch (RuntimeException e) {
                failed(before, e);
                return;
            }
            if (leased.size() == before) {
                next();
                return;
            }
            home.journal()
                    .whenWritten(problem -> {
                        if (problem == null) {
                            next();
                        } else {
                            failed(before, problem);
                        }
                    });
        }

        /// What other shards gave holds all the same.
        private void failed(int before, RuntimeException problem) {
            leased.subList(before, leased.size()).clear();
            if (leased.isEmpty()) {
                answer.completeExceptionally(problem);
            } else {
                answer.complete(new Tried(leased, isReading));
            }
        }

        private void take(GroupCursor cursor) {
            int most = left;
            if (bytesLeft < Long.MAX_VALUE) {
                most = Math.min(most, bytesLeft <= 0 ? 0 : cursor.ahead().within(bytesLeft, left));
            }
            if (terms.throughBatch && most > 0) {
                most = cursor.ahead().throughBatch(most);
            }
            Runs runs = new Runs();
            cursor.takeOffsets(
                    most,
                    terms.lease,
                    (lease, _, dataBytes) -> {
                        runs.add(lease);
                        bytesLeft -= dataBytes;
                    });
            if (!runs.leases.isEmpty()) {
                left -= runs.leases.size();
                leased.add(runs.offsets(cursor.id().partition()));
            }
            isReading |= cursor.isReading();
            hasMore |= cursor.hasReady();
        }
    }

    /// Puts single leases together.
    private static final class Runs {
        final List<Lease> leases = new ArrayList<>();
        private boolean isSorted = true;

        void add(Lease lease) {
            isSorted &=
                    leases.isEmpty() || leases.getLast().token().offset() < lease.token().offset();
            leases.add(lease);
        }

        LeasedOffsets offsets(int partition) {
            if (!isSorted) {
                // Those that are given out again come first.
                leases.sort(Comparator.comparingLong(lease -> lease.token().offset()));
            }
            List<LeasedOffsets.Run> runs = new ArrayList<>();
            Lease begin = leases.getFirst();
            Lease end = begin;
            for (Lease lease : leases.subList(1, leases.size())) {
                boolean goesOn =
                        lease.token().offset() == end.token().offset() + 1
                                && lease.deliveries() == begin.deliveries()
                                && lease.token().number() == begin.token().number();
                if (!goesOn) {
                    runs.add(run(begin, end));
                    begin = lease;
                }
                end = lease;
            }
            runs.add(run(begin, end));
            return new LeasedOffsets(partition, runs, begin.deadlineMillis());
        }

        private static LeasedOffsets.Run run(Lease begin, Lease end) {
            return new LeasedOffsets.Run(
                    begin.token().offset(),
                    end.token().offset(),
                    begin.deliveries(),
                    begin.token().number());
        }
    }

    /// Whether nothing is given out any more, for good.
    public boolean isClosed() {
        return group.isClosed();
    }

    /// How far a partition is drained.
    ///
    /// @param floor the oldest offset that is not settled
    /// @param pending how many are not settled
    public record Progress(long floor, long pending) {}

    /// Waits for the shard.
    public Progress progress(GroupCursor cursor) {
        return group.await(
                cursor.home()
                        .shard()
                        .call(() -> new Progress(cursor.cursor().floor(), cursor.depth())));
    }

    /// Goes on at another offset of one partition. Waits until that is on disk.
    ///
    /// @param offset raised or lowered to what is there
    public void seek(GroupCursor cursor, long offset) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        cursor.run(() -> {
            long end = cursor.partition().dispatchedOffset();
            long start = Math.min(end, cursor.partition().log().startOffset());
            cursor.moveTo(Math.clamp(offset, start, end));
            cursor.home().journal().whenFlushed(problem -> Group.complete(done, true, problem));
        });
        boolean _ = group.await(done);
    }

    /// Settles leases of one partition, all of them or, if one does not hold, none.
    ///
    /// @param ranges no two with an offset in common
    /// @return whether all held; complete when the outcome is as safe as the stream promises
    public CompletableFuture<Boolean> settle(GroupCursor cursor, List<SettleRange> ranges) {
        return settle(new RangeSettling(cursor, ranges, true), cursor);
    }

    /// Settles those leases of one partition that hold.
    ///
    /// @param ranges no two with an offset in common
    public CompletableFuture<Boolean> settleHeld(GroupCursor cursor, List<SettleRange> ranges) {
        return settle(new RangeSettling(cursor, ranges, false), cursor);
    }

    private CompletableFuture<Boolean> settle(RangeSettling settling, GroupCursor cursor) {
        if (group.isClosed()) {
            return CompletableFuture.failedFuture(group.closed());
        }
        cursor.run(settling::settle);
        return settling.answer();
    }
}
