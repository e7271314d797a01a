package io.millrace.gateway.mqtt.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicFilterTest {
    private static final List<String> LEVELS = List.of("", "a", "b", "$a", "ä", "a b");

    @ParameterizedTest
    @CsvSource({
        "a, /a",
        "a/b, /a/b",
        "/a, //a",
        "a/, /a/",
        "/, //",
        "+, /*",
        "#, /**",
        "a/+/b, /a/*/b",
        "a/#, /a/**",
        "+/+, /*/*",
        "/+, //*",
        "+/#, /*/**",
        "//#, ///**",
        "$SYS/#, /$SYS/**",
        "$share, /$share"
    })
    void aFilterIsAPattern(String filter, String pattern) {
        TopicFilter read = TopicFilter.of(filter);
        assertThat(read.pattern()).hasToString(pattern);
        assertThat(read.share()).isNull();
        assertThat(read).hasToString(filter);
    }

    @ParameterizedTest
    @CsvSource({"$share/s/a/+, s, /a/*", "$share/s/#, s, /**", "$share/a b//x, a b, //x"})
    void aShareHasANameAndAFilter(String filter, String share, String pattern) {
        TopicFilter read = TopicFilter.of(filter);
        assertThat(read.share()).isEqualTo(share);
        assertThat(read.pattern()).hasToString(pattern);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a+",
                "+a",
                "a/b#",
                "#a",
                "a/#/b",
                "#/",
                "*",
                "a/*/b",
                "**",
                "a/.",
                "../a",
                "a\0b",
                "a\nb",
                "$share/",
                "$share/x",
                "$share//a",
                "$share/x/",
                "$share/x+/a",
                "$share/#/a",
                "$share/x/a+",
                "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24/25/26/27/28/29/30/31/32/33"
            })
    void whatIsNoFilterIsRefused(String filter) {
        assertThatThrownBy(() -> TopicFilter.of(filter))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PATTERN_INVALID));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/+", "#", "a#", "*", "a\0", "\u0085", "a/..", ".", "\uD800"})
    void whatIsNoTopicNameIsRefused(String topic) {
        assertThatThrownBy(() -> TopicName.context(topic))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTEXT_INVALID));
    }

    @Test
    void limitsAreThoseOfContexts() {
        assertThat(TopicName.context("x".repeat(1023)).path()).hasSize(1024);
        assertThatThrownBy(() -> TopicName.context("x".repeat(1024)))
                .isInstanceOf(MillraceException.class);
        assertThatThrownBy(() -> TopicFilter.of("x".repeat(70_000)))
                .isInstanceOf(MillraceException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "/", "a/", "/a", "//", "a//b", "$SYS/x", "ä/ 1"})
    void topicsAndContextsAreEachOther(String topic) {
        Context context = TopicName.context(topic);
        assertThat(context.path()).isEqualTo("/" + topic);
        assertThat(TopicName.of(context)).isEqualTo(topic);
    }

    @Test
    void theRootHasNoTopic() {
        assertThat(TopicName.of(Context.ROOT)).isNull();
        assertThat(TopicName.of(Context.recorded("/a+"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "#, $SYS/a, false",
        "+/a, $SYS/a, false",
        "$SYS/+, $SYS/a, true",
        "$share/s/#, $SYS/a, false",
        "#, a/$b, true",
        "a/+, a/$b, true",
        "$share/s/$SYS/#, $SYS, true"
    })
    void wildcardsAtTheBeginningLeaveOutTheDollar(String filter, String topic, boolean matches) {
        assertThat(TopicFilter.of(filter).matches(topic)).isEqualTo(matches);
    }

    @Test
    void matchingIsThatOfTheSpecification() {
        SplittableRandom random = new SplittableRandom(41);
        int matched = 0;
        for (int i = 0; i < 100_000; i++) {
            String filter = filter(random);
            String topic = levels(random);
            boolean expected = matches(filter, topic);
            matched += expected ? 1 : 0;
            assertThat(TopicFilter.of(filter).matches(topic))
                    .as("%s covers %s", filter, topic)
                    .isEqualTo(expected);
        }
        assertThat(matched).isGreaterThan(5_000);
    }

    private static String levels(SplittableRandom random) {
        StringBuilder topic = new StringBuilder();
        int count = random.nextInt(1, 5);
        for (int i = 0; i < count; i++) {
            topic.append(i == 0 ? "" : "/").append(LEVELS.get(random.nextInt(LEVELS.size())));
        }
        return topic.isEmpty() ? "a" : topic.toString();
    }

    private static String filter(SplittableRandom random) {
        String[] levels = levels(random).split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            levels[i] = random.nextInt(3) == 0 ? "+" : levels[i];
        }
        String filter = String.join("/", levels);
        return random.nextInt(3) == 0 ? random.nextInt(4) == 0 ? "#" : filter + "/#" : filter;
    }

    /// Straight from section 4.7, level by level.
    private static boolean matches(String filter, String topic) {
        boolean isOpen = filter.startsWith("+") || filter.startsWith("#");
        return !(isOpen && topic.startsWith("$"))
                && matches(
                        Arrays.asList(filter.split("/", -1)), Arrays.asList(topic.split("/", -1)));
    }

    private static boolean matches(List<String> filter, List<String> topic) {
        if (filter.isEmpty()) {
            return topic.isEmpty();
        }
        if (filter.getFirst().equals("#")) {
            return true;
        }
        return !topic.isEmpty()
                && (filter.getFirst().equals("+") || filter.getFirst().equals(topic.getFirst()))
                && matches(filter.subList(1, filter.size()), topic.subList(1, topic.size()));
    }
}
