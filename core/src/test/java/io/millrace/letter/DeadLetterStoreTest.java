package io.millrace.letter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.event.RandomEvents;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadLetterStoreTest {
    private static final LetterLimits LIMITS = new LetterLimits(50, Duration.ofDays(30));

    private final Random random = new Random(11);
    private final SimulatedDisk disk = new SimulatedDisk(random);
    private final SimulatedClock clock = new SimulatedClock();
    private LetterGround ground = new LetterGround(disk, clock, random, LIMITS);

    DeadLetterStoreTest() throws IOException {}

    private void restart() throws IOException {
        disk.crash();
        ground = new LetterGround(disk, clock, random, LIMITS);
    }

    private DeadLetterStore store() {
        return ground.store();
    }

    private KeptLetter kept(String id) {
        KeptLetter kept = store().get(id);
        assertThat(kept).as(id).isNotNull();
        return java.util.Objects.requireNonNull(kept);
    }

    private int remove(LetterEnd end, KeptLetter... letters) {
        return ground.threads().await(store().remove(List.of(letters), end, "because"));
    }

    private long ended(LetterEnd end) {
        return store().counts().ended(end);
    }

    @Test
    void aLetterComesBackWhole() throws IOException {
        long seed = new Random().nextLong();
        Random chance = new Random(seed);
        RandomEvents events = new RandomEvents(seed);
        List<DeadLetter> letters = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            DeadLetter.Reason[] reasons = DeadLetter.Reason.values();
            Event event = events.next();
            letters.add(
                    new DeadLetter(
                            "id/" + i + " ü",
                            i % 2 == 0 ? "Queue" : "Subscription",
                            "name-" + i,
                            reasons[i % reasons.length],
                            "why: €\n" + i,
                            i % 3 == 0 ? 0 : 500,
                            i,
                            chance.nextLong(Long.MAX_VALUE),
                            chance.nextLong(Long.MAX_VALUE),
                            "stream-" + i,
                            i % 5,
                            chance.nextLong(Long.MAX_VALUE),
                            i % 4,
                            i == 0 ? Context.ROOT : Context.of("/a b/ä/" + i),
                            event));
        }
        ground.bury(letters.toArray(DeadLetter[]::new));
        restart();
        for (DeadLetter letter : letters) {
            assertThat(kept(letter.id()).letter()).as("seed %d", seed).isEqualTo(letter);
        }
    }

    @Test
    void absentDataIsNotEmptyDataNorADeletion() {
        Event absent = Event.builder().id("1").source("/s").type("t").build();
        Event empty = Event.builder().id("2").source("/s").type("t").data(Bytes.EMPTY).build();
        ground.bury(
                LetterGround.letter("absent", "Queue", "q", absent),
                LetterGround.letter("empty", "Queue", "q", empty));
        assertThat(kept("absent").letter().event().data()).isNull();
        assertThat(kept("empty").letter().event().data()).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void buriedTwiceItIsOneLetter() throws IOException {
        ground.bury(LetterGround.letter("a"), LetterGround.letter("b"), LetterGround.letter("a"));
        assertThat(ground.ids()).containsExactly("b", "a");
        restart();
        assertThat(ground.ids()).containsExactly("b", "a");
        assertThat(store().counts().kept()).isEqualTo(2);
    }

    @Test
    void whatEndedStaysGoneAndIsCounted() throws IOException {
        for (String id : List.of("a", "b", "c", "d")) {
            ground.bury(LetterGround.letter(id));
        }
        assertThat(remove(LetterEnd.RESUBMITTED, kept("a"), kept("c"))).isEqualTo(2);
        assertThat(remove(LetterEnd.DISCARDED, kept("d"))).isEqualTo(1);
        restart();
        assertThat(ground.ids()).containsExactly("b");
        assertThat(store().get("a")).isNull();
        assertThat(store().counts())
                .isEqualTo(
                        new LetterCounts(
                                1, Map.of(LetterEnd.RESUBMITTED, 2L, LetterEnd.DISCARDED, 1L)));
    }

    /// Whoever was sent it failed at once, before the first letter was taken away.
    @Test
    void aLetterThatWasBuriedAgainMeanwhileStays() {
        ground.bury(LetterGround.letter("a"));
        KeptLetter before = kept("a");
        ground.bury(LetterGround.letter("a"));
        assertThat(remove(LetterEnd.RESUBMITTED, before)).isZero();
        var again = store().bury(LetterGround.letter("a"));
        // It is not on disk yet, and counts all the same.
        var removal = store().remove(List.of(kept("a")), LetterEnd.RESUBMITTED, "");
        ground.threads().await(again);
        assertThat(ground.threads().await(removal)).isZero();
        assertThat(ground.ids()).containsExactly("a");
        assertThat(ended(LetterEnd.RESUBMITTED)).isZero();
    }

    @Test
    void endingOneTwiceAtOnceCountsOnce() {
        ground.bury(LetterGround.letter("a"));
        KeptLetter kept = kept("a");
        var first = store().remove(List.of(kept), LetterEnd.DISCARDED, "");
        var second = store().remove(List.of(kept), LetterEnd.DISCARDED, "");
        assertThat(ground.threads().await(first) + ground.threads().await(second)).isOne();
        assertThat(ended(LetterEnd.DISCARDED)).isOne();
    }

    @Test
    void pagesGiveEachLetterOnceWhileOthersComeAndGo() {
        for (int i = 0; i < 40; i++) {
            ground.bury(LetterGround.letter("id " + i));
        }
        List<String> found = new ArrayList<>();
        long next = 0;
        int round = 0;
        while (next >= 0) {
            LetterPage page = store().search(LetterSearch.ALL, next, 3, (_, _) -> true);
            assertThat(page.letters()).hasSizeLessThanOrEqualTo(3);
            page.letters().forEach(kept -> found.add(kept.id()));
            next = page.next();
            // One that was found goes, one that was not goes, and a new one comes.
            remove(LetterEnd.DISCARDED, kept(found.getLast()));
            String last = "id " + (39 - round);
            KeptLetter unseen = store().get(last);
            if (unseen != null && !found.contains(last)) {
                remove(LetterEnd.DISCARDED, unseen);
            }
            if (round < 5) {
                ground.bury(LetterGround.letter("new " + round));
            }
            ground.clean();
            ground.threads().drain();
            round++;
        }
        assertThat(found).doesNotHaveDuplicates();
        assertThat(found).startsWith("id 0", "id 1", "id 2", "id 3").contains("new 4");
        assertThat(found).contains("id 27").doesNotContain("id 39");
    }

    private final DeadLetter wanted =
            LetterGround.letter(
                    "wanted",
                    "Subscription",
                    "alarms",
                    Event.builder()
                            .id("x-17")
                            .source("/s")
                            .type("com.alarm.fire")
                            .subject("S")
                            .build());

    private static LetterSearch search(
            @Nullable String kind,
            @Nullable String name,
            @Nullable String type,
            @Nullable String text) {
        return new LetterSearch(kind, name, null, null, null, null, type, text);
    }

    private static LetterSearch search(
            DeadLetter.@Nullable Reason reason,
            @Nullable Long since,
            @Nullable Long until,
            @Nullable ContextPattern context) {
        return new LetterSearch(null, null, reason, since, until, context, null, null);
    }

    @Test
    void aSearchFindsWhatFits() {
        ground.bury(LetterGround.letter("other"), wanted);
        long last = wanted.lastMillis();
        LetterSearch everything =
                new LetterSearch(
                        "Subscription",
                        "alarms",
                        DeadLetter.Reason.REJECTED,
                        last,
                        last + 1,
                        ContextPattern.of("/a/*"),
                        "com.*",
                        "no good");
        Stream.of(
                        search("Subscription", null, null, null),
                        search(null, "alarms", null, null),
                        search(null, null, "com.alarm.*", null),
                        search(null, null, "com.alarm.fire", null),
                        search(null, null, null, "x-1"),
                        search(null, null, null, "S"),
                        everything)
                .forEach(search ->
                        assertThat(ground.find(search, 10))
                                .as("%s", search)
                                .extracting(KeptLetter::id)
                                .containsExactly("wanted"));
        assertThat(
                        store().search(LetterSearch.ALL, 0, 9, (kind, _) -> kind.equals("Queue"))
                                .letters())
                .extracting(KeptLetter::id)
                .containsExactly("other");
    }

    @Test
    void aSearchDoesNotFindWhatMissesOnePartOfIt() {
        ground.bury(LetterGround.letter("other"), wanted);
        long last = wanted.lastMillis();
        Stream.of(
                        search(null, last + 1, null, null),
                        search(null, null, last, null),
                        search(DeadLetter.Reason.EXPIRED, null, null, null),
                        search((DeadLetter.Reason) null, null, null, ContextPattern.of("/b/**")),
                        search("Queue", "alarms", null, null),
                        search(null, null, "com.alarm", null),
                        search(null, null, null, "nowhere"))
                .forEach(search -> assertThat(ground.find(search, 10)).as("%s", search).isEmpty());
    }

    @Test
    void theOldestGoWhenThereAreTooManyAndAreCounted() throws IOException {
        for (int i = 0; i < 53; i++) {
            ground.bury(LetterGround.letter("id " + i));
        }
        store().tidy();
        assertThat(ground.ids()).hasSize(50).startsWith("id 3").endsWith("id 52");
        restart();
        assertThat(ground.ids()).hasSize(50);
        assertThat(ended(LetterEnd.DROPPED)).isEqualTo(3);
        assertThat(ended(LetterEnd.EXPIRED)).isZero();
    }

    @Test
    void whatIsTooOldGoesAndIsCounted() {
        ground.bury(LetterGround.letter("a"), LetterGround.letter("b"));
        clock.advance(Duration.ofDays(29).toMillis());
        ground.bury(LetterGround.letter("c"));
        store().tidy();
        assertThat(ground.ids()).hasSize(3);
        for (int i = 0; i < 60; i++) {
            clock.advance(Duration.ofMinutes(59).toMillis());
            store().tidy();
        }
        assertThat(ground.ids()).containsExactly("c");
        assertThat(ended(LetterEnd.EXPIRED)).isEqualTo(2);
    }

    /// Somebody sets the clock wrong: that alone deletes nothing.
    @Test
    void aClockThatJumpsAheadTakesNothingAway() {
        ground.bury(LetterGround.letter("a"));
        store().tidy();
        clock.jump(Duration.ofDays(400).toMillis());
        clock.advance(120_000);
        store().tidy();
        assertThat(ground.ids()).containsExactly("a");
    }

    @Test
    void anEventThatWasSentAgainSaysSoWhenItFailsOnceMore() throws IOException {
        DeadLetter letter = LetterGround.letter("a");
        ground.bury(letter);
        Sending sending = new Sending(kept("a"), letter.event());
        ground.threads().await(store().sending(List.of(sending)));
        restart();
        ground.bury(LetterGround.letter("later", "Queue", "orders", letter.event()));
        assertThat(kept("later").letter().resubmissions()).isEqualTo(1);
        Sending second = new Sending(kept("later"), letter.event());
        ground.threads().await(store().sending(List.of(second)));
        ground.bury(LetterGround.letter("latest", "Queue", "orders", letter.event()));
        assertThat(kept("latest").letter().resubmissions()).isEqualTo(2);
        // Another queue has never been sent it.
        ground.bury(LetterGround.letter("other", "Queue", "other", letter.event()));
        assertThat(kept("other").letter().resubmissions()).isZero();
    }

    @Test
    void whatCannotBeReadWhenItIsTooOldGoesTheNextTime() {
        ground.bury(LetterGround.letter("a"));
        clock.advance(LIMITS.age().toMillis() + 1);
        disk.failNext(SimulatedDisk.Call.READ, 0);
        assertThatThrownBy(() -> store().tidy())
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_READ_FAILED));
        assertThat(ground.ids()).containsExactly("a");

        clock.advance(60_000);
        store().tidy();
        assertThat(ground.ids()).isEmpty();
        assertThat(ended(LetterEnd.EXPIRED)).isEqualTo(1);
    }
}
