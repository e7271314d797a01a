package io.millrace.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.ContextPattern;
import io.millrace.security.Principal;
import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import io.millrace.stream.Stream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Subscribers that follow a small relay, fall behind at will, and read the log until they have
/// caught up: each gets each event once and in order, whatever works when. `-Drelay.seam.from=SEED
/// -Drelay.seam.seeds=1` runs one seed alone.
final class RelaySeamTest {
    private static final List<String> PATTERNS = List.of("/a", "/a/*", "/**", "/b/**", "/a/**");
    private static final List<String> CONTEXTS = List.of("/a", "/a/x", "/b/y", "/c");
    private static final long FEW_BYTES = 5 * 256;

    @Test
    void everybodyGetsEveryEventOnceAndInOrder() {
        long from = Long.getLong("relay.seam.from", 0);
        long seeds = Long.getLong("relay.seam.seeds", 300);
        for (long seed = from; seed < from + seeds; seed++) {
            new Run(seed).run();
        }
    }

    /// A partition's seam.
    private static final class Seam {
        long next;
        boolean hasGap;
    }

    private static final class Place {
        long next;
        boolean isAhead;

        Place(long next) {
            this.next = next;
        }
    }

    private static final class Subscriber {
        final ContextPattern pattern;
        final Map<PartitionName, Place> behind = new HashMap<>();
        final Map<PartitionName, List<Long>> got = new HashMap<>();

        /// From where on everything is expected.
        final Map<PartitionName, Long> since = new HashMap<>();

        boolean isFollowing;

        Subscriber(ContextPattern pattern) {
            this.pattern = pattern;
        }

        void take(PartitionName partition, StoredEvent event) {
            got.computeIfAbsent(partition, _ -> new ArrayList<>()).add(event.offset());
        }
    }

    private static final class Run implements RelayReader {
        private final long seed;
        private final Random random;
        private final RelayGround ground;
        private final Relay relay;
        private final Map<PartitionName, Seam> seams = new HashMap<>();
        private final List<Subscriber> subscribers = new ArrayList<>();
        private boolean isMarking;
        private int number;

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.ground = new RelayGround(seed);
            this.relay = ground.relay(FEW_BYTES);
        }

        void run() {
            ground.mount("events", 1, "/");
            for (int step = 0; step < 300; step++) {
                switch (random.nextInt(12)) {
                    case 0, 1, 2, 3 -> publish();
                    case 4, 5, 6 -> {
                        boolean _ = ground.threads.step();
                    }
                    case 7 -> {
                        int _ = relay.drain(this);
                    }
                    case 8, 9 -> read();
                    case 10 -> subscribe();
                    default -> mount();
                }
            }
            settle();
            subscribers.forEach(this::check);
        }

        private void publish() {
            Stream stream = ground.streams.get(random.nextInt(ground.streams.size()));
            int partition = random.nextInt(2);
            for (int left = random.nextInt(8); left >= 0; left--) {
                String context = CONTEXTS.get(random.nextInt(CONTEXTS.size()));
                String mount = stream.mount().path();
                number++;
                ground.offer(
                        stream,
                        partition,
                        mount.equals("/") ? context : mount + context,
                        "e" + number);
            }
        }

        private void mount() {
            if (ground.streams.size() == 1 && random.nextInt(4) == 0) {
                ground.mount("later", 2, "/a/x");
            }
        }

        private void subscribe() {
            if (subscribers.size() > 4) {
                return;
            }
            ContextPattern pattern =
                    ContextPattern.of(PATTERNS.get(random.nextInt(PATTERNS.size())));
            Subscriber subscriber = new Subscriber(pattern);
            subscribers.add(subscriber);
            relay.follow(
                    Principal.LOCAL,
                    pattern,
                    () -> {
                        subscriber.isFollowing = true;
                        for (PartitionName each : relay.backlog().reachedBy(pattern)) {
                            Seam seam = seams.get(each);
                            subscriber.since.put(each, seam == null ? 0L : seam.next);
                        }
                    });
        }

        private void read() {
            if (subscribers.isEmpty()) {
                return;
            }
            Subscriber subscriber = subscribers.get(random.nextInt(subscribers.size()));
            if (subscriber.isFollowing) {
                List.copyOf(subscriber.behind.keySet())
                        .forEach(partition -> catchUp(subscriber, partition));
            }
        }

        private void catchUp(Subscriber subscriber, PartitionName partition) {
            Place place = Objects.requireNonNull(subscriber.behind.get(partition));
            Seam seam = seam(partition);
            if (seam.hasGap) {
                return;
            }
            if (seam.next == place.next || (place.isAhead && seam.next > place.next)) {
                subscriber.behind.remove(partition);
            } else if (place.next > seam.next) {
                place.isAhead = true;
            } else {
                Backlog.Piece piece =
                        Objects.requireNonNull(
                                relay.backlog()
                                        .read(
                                                partition,
                                                place.next,
                                                subscriber.pattern::matches,
                                                1 + random.nextInt(4),
                                                1 + random.nextInt(2_000)));
                piece.events().forEach(event -> subscriber.take(partition, event));
                place.next = piece.next();
            }
        }

        private Seam seam(PartitionName partition) {
            return seams.computeIfAbsent(partition, _ -> new Seam());
        }

        @Override
        public void live(PartitionName partition, StoredEvent event) {
            Seam seam = seam(partition);
            seam.next = event.offset() + 1;
            seam.hasGap = false;
            for (Subscriber each : subscribers) {
                if (each.pattern.matches(event.context())) {
                    live(each, partition, event);
                }
            }
        }

        private void live(Subscriber subscriber, PartitionName partition, StoredEvent event) {
            Place place = subscriber.behind.get(partition);
            if (place != null) {
                if (!place.isAhead || event.offset() < place.next) {
                    return;
                }
                subscriber.behind.remove(partition);
            }
            if (random.nextInt(10) == 0) {
                subscriber.behind.put(partition, new Place(event.offset()));
            } else {
                subscriber.take(partition, event);
            }
        }

        @Override
        public void gap(PartitionName partition, long fromOffset) {
            Seam seam = seam(partition);
            seam.next = Math.max(seam.next, fromOffset);
            seam.hasGap = true;
            for (Subscriber each : subscribers) {
                each.behind.computeIfAbsent(partition, _ -> new Place(fromOffset)).isAhead = false;
            }
            if (!isMarking) {
                isMarking = true;
                relay.mark(List.of(ContextPattern.of("/**")), () -> isMarking = false);
            }
        }

        @Override
        public void dispatched(PartitionName partition, long offset) {
            Seam seam = seam(partition);
            seam.next = Math.max(seam.next, offset);
            seam.hasGap = false;
        }

        private void settle() {
            boolean isAnybodyBehind = true;
            for (int round = 0; round < 10_000 && isAnybodyBehind; round++) {
                ground.threads.drain();
                int events = relay.drain(this);
                subscribers.forEach(subscriber ->
                        List.copyOf(subscriber.behind.keySet())
                                .forEach(partition -> catchUp(subscriber, partition)));
                isAnybodyBehind =
                        events > 0
                                || isMarking
                                || subscribers.stream().anyMatch(each -> !each.behind.isEmpty());
            }
            assertThat(isAnybodyBehind).as("seed %d", seed).isFalse();
        }

        private void check(Subscriber subscriber) {
            Map<PartitionName, List<Long>> expected = new TreeMap<>(order());
            Map<PartitionName, List<Long>> got = new TreeMap<>(order());
            Set<PartitionName> all = new HashSet<>();
            for (Stream stream : ground.streams) {
                for (int i = 0; i < 2; i++) {
                    all.add(RelayGround.name(stream, i));
                }
            }
            for (PartitionName partition : all) {
                long since = subscriber.since.getOrDefault(partition, 0L);
                List<Long> recorded = new ArrayList<>();
                Backlog.Piece piece;
                long next = 0;
                do {
                    piece =
                            Objects.requireNonNull(
                                    relay.backlog()
                                            .read(
                                                    partition,
                                                    next,
                                                    subscriber.pattern::matches,
                                                    1_000_000,
                                                    1 << 20));
                    piece.events().forEach(event -> recorded.add(event.offset()));
                    next = piece.next();
                } while (!piece.isAtEnd());
                List<Long> taken = subscriber.got.getOrDefault(partition, List.of());
                // Before it is told that it follows, it gets what others follow.
                assertThat(taken).as("seed %d", seed).isSorted().doesNotHaveDuplicates();
                expected.put(partition, recorded.stream().filter(each -> each >= since).toList());
                got.put(partition, taken.stream().filter(each -> each >= since).toList());
            }
            assertThat(got).as("%s, seed %d", subscriber.pattern, seed).isEqualTo(expected);
        }

        private static Comparator<PartitionName> order() {
            return Comparator.comparing(PartitionName::toString);
        }
    }
}
