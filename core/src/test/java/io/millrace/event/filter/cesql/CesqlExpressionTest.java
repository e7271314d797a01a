package io.millrace.event.filter.cesql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.AttributeValue.BinaryValue;
import io.millrace.event.AttributeValue.BooleanValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules of the specification one by one, as its text has them.
final class CesqlExpressionTest {
    private static final Event EVENT =
            Event.builder()
                    .id("7")
                    .source("/rooms/4")
                    .type("com.example.Alarm")
                    .subject("ä\uD83D\uDE00z")
                    .extension("hops", new IntegerValue(12))
                    .extension("urgent", new BooleanValue(true))
                    .extension("key", new BinaryValue(Bytes.utf8("ab")))
                    .extension("sequence", "0042")
                    .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // precedence (3.6): from left to right on one level, unary before all others
                "TRUE OR TRUE AND FALSE | false |",
                "FALSE AND FALSE XOR TRUE | true |",
                "1 + 2 * 3 - 8 / 4 | 5 |",
                "2 - 1 - 1 | 0 |",
                "2-1 | 1 |",
                "-2 - -3 | 1 |",
                "+5 | 5 |",
                "1 + 1 = 2 AND 2 > 1 | true |",
                "NOT FALSE = TRUE | true |",
                "5 IN (1, 2 + 3) | true |",
                "'ab' LIKE 'a%' = TRUE | true |",
                "NOT EXISTS nothing | true |",
                // arithmetic (3.4.2)
                "-7 / 2 | -3 |",
                "-7 % 2 | -1 |",
                "7 % -2 | 1 |",
                "-2147483648 % -1 | 0 |",
                "1 % 0 | 0 | MATH",
                "2147483647 + 1 | 0 | MATH",
                "-2147483648 - 1 | 0 | MATH",
                "65536 * 65536 | 0 | MATH",
                "-2147483648 / -1 | 0 | MATH",
                "-(-2147483648) | 0 | MATH",
                "ABS(-2147483648) + 1 | 0 | MATH",
                // casts (3.7)
                "sequence = 42 | true |",
                "sequence = '42' | false |",
                "42 = sequence | false |",
                "hops + '1' | 13 |",
                "INT('+7') | 7 |",
                "INT('') | 0 | CAST",
                "INT('-') | 0 | CAST",
                "INT('1 ') | 0 | CAST",
                "INT('٣') | 0 | CAST",
                "INT('2147483647') | 2147483647 |",
                "INT('2147483648') | 0 | CAST",
                "INT('-2147483648') | -2147483648 |",
                "INT('99999999999999999999999999') | 0 | CAST",
                "BOOL('tRuE') | true |",
                "BOOL('yes') | false | CAST",
                "STRING(-5) | -5 |",
                "'x' < 1 | false | CAST",
                "'x' != 1 | false | CAST",
                "1 IN ('x', 1) | false | CAST",
                "NOT 'x' | true | CAST",
                "0 OR 2 | true |",
                "urgent = 'true' | true |",
                // attributes and errors (3.2, 3.3)
                "specversion | 1.0 |",
                "TYPE = 'com.example.Alarm' | true |",
                "key | YWI= |",
                "nothing | false | MISSING_ATTRIBUTE",
                "nothing = nothing | false | MISSING_ATTRIBUTE",
                "LENGTH(nothing) + 1 | 0 | MISSING_ATTRIBUTE",
                "CONCAT('a', nothing) | `` | MISSING_ATTRIBUTE",
                "TRUE OR nothing | true |",
                "nothing OR TRUE | false | MISSING_ATTRIBUTE",
                "FALSE AND 1 / 0 = 1 | false |",
                "EXISTS hops AND hops > 10 | true |",
                "EXISTS nothing AND nothing > 10 | false |",
                "nothing NOT IN (1) | false | MISSING_ATTRIBUTE",
                "1 IN (1, nothing) | true |",
                "data | false | MISSING_ATTRIBUTE",
                "NOPE(1) | false | MISSING_FUNCTION",
                "ABS(1, 2) | false | MISSING_FUNCTION",
                // text is code points (3.1, 3.5.1)
                "LENGTH(subject) | 3 |",
                "RIGHT(subject, 2) = '\uD83D\uDE00z' | true |",
                "LEFT(subject, 1) | ä |",
                "SUBSTRING(subject, 2, 1) = '\uD83D\uDE00' | true |",
                "SUBSTRING(subject, -1) | z |",
                "SUBSTRING('abc', 4) | `` | FUNCTION_EVALUATION",
                "SUBSTRING('abc', 1, -1) | `` | FUNCTION_EVALUATION",
                "SUBSTRING('abc', 2, 2147483647) | bc |",
                "UPPER(subject) = 'Ä\uD83D\uDE00Z' | true |",
                "TRIM('\u00A0\u2003 a\u0001\u3000') = 'a\u0001' | true |",
                "CONCAT_WS('-', 1, TRUE, 'a') | 1-true-a |",
                "concat_ws('', 'a', 'b') | ab |",
                "subject LIKE 'ä_z' | true |",
                "'a\\nb' LIKE 'a_b' | false |",
                "'a\\%b' LIKE 'a\\%b' | false |",
                "'' LIKE '%' | true |",
                "'' LIKE '' | true |",
                "'a' LIKE '' | false |",
                "type LIKE '%alarm' | false |"
            })
    void evaluates(String expression, String value, @Nullable CesqlErrorKind error)
            throws CesqlSyntaxException {
        CesqlResult result = CesqlExpression.parse(expression).evaluate(EVENT);
        assertThat(result.error()).as(result.toString()).isEqualTo(error);
        assertThat(result.value().toString()).as(expression).isEqualTo(value);
        assertThat(CesqlExpression.parse(expression).matches(EVENT))
                .isEqualTo(error == null && result.value().equals(true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "(",
                ")",
                "()",
                "1 +",
                "+ 1",
                "1 1",
                "a b",
                "'a",
                "\"a",
                "'a\\'",
                "'a''b'",
                "!a",
                "a ! = b",
                "a LIKE b",
                "a LIKE",
                "a NOT b",
                "a IN ()",
                "a IN (1",
                "a IN 1",
                "EXISTS",
                "EXISTS 'a'",
                "EXISTS 1",
                "EXISTS true",
                "ABS(",
                "ABS(1,)",
                "ABS(,1)",
                "a1(2)",
                "_a(2)",
                "a_b",
                "ä",
                "\u0000",
                "\uD83D",
                "a; b",
                "2147483648",
                "-2147483649",
                "- 2147483648"
            })
    void refuses(String expression) {
        assertThatThrownBy(() -> CesqlExpression.parse(expression))
                .isInstanceOfSatisfying(
                        CesqlSyntaxException.class,
                        e -> assertThat(e.position()).isBetween(1, expression.length() + 1));
    }

    @Test
    void isBounded() throws CesqlSyntaxException {
        List<String> tooMuch =
                List.of(
                        "(".repeat(65) + "1" + ")".repeat(65),
                        "NOT ".repeat(65) + "TRUE",
                        "-".repeat(65) + "1",
                        "ABS(".repeat(65) + "1" + ")".repeat(65),
                        "1" + "+1".repeat(600),
                        "'" + "a".repeat(CesqlExpression.LENGTH_MAX) + "'",
                        "(".repeat(4_000));
        for (String text : tooMuch) {
            assertThatThrownBy(() -> CesqlExpression.parse(text))
                    .isInstanceOf(CesqlSyntaxException.class);
        }
        assertThat(CesqlExpression.parse("1" + "+1".repeat(490)).evaluate(EVENT).value())
                .isEqualTo(491);
        assertThat(CesqlExpression.parse("(".repeat(60) + "1" + ")".repeat(60)).evaluate(EVENT))
                .isEqualTo(new CesqlResult(1, null, null));
    }

    @Test
    void namesFunctionsThatDoNotExist() throws CesqlSyntaxException {
        assertThat(CesqlExpression.parse("NOPE(ABS(), 1) OR nope(1, 2)").unknownFunctions())
                .containsExactly("NOPE with 2 arguments", "ABS with 0 arguments");
    }

    @Test
    void tracesWhatWasEvaluated() throws CesqlSyntaxException {
        CesqlTrace trace =
                CesqlExpression.parse("id = '7' and hops > 20 and 1 / 0 = 1").trace(EVENT);
        assertThat(trace.text()).isEqualTo("id = '7' AND hops > 20 AND (1 / 0) = 1");
        assertThat(trace.parts())
                .extracting(CesqlTrace::text)
                .containsExactly("id = '7'", "hops > 20");
        assertThat(trace.parts()).extracting(CesqlTrace::decisive).containsExactly(false, true);
        assertThat(trace.parts().getLast().parts().getFirst().result().value()).isEqualTo(12);
    }
}
