package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Walks over trees against patterns that are asked of every context.
final class ContextWalkTest {
    /// Empty ones are MQTT's, where `/a`, `a/` and `/` are topics.
    private static final List<String> SEGMENTS = List.of("a", "b", "", "a-b", "ab", "ü");

    private static final int SEEDS = 2000;

    private static List<String> walk(
            ContextTable table, ContextPattern pattern, @Nullable Context after, int limit) {
        List<String> found = new ArrayList<>();
        table.walk(
                pattern,
                after,
                node -> {
                    found.add(node.context().path());
                    return found.size() < limit;
                });
        return found;
    }

    private static String path(Random random, List<String> segments) {
        StringBuilder path = new StringBuilder();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            path.append('/').append(segments.get(random.nextInt(segments.size())));
        }
        return path.toString();
    }

    private static ContextPattern pattern(Random random) {
        List<String> segments = new ArrayList<>(SEGMENTS);
        segments.addAll(List.of("*", "*", "*"));
        String path = random.nextInt(5) == 0 ? "" : path(random, segments);
        boolean subtree = path.isEmpty() || random.nextBoolean();
        return ContextPattern.of(subtree ? path + "/**" : path);
    }

    @Test
    void itFindsWhatThePatternCoversOnceAndInPages() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            ContextTable table = new ContextTable(10_000, 10);
            TreeSet<String> known = new TreeSet<>(List.of("/"));
            for (int i = random.nextInt(60); i > 0; i--) {
                Context context = table.of(path(random, SEGMENTS)).context();
                for (Context at = context; at != null; at = at.parent()) {
                    known.add(at.path());
                }
            }
            ContextPattern pattern = pattern(random);
            List<String> wanted =
                    known.stream().filter(path -> pattern.matches(Context.of(path))).toList();
            List<String> all = walk(table, pattern, null, Integer.MAX_VALUE);
            assertThat(all)
                    .as("seed %d, %s", seed, pattern)
                    .containsExactlyInAnyOrderElementsOf(wanted);

            List<String> paged = new ArrayList<>();
            int limit = 1 + random.nextInt(5);
            Context after = null;
            List<String> page;
            do {
                page = walk(table, pattern, after, limit);
                paged.addAll(page);
                after = page.isEmpty() ? after : Context.of(page.getLast());
            } while (page.size() == limit);
            assertThat(paged).as("seed %d, %s by %d", seed, pattern, limit).isEqualTo(all);

            // From a context that may not be known: the rest of some order, which is the same one.
            Context strange = Context.of(path(random, SEGMENTS));
            List<String> rest = walk(table, pattern, strange, Integer.MAX_VALUE);
            assertThat(rest)
                    .as("seed %d, %s behind %s", seed, pattern, strange)
                    .isEqualTo(all.subList(all.size() - rest.size(), all.size()))
                    .doesNotContain(strange.path());
        }
    }

    @Test
    void aTopicWithALeadingSlashHasAPlaceOfItsOwn() {
        ContextTable table = new ContextTable(100, 10);
        ContextNode plain = table.of("/a");
        ContextNode slashed = table.of("//a");
        ContextNode root = table.of("/");
        assertThat(table.children(root, 10, null)).containsExactly(slashed, plain);
        assertThat(table.children(root, 10, "/a")).containsExactly(plain);
    }
}
