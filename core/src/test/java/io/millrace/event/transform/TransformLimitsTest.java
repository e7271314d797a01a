package io.millrace.event.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Expressions that would never end, or need all memory: each ends with a problem instead.
final class TransformLimitsTest {
    private static final Event EVENT =
            Event.builder()
                    .id("1")
                    .source("/a")
                    .type("t")
                    .dataContentType("application/json")
                    .data(Bytes.utf8("{\"s\": \"" + "a".repeat(5000) + "\"}"))
                    .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    ($f := function() { $f() }; $f())                                      | does a loop never end?
                    [1, ($f := function() { $f() }; $f())]                                 | does a loop never end?
                    ($f := function($n) { 1 + $f($n + 1) }; $f(0))                         | does a recursion never end?
                    [0, ($f := function($n) { [1, $f($n + 1)] }; $f(0))]                   | does a recursion never end?
                    $reduce([1..100], function($a, $i) { $a & $a }, "ab")                      | larger than 1048576
                    $reduce([1..100], function($a, $i) { $append($a, $a) }, [1, 2])            | larger than 1048576
                    $reduce([1..100], function($a, $i) { {"l": $a, "r": $a} }, {})             | larger than 1048576
                    $reduce([1..40], function($a, $i) { [[$a], [$a]] }, [1])                   | larger than 1048576
                    $string($reduce([1..100], function($a, $i) { {"l": $a, "r": $a} }, {}))    | larger than 1048576
                    [1..10000000]                                                          | larger than 1048576
                    $sum([1..9000000])                                                     | larger than 1048576
                    $map([1..1000000], function($i) { $i })                                | does a loop never end?
                    $pad("x", 2000000000)                                                  | larger than 1048576
                    $pad("x", -2000000000, "ab")                                           | larger than 1048576
                    $replace(data.s, "a", data.s)                                          | larger than 1048576
                    $replace(data.s, /a/, data.s)                                          | larger than 1048576
                    $replace(data.s, /(a+)/, $pad("", 5000, "$1"))                         | larger than 1048576
                    $replace(data.s, "a", data.s, 4000)                                    | larger than 1048576
                    $join($split(data.s, ""), data.s)                                      | larger than 1048576
                    $contains(data.s & "!", /(.*)*(.*)*(.*)*[^!]{9000}/) | regular expressions look at more
                    $contains(data.s & "!", /(a+)+$/) | regular expressions look at more
                    $match(data.s & "!", /(a+)+$/) | regular expressions look at more
                    $replace(data.s & "!", /(a+)+$/, "b") | regular expressions look at more
                    $split(data.s & "!", /(a+)+$/) | regular expressions look at more
                    /(a+)+$/(data.s & "!") | regular expressions look at more
                    ($r := /(a+)+$/i; $r(data.s & "!")) | regular expressions look at more
                    (data.s & "!") ~> /(a+)+$/ | regular expressions look at more
                    [1, (data.s & "!") ~> /(a+)+$/] | regular expressions look at more
                    $filter([1, data.s & "!"], /(a+)+$/) | regular expressions look at more
                    $string($reduce([1..50], function($a, $i) { {"x": $a} }, [1..20000]), true) | larger than 1048576
                    $reduce([1..60], function($a, $i) { $string([$a]) }, "\\"")                | larger than 1048576
                    $reduce([1..300000], $append) | pass on more than 16777216
                    $count([1..900].([1..900000])) | pass on more than 16777216
                    ($b := [1..900000]; $count([1..900].$b)) | pass on more than 16777216
                    ($b := [1..100000]; $count([1..900]@$x.$b@$y))                             | larger than 1048576
                    $match($pad("", 1000000, "a"), /a/)                                        | larger than 1048576
                    $map([1..60], function($i) { $pad("", 100000, $string($i)) }) ~> $join | larger than
                    $replace(data.s, /a/, function($m) { ($f := function() { $f() }; $f()) }) | does a loop never end?
                    """)
    void endWithAProblem(String expression, String problem) {
        assertThat(TransformTest.problems("{\"data\": " + expression + "}", EVENT))
                .contains(problem);
    }

    /// Java's expressions can go on for ever without looking at a character.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/(?:|)(?:|)(?:|)(?:|)(?:|)(?:|)(?:|)(?:|)(?:|)(?:|)(?:|)(?:|)\\G./",
                "/(?:a?|b*){20}c/",
                "/(a??)?(a??)?(a??)?(a??)?(a??)?(a??)?(a??)?(a??)?(a??)?(a??)?$/",
                "/(?:^){2000000000}x/",
                "/(?:(?:\\b){40}){40}/",
                "/(?<=^x{0,100000})y/",
                "/(?x) (?: # ) {2}\n | )/",
                "/(?:(\\1|\\Q\\E)(|)){20}/"
            })
    void endlessRegularExpressionsAreRefused(String regex) {
        assertThatThrownBy(() -> Transform.of("$match(id, " + regex + ")"))
                .hasMessageContaining("regular expression");
    }

    @Test
    void theWatchCannotBeTakenAway() {
        assertThatThrownBy(() ->
                        Transform.of(
                                "($__evaluate_entry := none; $__evaluate_exit := none;"
                                        + " $f := function() { $f() }; $f())"))
                .hasMessageContaining("$__evaluate_entry is not for use in expressions");
        assertThatThrownBy(() -> Transform.of("function($__evaluate_exit) { 1 }(none)"))
                .hasMessageContaining("$__evaluate_exit is not for use in expressions");
    }

    @Test
    void theNextRunIsNotHurt() {
        Transform transform =
                Transform.of("data.s ? ($f := function() { $f() }; $f()) : {\"type\": 'fine'}");
        Event plain = Event.builder().id("1").source("/a").type("t").build();
        for (int i = 0; i < 3; i++) {
            assertThat(transform.apply(EVENT, Context.ROOT))
                    .isInstanceOf(TransformResult.Failed.class);
            assertThat(transform.apply(plain, Context.ROOT))
                    .isInstanceOf(TransformResult.Transformed.class);
        }
    }

    @Test
    void deepDataIsRefusedAndDeepEnoughDataIsNot() {
        assertThat(TransformTest.problems("$", nested(300))).contains("data: is not JSON at byte");
        assertThat(Transform.of("$").apply(nested(200), Context.ROOT))
                .isInstanceOf(TransformResult.Transformed.class);
    }

    @Test
    void limitsAreThoseGiven() {
        TransformLimits small = new TransformLimits(20, 10, 1000, 1000);
        assertThat(Transform.of("{\"type\": 'a'}", small).apply(nested(1), Context.ROOT))
                .isInstanceOf(TransformResult.Transformed.class);
        assertThat(
                        Transform.of("{\"subject\": $join($map([1..9], $string))}", small)
                                .apply(nested(1), Context.ROOT))
                .isInstanceOf(TransformResult.Transformed.class);
        assertThat(
                        Transform.of("{\"data\": $map([1..9], function($i) { $i + 1 })}", small)
                                .apply(nested(1), Context.ROOT))
                .isInstanceOf(TransformResult.Failed.class);
    }

    private static Event nested(int depth) {
        return Event.builder()
                .id("1")
                .source("/a")
                .type("t")
                .dataContentType("application/json")
                .data(Bytes.utf8("[".repeat(depth) + "]".repeat(depth)))
                .build();
    }
}
