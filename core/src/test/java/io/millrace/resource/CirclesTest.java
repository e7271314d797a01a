package io.millrace.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.DocumentReader.Format;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.event.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
final class CirclesTest {
    private static final String TRANSFORM = ", transform: \"$merge([$, {'type': 'x'}])\"";

    private final List<SubscriptionResource> all = new ArrayList<>();

    private void add(String name, String pattern, String target) {
        add(name, pattern, target, "");
    }

    private void add(String name, String pattern, String target, String rest) {
        read(
                "{kind: Subscription, name: %s, pattern: %s, context: %s%s}"
                        .formatted(name, pattern, target, rest));
    }

    private void read(String text) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        ResourceDocument document =
                new ResourceReader().read(Bytes.utf8(text), Format.YAML, problems).getFirst();
        SubscriptionResource read = SubscriptionResource.read(document, problems);
        assertThat(problems.problems()).as(text).isEmpty();
        all.add(Objects.requireNonNull(read));
    }

    private List<String> through(String name) {
        SubscriptionResource start =
                all.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
        return new Circles(all).through(start);
    }

    @Test
    void namesThoseOfTheCircleInOrder() {
        add("a", "/a/**", "/b/x");
        add("b", "/b/*", "/c");
        add("aside", "/b/**", "/elsewhere");
        add("c", "/c", "/a/deep/er");
        assertThat(through("a")).containsExactly("a", "b", "c");
        assertThat(through("b")).containsExactly("b", "c", "a");
        assertThat(through("aside")).isEmpty();
    }

    @Test
    void aWayThatDoesNotComeBackIsNone() {
        add("a", "/a/**", "/b");
        add("b", "/b/**", "/c");
        add("c", "/c/**", "/d");
        add("into", "/x", "/a");
        read("{kind: Subscription, name: pulls, pattern: /d}");
        assertThat(through("a")).isEmpty();
        assertThat(through("into")).isEmpty();
        assertThat(through("pulls")).isEmpty();
    }

    @Test
    void aCircleBehindTheSubscriptionIsNotItsOwn() {
        add("into", "/x", "/a");
        add("a", "/a/**", "/b");
        add("b", "/b/**", "/a");
        assertThat(through("into")).isEmpty();
        assertThat(through("b")).containsExactly("b", "a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # types of a    | types of b    | circle
                    alarm           | alarm         | true
                    alarm           | fire          | false
                    alarm, fire     | fire, gas     | true
                    com.example.*   | com.other.*   | false
                    com.example.*   | com.*         | true
                    com.example.*   | com.example.a | true
                    com.example.a   | com.example.* | true
                    com.example.*   | com.example   | false
                    alarm           | ''            | true
                    '*'             | alarm         | true
                    """)
    void typesThatDoNotMeetEndIt(String ofA, String ofB, boolean circle) {
        add("a", "/a", "/b", typed(ofA));
        add("b", "/b", "/a", typed(ofB));
        assertThat(through("a")).isEqualTo(circle ? List.of("a", "b") : List.of());
        assertThat(through("b")).isEqualTo(circle ? List.of("b", "a") : List.of());
    }

    private static String typed(String types) {
        return types.isEmpty() ? "" : ", types: ['" + types.replace(", ", "', '") + "']";
    }

    @Test
    void threeTypesMayMeetInPairsOnly() {
        add("a", "/a", "/b", ", types: [x, y]");
        add("b", "/b", "/c", ", types: [y, z]");
        add("c", "/c", "/a", ", types: [z, x]");
        assertThat(through("a")).isEmpty();
    }

    @Test
    void aTransformMayMakeAnyType() {
        add("a", "/a", "/b", ", types: [alarm]" + TRANSFORM);
        add("b", "/b", "/a", ", types: [fire]" + TRANSFORM);
        assertThat(through("a")).containsExactly("a", "b");
    }

    @Test
    void whatFollowsATransformMayEndIt() {
        add("a", "/a", "/b", ", types: [raw]" + TRANSFORM);
        add("b", "/b", "/a", ", types: [clean]");
        assertThat(through("a")).isEmpty();
        assertThat(through("b")).isEmpty();
    }

    @Test
    void aShorterWayWithFewerTypesDoesNotHideALongerOne() {
        add("a", "/a", "/b");
        add("narrow", "/b", "/d", ", types: [x]");
        add("wide", "/b", "/c");
        add("on", "/c", "/d");
        add("back", "/d", "/a", ", types: [y]");
        assertThat(through("a")).containsExactly("a", "wide", "on", "back");
    }

    @Test
    void manyWaysAreSearchedSoon() {
        int layers = 20;
        for (int layer = 0; layer < layers; layer++) {
            for (int i = 0; i < 20; i++) {
                String types = ", types: ['%s*', last]".formatted("x".repeat(i));
                add(layer + "-" + i, "/" + layer + "/*", "/%d/b".formatted(layer + 1), types);
            }
        }
        add("back", "/20/b", "/0/a", ", types: [other]");
        assertThat(through("0-3")).isEmpty();
        add("more", "/20/b", "/0/a", ", types: [last]");
        assertThat(through("0-3")).hasSize(layers + 1).startsWith("0-3").endsWith("more");
    }
}
