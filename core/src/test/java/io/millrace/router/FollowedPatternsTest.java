package io.millrace.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.shard.Partition;
import io.millrace.stream.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Compared with a plain list over many random changes.
final class FollowedPatternsTest {
    private static final List<ContextPattern> PATTERNS =
            List.of("/a", "/a/b", "/a/*", "/a/**", "/*", "/**", "/b/**", "/a/b/**", "/*/b", "/c")
                    .stream()
                    .map(ContextPattern::of)
                    .toList();
    private static final List<Context> MOUNTS =
            List.of("/", "/a", "/a/b", "/a/c", "/b", "/b/b", "/c/d", "/a/b/c").stream()
                    .map(Context::of)
                    .toList();

    /// Told from others only by being another one.
    private static final class Reader implements LiveReader {
        @Override
        public void offer(Partition partition, StoredEvent event) {
            throw new AssertionError();
        }

        @Override
        public void lose(Partition partition, long fromOffset) {
            throw new AssertionError();
        }
    }

    private record Followed(ContextPattern pattern, LiveReader reader) {}

    @Test
    void itKnowsWhatAPlainListKnows() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            FollowedPatterns patterns = new FollowedPatterns();
            List<LiveReader> readers = List.of(new Reader(), new Reader(), new Reader());
            List<Followed> model = new ArrayList<>();
            for (int step = 0; step < 100; step++) {
                Followed each =
                        new Followed(
                                PATTERNS.get(random.nextInt(PATTERNS.size())),
                                readers.get(random.nextInt(readers.size())));
                if (random.nextBoolean()) {
                    patterns.add(each.pattern(), each.reader());
                    model.add(each);
                } else {
                    patterns.remove(each.pattern(), each.reader());
                    model.remove(each);
                }
                compare(patterns, model, MOUNTS.get(random.nextInt(MOUNTS.size())), seed);
            }
        }
    }

    private static void compare(
            FollowedPatterns patterns, List<Followed> model, Context mount, int seed) {
        List<LiveReader> expected =
                model.stream()
                        .filter(each -> each.pattern().reaches(mount))
                        .map(Followed::reader)
                        .toList();
        List<LiveReader> found = new ArrayList<>();
        patterns.forEachReaching(mount, found::add);
        assertThat(found).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(patterns.reach(mount)).as("seed %d", seed).isEqualTo(!expected.isEmpty());
    }
}
