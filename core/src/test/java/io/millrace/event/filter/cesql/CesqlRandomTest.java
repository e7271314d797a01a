package io.millrace.event.filter.cesql;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.event.RandomEvents;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Random texts against the parser, random expressions against their canonical spelling, random
/// patterns against a table that tries everything.
final class CesqlRandomTest {
    private static final List<String> WORDS =
            List.of(
                    "AND",
                    "or",
                    "XOR",
                    "NOT",
                    "LIKE",
                    "IN",
                    "EXISTS",
                    "TRUE",
                    "false",
                    "id",
                    "type",
                    "nothing",
                    "ABS",
                    "CONCAT",
                    "(",
                    ")",
                    ",",
                    "'",
                    "\"",
                    "\\",
                    "'a%_'",
                    "\"b\\\"\"",
                    "1",
                    "-",
                    "+",
                    "*",
                    "/",
                    "%",
                    "=",
                    "!=",
                    "<>",
                    "<",
                    ">=",
                    "!",
                    "99999999999",
                    "ä",
                    "\uD83D\uDE00",
                    "\uD83D",
                    "\u0000",
                    "_",
                    " ",
                    "\n",
                    ";");

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final Event event =
            Event.builder().id("1").source("/a").type("t").extension("n", "5").build();

    @Test
    void anyTextIsAnExpressionOrRefused() {
        int accepted = 0;
        for (int i = 0; i < 100_000; i++) {
            String text = text();
            try {
                CesqlExpression expression = CesqlExpression.parse(text);
                accepted++;
                assertThat(expression.evaluate(event).value()).isNotNull();
                assertThat(expression.trace(event).result())
                        .as("seed %d: %s", seed, text)
                        .isEqualTo(expression.evaluate(event));
            } catch (CesqlSyntaxException e) {
                assertThat(e.position()).as("seed %d", seed).isBetween(1, text.length() + 1);
            } catch (RuntimeException e) {
                throw new AssertionError("seed %d: %s".formatted(seed, text), e);
            }
        }
        assertThat(accepted).as("seed %d", seed).isPositive();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int words = random.nextInt(1, 12); words > 0; words--) {
            text.append(WORDS.get(random.nextInt(WORDS.size())));
            text.append(random.nextInt(4) > 0 ? " " : "");
        }
        return text.toString();
    }

    @Test
    void canonicalSpellingMeansTheSame() throws CesqlSyntaxException {
        for (int i = 0; i < 20_000; i++) {
            String text = expression(random.nextInt(5));
            CesqlExpression expression = CesqlExpression.parse(text);
            CesqlExpression again = CesqlExpression.parse(expression.canonical());
            assertThat(again.canonical())
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(expression.canonical());
            assertThat(again.evaluate(event))
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(expression.evaluate(event));
        }
    }

    private String expression(int depth) {
        if (depth == 0) {
            return pick("1", "-3", "TRUE", "false", "'a'", "\"it's\"", "id", "n", "nothing");
        }
        String left = expression(depth - 1);
        return switch (random.nextInt(8)) {
            case 0 -> "(" + left + ")";
            case 1 -> pick("NOT ", "-", "- ") + left;
            case 2 -> left + pick(" LIKE 'a%'", " NOT LIKE \"_\"", " LIKE '\\%'");
            case 3 -> left + pick(" IN (", " NOT IN (") + expression(depth - 1) + ", 1)";
            case 4 -> pick("INT", "CONCAT", "ABS", "NOPE", "STRING") + "(" + left + ")";
            case 5 -> "EXISTS " + pick("id", "nothing") + " OR " + left;
            default ->
                    left
                            + pick(
                                    " AND ", " OR ", " XOR ", "=", "<>", " < ", ">=", "+", " - ",
                                    "*", "/", "%")
                            + expression(depth - 1);
        };
    }

    private String pick(String... words) {
        return words[random.nextInt(words.length)];
    }

    @Test
    void patternsAgreeWithATable() {
        for (int i = 0; i < 100_000; i++) {
            String pattern = word(List.of("a", "b", "%", "_", "\uD83D\uDE00"));
            String text = word(List.of("a", "b", "c", "\uD83D\uDE00"));
            assertThat(new LikePattern(pattern).matches(text))
                    .as("seed %d: \"%s\" LIKE \"%s\"", seed, text, pattern)
                    .isEqualTo(naive(pattern.codePoints().toArray(), text.codePoints().toArray()));
        }
    }

    private String word(List<String> letters) {
        StringBuilder word = new StringBuilder();
        for (int length = random.nextInt(9); length > 0; length--) {
            word.append(letters.get(random.nextInt(letters.size())));
        }
        return word.toString();
    }

    private static boolean naive(int[] pattern, int[] text) {
        boolean[][] holds = new boolean[pattern.length + 1][text.length + 1];
        holds[0][0] = true;
        for (int p = 1; p <= pattern.length; p++) {
            for (int t = 0; t <= text.length; t++) {
                int c = pattern[p - 1];
                holds[p][t] =
                        c == '%'
                                ? holds[p - 1][t] || (t > 0 && holds[p][t - 1])
                                : t > 0 && (c == '_' || c == text[t - 1]) && holds[p - 1][t - 1];
            }
        }
        return holds[pattern.length][text.length];
    }

    /// A pattern over which a backtracking regular expression would take longer than the universe.
    @Test
    void hostilePatternsEnd() {
        LikePattern pattern = new LikePattern("%a".repeat(1_000) + "b%");
        assertThat(pattern.matches("a".repeat(20_000))).isFalse();
    }

    @Test
    void anyEventCanBeLookedAt() throws CesqlSyntaxException {
        RandomEvents events = new RandomEvents(seed);
        CesqlExpression expression =
                CesqlExpression.parse("subject LIKE '%a%' OR LENGTH(source) > 3 OR EXISTS time");
        for (int i = 0; i < 2_000; i++) {
            assertThat(expression.evaluate(events.next()).value()).isInstanceOf(Boolean.class);
        }
    }
}
