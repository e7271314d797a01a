package io.millrace.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.event.filter.AllFilter;
import io.millrace.event.filter.AttributeFilter;
import io.millrace.event.filter.AttributeFilter.Comparison;
import io.millrace.event.filter.AttributeFilter.Expectation;
import io.millrace.event.filter.EventView;
import io.millrace.event.filter.Filter;
import io.millrace.event.filter.Filters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The index against a plain list of interests, and what it looks at for an event.
final class InterestIndexTest {
    private static final int MANY = 100_000;
    private static final ContextPattern ALL = ContextPattern.of("/**");
    private static final Context ROOM = Context.of("/building/41/room");

    /// An attachment beside its counts as the list model keeps them.
    private static final class Counted {
        final Attachment<Integer> attachment;
        long matched;
        long given;

        Counted(Attachment<Integer> attachment) {
            this.attachment = attachment;
        }

        void assertCounts(String when) {
            assertThat(attachment.matchedContexts()).as("matched, %s", when).isEqualTo(matched);
            assertThat(attachment.given()).as("given, %s", when).isEqualTo(given);
            assertThat(attachment.filtered()).as("filtered, %s", when).isEqualTo(matched - given);
        }
    }

    @Test
    void agreesWithAListWhileInterestsComeAndGo() {
        for (int seed = 0; seed < 60; seed++) {
            comeAndGo(seed);
        }
    }

    private static void comeAndGo(int seed) {
        Random random = new Random(seed);
        RandomInterests interests = new RandomInterests(random);
        InterestIndex<Integer> index = new InterestIndex<>();
        List<Counted> there = new ArrayList<>();
        List<Counted> gone = new ArrayList<>();
        for (int round = 0; round < 600; round++) {
            String when = "seed %d, round %d".formatted(seed, round);
            int dice = random.nextInt(10);
            if (dice < 4) {
                there.add(new Counted(index.add(interests.interest(), round)));
            } else if (dice < 7 && !there.isEmpty()) {
                Counted removed = there.remove(random.nextInt(there.size()));
                assertThat(index.remove(removed.attachment)).as(when).isTrue();
                assertThat(index.remove(removed.attachment)).as(when).isFalse();
                gone.add(removed);
            } else {
                publish(index, interests, there, when);
            }
            assertThat(index.size()).isEqualTo(there.size());
        }
        there.forEach(each -> each.assertCounts("at the end of seed " + seed));
        gone.forEach(each -> each.assertCounts("gone, of seed " + seed));
        there.forEach(each -> assertThat(index.remove(each.attachment)).isTrue());
        assertThat(index.isBare()).as("nothing is left, seed %d", seed).isTrue();
    }

    private static void publish(
            InterestIndex<Integer> index,
            RandomInterests interests,
            List<Counted> there,
            String when) {
        Context context = interests.context();
        Event event = interests.event();
        EventView view = new EventView(event);
        List<Integer> expected = new ArrayList<>();
        for (Counted each : there) {
            Interest interest = each.attachment.interest();
            each.matched += interest.pattern().matches(context) ? 1 : 0;
            if (interest.wants(context, view)) {
                each.given++;
                expected.add(each.attachment.value());
            }
        }
        List<Integer> found = new ArrayList<>();
        index.match(context, event, attachment -> found.add(attachment.value()));
        assertThat(found)
                .as("%s: %s in %s", when, event, context)
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    /// How 100,000 interests of one pattern may differ; `i` tells one from the other.
    enum Difference {
        TYPE,
        SEVERAL_TYPES,
        TYPE_PREFIX,
        SOURCE,
        SUBJECT,
        EXTENSION,
        SUFFIX,
        SUBJECT_WITHIN_ONE_TYPE,
        WITHIN_ALL,
        NAME_OF_AN_EXTENSION,
        PATTERN;

        Interest interest(int i) {
            Filter subject = attribute(Comparison.EXACT, "subject", "subject " + i);
            Filter unit = attribute(Comparison.EXACT, "unit", "unit " + i);
            return switch (this) {
                case TYPE -> wanting(List.of("type." + i), null);
                case SEVERAL_TYPES -> wanting(List.of("type." + i, "other." + i), null);
                case TYPE_PREFIX -> wanting(List.of("type." + i + "*"), null);
                case SOURCE -> wanting(List.of(), "/source/" + i);
                case SUBJECT -> wanting(List.of(), null, subject);
                case EXTENSION -> wanting(List.of(), null, unit);
                case SUFFIX ->
                        wanting(List.of(), null, attribute(Comparison.SUFFIX, "unit", "unit " + i));
                case SUBJECT_WITHIN_ONE_TYPE -> wanting(List.of("type.7"), "/source/7", subject);
                case WITHIN_ALL ->
                        wanting(
                                List.of("type.7"),
                                null,
                                new AllFilter(List.of(new AllFilter(List.of(unit)))));
                case NAME_OF_AN_EXTENSION ->
                        wanting(List.of(), null, attribute(Comparison.EXACT, "e" + i, "x"));
                case PATTERN -> Interest.of(ContextPattern.of("/building/%d/room".formatted(i)));
            };
        }
    }

    private static Interest wanting(
            List<String> types, @Nullable String source, Filter... filters) {
        return new Interest(ALL, types, source, new Filters(List.of(filters)));
    }

    private static Filter attribute(Comparison comparison, String name, String text) {
        return new AttributeFilter(comparison, List.of(new Expectation(name, text)));
    }

    private static Event event(int i) {
        return Event.builder()
                .id("1")
                .source("/source/" + i)
                .type("type." + i)
                .subject("subject " + i)
                .extension("unit", "unit " + i)
                .extension("e" + i, "x")
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void onlyThoseThatMayWantAnEventAreLookedAt(Difference difference) {
        InterestIndex<Integer> index = new InterestIndex<>();
        List<Attachment<Integer>> all = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            all.add(index.add(difference.interest(i), i));
        }
        List<Integer> found = new ArrayList<>();
        Event event = event(7);
        boolean narrow =
                difference == Difference.SUBJECT_WITHIN_ONE_TYPE
                        || difference == Difference.WITHIN_ALL;
        Context context = difference == Difference.PATTERN ? Context.of("/building/7/room") : ROOM;
        index.match(context, event, attachment -> found.add(attachment.value()));
        assertThat(found).containsExactly(7);
        // The first few came before anybody knew by what the others would differ.
        assertThat(index.examined()).isLessThanOrEqualTo(narrow ? 4 : 2);
        boolean covered = difference != Difference.PATTERN;
        assertThat(all.get(8).matchedContexts()).isEqualTo(covered ? 1 : 0);
        assertThat(all.get(8).filtered()).isEqualTo(covered ? 1 : 0);
        assertThat(all.get(7).filtered()).isZero();
        Collections.shuffle(all, new Random(1));
        all.forEach(index::remove);
        assertThat(index.isBare()).isTrue();
    }

    @Test
    void countsBeginWhenAnInterestIsAddedAndEndWhenItIsRemoved() {
        InterestIndex<String> index = new InterestIndex<>();
        Attachment<String> first = index.add(wanting(List.of("type.1"), null), "first");
        index.match(ROOM, event(2), attachment -> {});
        Attachment<String> second = index.add(wanting(List.of("type.2"), null), "second");
        index.match(ROOM, event(2), attachment -> {});
        index.remove(first);
        index.match(ROOM, event(2), attachment -> {});
        assertThat(first.matchedContexts()).isEqualTo(2);
        assertThat(first.given()).isZero();
        assertThat(second.matchedContexts()).isEqualTo(2);
        assertThat(second.given()).isEqualTo(2);
        Attachment<String> third = index.add(wanting(List.of("type.1"), null), "third");
        assertThat(third.matchedContexts()).isZero();
    }

    @Test
    void anIndexKnowsItsOwnOnly() {
        InterestIndex<String> one = new InterestIndex<>();
        InterestIndex<String> other = new InterestIndex<>();
        Attachment<String> attachment = one.add(Interest.of(ALL), "one");
        other.add(Interest.of(ALL), "other");
        assertThat(other.remove(attachment)).isFalse();
        assertThat(other.size()).isOne();
        assertThat(one.remove(attachment)).isTrue();
    }

    @Test
    void itDoesNotChangeWhileItIsMatched() {
        InterestIndex<String> index = new InterestIndex<>();
        index.add(Interest.of(ALL), "one");
        assertThatThrownBy(() -> index.match(ROOM, event(1), index::remove))
                .isInstanceOf(IllegalStateException.class);
        assertThat(index.size()).isOne();
        index.match(ROOM, event(1), attachment -> assertThat(index.size()).isOne());
    }
}
