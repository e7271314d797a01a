package io.millrace.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Patterns against regular expressions, the trie against patterns, reaching against brute force.
final class PatternTest {
    private static final List<String> NAMES = List.of("a", "b", "ab", "", "ä");

    @ParameterizedTest
    @CsvSource({
        "/, /, true",
        "/, /a, false",
        "/**, /, true",
        "/**, /a/b, true",
        "/*, /, false",
        "/*, /a, true",
        "/*, //, false",
        "/*/*, //, true",
        "/a/**, /a, true",
        "/a/**, /a/b/c, true",
        "/a/**, /ab, false",
        "/a/*/c, /a/b/c, true",
        "/a/*/c, /a//c, true",
        "/a/*/c, /a/c, false",
        "/a/*/**, /a, false",
        "/a/*/**, /a/b, true",
        "/a, /a/, false",
        "/a/, /a/, true"
    })
    void matches(String pattern, String context, boolean expected) {
        assertThat(ContextPattern.of(pattern).matches(Context.of(context))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/**/a", "/a*", "/***", "/+", "/#", "/a/**/", "/../**"})
    void refuses(String pattern) {
        assertThatThrownBy(() -> ContextPattern.of(pattern))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PATTERN_INVALID));
    }

    @Test
    void agreesWithRegularExpressions() {
        Random random = new Random(11);
        for (int i = 0; i < 30_000; i++) {
            ContextPattern pattern = pattern(random);
            Context context = context(random);
            assertThat(pattern.matches(context))
                    .as("seed 11, case %d: %s on %s", i, pattern, context)
                    .isEqualTo(regex(pattern).matcher(context.path()).matches());
        }
    }

    @Test
    void theTrieAgreesWithThePatternsWhileTheyComeAndGo() {
        Random random = new Random(12);
        PatternTrie<String> trie = new PatternTrie<>();
        List<ContextPattern> patterns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int round = 0; round < 2_000; round++) {
            if (patterns.isEmpty() || random.nextInt(5) < 3) {
                ContextPattern pattern = pattern(random);
                String value = "v" + random.nextInt(50);
                trie.add(pattern, value);
                patterns.add(pattern);
                values.add(value);
            } else {
                int gone = random.nextInt(patterns.size());
                assertThat(trie.remove(patterns.remove(gone), values.remove(gone))).isTrue();
            }
            assertThat(trie.size()).isEqualTo(patterns.size());
            Context context = context(random);
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < patterns.size(); i++) {
                if (patterns.get(i).matches(context)) {
                    expected.add(values.get(i));
                }
            }
            List<String> found = new ArrayList<>();
            trie.match(context, found::add);
            assertThat(found)
                    .as("seed 12, round %d: %s", round, context)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
        for (int i = 0; i < patterns.size(); i++) {
            assertThat(trie.remove(patterns.get(i), "none")).isFalse();
            assertThat(trie.remove(patterns.get(i), values.get(i))).isTrue();
        }
        assertThat(trie.isEmpty()).isTrue();
        trie.match(Context.ROOT, value -> assertThat(value).isNull());
    }

    @Test
    void manyValuesOfOnePatternAreRemovedWithoutLookingAtTheOthers() {
        int count = 20_000;
        long[] comparisons = {0};
        record Counted(int number, long[] comparisons) {
            @Override
            public boolean equals(Object other) {
                comparisons[0]++;
                return other instanceof Counted that && number == that.number;
            }

            @Override
            public int hashCode() {
                return number;
            }
        }
        ContextPattern pattern = ContextPattern.of("/a/**");
        PatternTrie<Counted> trie = new PatternTrie<>();
        for (int i = 0; i < count; i++) {
            trie.add(pattern, new Counted(i, comparisons));
        }
        for (int i = count - 1; i >= 0; i--) {
            assertThat(trie.remove(pattern, new Counted(i, comparisons))).isTrue();
        }
        assertThat(trie.isEmpty()).isTrue();
        assertThat(comparisons[0]).isLessThan(10L * count);
    }

    @Test
    void reachingMeansThatSomeContextBelowMatches() {
        List<Context> all = new ArrayList<>();
        all.add(Context.ROOT);
        int from = 0;
        for (int depth = 1; depth <= 4; depth++) {
            int to = all.size();
            for (int i = from; i < to; i++) {
                String above = depth == 1 ? "" : all.get(i).path();
                List.of("a", "b", "c").forEach(name -> all.add(Context.of(above + "/" + name)));
            }
            from = to;
        }
        Random random = new Random(13);
        for (int i = 0; i < 5_000; i++) {
            ContextPattern pattern = pattern(random, List.of("a", "b"), 3);
            Context mount = all.get(random.nextInt(40));
            boolean expected = all.stream().anyMatch(c -> mount.covers(c) && pattern.matches(c));
            assertThat(pattern.reaches(mount))
                    .as("seed 13, case %d: %s at %s", i, pattern, mount)
                    .isEqualTo(expected);
        }
    }

    private static Pattern regex(ContextPattern pattern) {
        StringBuilder regex = new StringBuilder();
        for (String segment : pattern.segments()) {
            regex.append('/').append(segment.equals("*") ? "[^/]*" : Pattern.quote(segment));
        }
        // The root has no segment; read as text it would have one that is empty.
        String text = regex.isEmpty() ? "" : "(?!/$)" + regex;
        if (pattern.subtree()) {
            return Pattern.compile(text.isEmpty() ? "/.*" : text + "(/.*)?");
        }
        return Pattern.compile(text.isEmpty() ? "/" : text);
    }

    private static Context context(Random random) {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            path.append('/').append(NAMES.get(random.nextInt(NAMES.size())));
        }
        return Context.of(path.isEmpty() ? "/" : path.toString());
    }

    private static ContextPattern pattern(Random random) {
        return pattern(random, NAMES, 5);
    }

    private static ContextPattern pattern(Random random, List<String> names, int depthMax) {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(depthMax + 1); i > 0; i--) {
            boolean any = random.nextInt(3) == 0;
            path.append('/').append(any ? "*" : names.get(random.nextInt(names.size())));
        }
        if (random.nextInt(3) == 0) {
            path.append("/**");
        }
        return ContextPattern.of(path.isEmpty() ? "/" : path.toString());
    }
}
