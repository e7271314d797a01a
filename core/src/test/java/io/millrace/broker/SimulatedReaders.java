package io.millrace.broker;

import static io.millrace.broker.BrokerModel.check;

import io.millrace.broker.ObservedTail.Due;
import io.millrace.broker.ObservedTail.Saved;
import io.millrace.broker.stream.StreamStatus;
import io.millrace.broker.stream.StreamStatus.PartitionStatus;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.router.Tail;
import io.millrace.security.Principal;
import io.millrace.stream.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Follows contexts, slowly or not, goes away and comes back, and holds the broker to what a tail
/// and a read promise.
final class SimulatedReaders {
    private static final List<String> PATTERNS =
            List.of("/**", "/a/**", "/a/*", "/a/b/**", "/c/*", "/d/**", "/c/1", "/*/b/*");
    private static final int TAILS_MAX = 4;
    private static final int SAVED_MAX = 8;

    private final SimulatedServer server;
    private final Random random;
    private final List<ObservedTail> tails = new ArrayList<>();
    private final List<Saved> saved = new ArrayList<>();

    SimulatedReaders(SimulatedServer server) {
        this.server = server;
        this.random = server.random;
    }

    /// The server is gone, and with it the connections.
    void cutOff() {
        tails.clear();
    }

    void open() {
        if (tails.size() >= TAILS_MAX) {
            return;
        }
        Saved from = saved.isEmpty() ? null : saved.get(random.nextInt(saved.size()));
        if (from != null && random.nextBoolean()) {
            if (from.life() == server.model.life) {
                open(from.pattern(), Start.parse(from.position()), from);
            }
            return;
        }
        ContextPattern pattern = ContextPattern.of(PATTERNS.get(random.nextInt(PATTERNS.size())));
        Start start =
                switch (random.nextInt(5)) {
                    case 0 -> new Start.First();
                    case 1 -> new Start.Last();
                    case 2 ->
                            new Start.Since(
                                    Instant.ofEpochMilli(
                                            server.clock.epochMillis()
                                                    - random.nextInt(3_600_000)));
                    default -> new Start.Next();
                };
        open(pattern, start, null);
    }

    private void open(ContextPattern pattern, Start start, @Nullable Saved from) {
        Map<ModelPartition, Due> due = new HashMap<>();
        if (from != null) {
            // What the position does not know is read from the oldest event on.
            partitions((partition, status) -> due.put(partition, new Due(status.start())));
            due.putAll(from.due());
        } else {
            partitions((partition, status) -> due.put(partition, due(start, partition, status)));
        }
        boolean isLate = start instanceof Start.Next;
        String text = "tail %s from %s".formatted(pattern, from == null ? start : from.position());
        server.note("%s ...", text);
        int life = server.model.life;
        try {
            Tail tail = server.broker().tail(Principal.LOCAL, pattern, start);
            if (isLate) {
                // What is answered while the tail is being opened may come or not.
                partitions((partition, _) -> {
                    long begin = due.getOrDefault(partition, new Due(0)).from();
                    due.put(partition, new Due(begin, partition.acknowledgedEnd, server.publishes));
                });
            }
            tails.add(new ObservedTail(tail, pattern, due, life));
            server.note("%s is open", text);
        } catch (MillraceException e) {
            server.note("%s: %s", text, e.getMessage());
            checkExcuse(e, life);
        }
    }

    private interface Each {
        void accept(ModelPartition partition, PartitionStatus status);
    }

    private void partitions(Each each) {
        for (StreamStatus status : server.broker().status(Principal.LOCAL)) {
            ModelStream stream = server.model.streams.get(status.name());
            if (stream != null) {
                status.partitions().forEach(p -> each.accept(stream.partition(p.partition()), p));
            }
        }
    }

    private Due due(Start start, ModelPartition partition, PartitionStatus status) {
        long first =
                switch (start) {
                    case Start.First _ -> status.start();
                    case Start.Last _ -> Math.max(status.start(), status.end() - 1);
                    case Start.Next _ -> partition.acknowledgedEnd;
                    case Start.Since(Instant moment) -> since(moment, partition, status);
                    case Start.At(long offset) -> offset;
                    case Start.Resume _ -> throw new AssertionError("is due as it was");
                };
        return new Due(first);
    }

    private long since(Instant moment, ModelPartition partition, PartitionStatus status) {
        observe(partition, status.start(), status.end());
        return partition.entries.subMap(status.start(), status.end()).entrySet().stream()
                .filter(e -> e.getValue().recordedMillis >= moment.toEpochMilli())
                .findFirst()
                .map(Map.Entry::getKey)
                .orElse(status.end());
    }

    /// Reads what lies between two offsets, so that the model knows of it.
    private void observe(ModelPartition partition, long from, long to) {
        if (server.model.streams.get(partition.stream.name) != partition.stream) {
            return;
        }
        partitions((each, status) -> {
            if (each == partition) {
                long begin = Math.max(from, status.start());
                long end = Math.min(to, status.end());
                boolean isKnown =
                        begin >= end || partition.entries.subMap(begin, end).size() == end - begin;
                if (!isKnown
                        || partition.entries.subMap(begin, Math.max(begin, end)).values().stream()
                                .anyMatch(e -> e.recordedMillis < 0)) {
                    server.readAll(partition, begin, end).forEach(server.model::seen);
                }
            }
        });
    }

    void read() {
        if (!tails.isEmpty()) {
            take(tails.get(random.nextInt(tails.size())));
        }
    }

    /// @return whether anything came, or may come yet
    private boolean take(ObservedTail observed) {
        Tail tail = observed.open();
        boolean isOverrun = tail.overrun();
        try {
            List<Tail.Item> items = tail.next(Duration.ZERO);
            for (Tail.Item item : items) {
                server.note("%s gives %s", observed.pattern, text(item));
                observed.given(item, server.model, this::observe);
                if (random.nextInt(12) == 0) {
                    save(observed, item.position());
                }
            }
            if (items.isEmpty() && random.nextInt(4) == 0) {
                save(observed, tail.position());
            }
            return !items.isEmpty();
        } catch (MillraceException e) {
            server.note("tail of %s ends: %s", observed.pattern, e.getMessage());
            tails.remove(observed);
            tail.close();
            if (e.code() == ErrorCode.SLOW_CONSUMER) {
                check(isOverrun, "the tail of %s was not overrun", observed.pattern);
            } else {
                checkExcuse(e, observed.life);
            }
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(Tail.Item item) {
        return "%s/%d@%d %s, then %s"
                .formatted(
                        item.event().stream(),
                        item.event().partition(),
                        item.event().offset(),
                        item.event().event().id(),
                        item.position());
    }

    private void save(ObservedTail observed, @Nullable String position) {
        Saved now = observed.save(position, server.model.life);
        if (now != null) {
            if (saved.size() == SAVED_MAX) {
                saved.remove(random.nextInt(SAVED_MAX));
            }
            saved.add(now);
        }
    }

    /// A reader fails only if retention overtook it, its stream was deleted, or the disk failed.
    private void checkExcuse(MillraceException e, int life) {
        boolean hasRetention =
                server.model.streams.values().stream().anyMatch(s -> s.retentionMin() != null);
        boolean hasExcuse =
                life != server.model.life
                        || server.isDisturbed
                        || !server.disk.failed().isEmpty()
                        || (e.code() == ErrorCode.OFFSET_OUT_OF_RANGE && hasRetention);
        check(hasExcuse, "a reader failed: %s", e);
    }

    void close() {
        if (!tails.isEmpty()) {
            ObservedTail observed = tails.remove(random.nextInt(tails.size()));
            observed.open().close();
            server.note("close the tail of %s", observed.pattern);
        }
    }

    /// Reads a stream's history from somewhere.
    void readHistory() {
        List<StreamStatus> all = new ArrayList<>(server.broker().status(Principal.LOCAL));
        all.removeIf(status -> !server.model.streams.containsKey(status.name()));
        StreamStatus status = all.get(random.nextInt(all.size()));
        ModelStream stream = server.model.streams.get(status.name());
        if (stream == null) {
            return;
        }
        ContextPattern pattern = ContextPattern.of(PATTERNS.get(random.nextInt(PATTERNS.size())));
        Map<ModelPartition, Due> due = new HashMap<>();
        partitions((partition, p) -> due.put(partition, new Due(p.start())));
        ReadRequest request =
                new ReadRequest(
                        stream.name,
                        null,
                        new Start.First(),
                        1 + random.nextInt(40),
                        Duration.ZERO,
                        pattern);
        int life = server.model.life;
        try {
            ReadResult result = server.broker().read(Principal.LOCAL, request);
            ObservedTail observed = new ObservedTail(null, pattern, due, life);
            result.events()
                    .forEach(e ->
                            observed.given(new Tail.Item(e, null), server.model, this::observe));
            for (ModelPartition partition : List.copyOf(stream.partitions.values())) {
                long next = result.position().offsets(stream.name)[partition.number];
                observed.missing(partition, observed.due(partition), next, this::observe, null);
            }
            server.note("read %d of %s", result.events().size(), stream);
        } catch (MillraceException e) {
            server.note("reading %s failed: %s", stream, e.getMessage());
            checkExcuse(e, life);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Takes all that comes, now that nothing more is published, and sees that nothing was left
    /// out.
    void finish() {
        for (ObservedTail observed : List.copyOf(tails)) {
            int rounds = 0;
            while (tails.contains(observed) && (take(observed) || server.threads().step())) {
                check(rounds++ < 10_000, "the tail of %s never ends", observed.pattern);
            }
            if (tails.contains(observed)) {
                take(observed);
                observed.ended(server.model, this::observe);
                check(
                        observed.open().position() == null || !observed.open().overrun(),
                        "overrun at rest");
            }
        }
    }
}
