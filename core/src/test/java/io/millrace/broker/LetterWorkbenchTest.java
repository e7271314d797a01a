package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.DeadLetters.Outcome;
import io.millrace.broker.DeadLetters.Page;
import io.millrace.broker.DeadLetters.Resubmission;
import io.millrace.broker.letter.LetterTarget;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.letter.DeadLetter;
import io.millrace.letter.LetterCounts;
import io.millrace.letter.LetterEnd;
import io.millrace.letter.LetterGround;
import io.millrace.letter.LetterLimits;
import io.millrace.letter.LetterSearch;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LetterWorkbenchTest {
    private static final Principal ALICE = new Principal("alice");
    private static final Resubmission AS_IT_IS = how(null, null, null, Duration.ZERO);

    private final Random random = new Random(5);
    private final SimulatedDisk disk = new SimulatedDisk(random);
    private final SimulatedClock clock = new SimulatedClock();
    private LetterGround ground;
    private LetterWorkbench workbench;

    /// What arrived at the queue orders, and what it does with it.
    private final List<Event> arrived = new ArrayList<>();

    private LetterTarget orders =
            (_, event) -> {
                arrived.add(event);
                return CompletableFuture.completedFuture(null);
            };

    LetterWorkbenchTest() throws IOException {
        ground = start();
        workbench = workbench();
    }

    private LetterGround start() throws IOException {
        return new LetterGround(
                disk, clock, random, new LetterLimits(100_000, Duration.ofDays(30)));
    }

    private LetterWorkbench workbench() {
        return new LetterWorkbench(
                ground.store(),
                (kind, name) ->
                        kind.equals("Queue") && name.equals("orders")
                                ? (letter, event) -> orders.resubmit(letter, event)
                                : null,
                new NotTheVault(),
                clock,
                ground.threads());
    }

    /// Lets everybody manage everything but the queue vault.
    private static final class NotTheVault implements Guard {
        @Override
        public void publish(Principal principal, Context context) {}

        @Override
        public void read(Principal principal, ContextPattern pattern) {}

        @Override
        public void manage(Principal principal, String kind, String name) {
            if (name.equals("vault")) {
                throw new MillraceException(ErrorCode.FORBIDDEN, "this is not yours");
            }
        }
    }

    private static Resubmission how(
            @Nullable Event replacement,
            @Nullable String transform,
            @Nullable Double perSecond,
            Duration delay) {
        return new Resubmission(replacement, transform, perSecond, delay);
    }

    private void bury(int count) {
        for (int i = 0; i < count; i++) {
            ground.bury(LetterGround.letter("id " + i));
        }
    }

    private static DeadLetter letterOf(String id, String queue) {
        Event event = Event.builder().id(id).source("/s").type("t").build();
        return LetterGround.letter(id, "Queue", queue, event);
    }

    private List<String> arrivedIds() {
        return arrived.stream().map(Event::id).toList();
    }

    private long resubmitted() {
        return ground.store().counts().ended(LetterEnd.RESUBMITTED);
    }

    /// Lets time pass, and what is due by it happen.
    private void pass(long millis) {
        clock.advance(millis);
        ground.threads().tick();
    }

    @Test
    void whatIsTakenIsGoneHere() {
        bury(3);
        Outcome outcome = workbench.resubmit(ALICE, List.of("id 0", "id 2"), AS_IT_IS);
        assertThat(outcome).isEqualTo(new Outcome(2, List.of()));
        assertThat(arrivedIds()).containsExactly("event id 0", "event id 2");
        assertThat(ground.ids()).containsExactly("id 1");
        assertThat(resubmitted()).isEqualTo(2);
    }

    @Test
    void whatIsNotTakenStaysAndSaysWhy() {
        bury(2);
        ground.bury(letterOf("nowhere", "gone"), letterOf("secret", "vault"));
        orders =
                (letter, _) -> {
                    if (letter.id().equals("id 0")) {
                        throw new MillraceException(ErrorCode.SHUTTING_DOWN, "thrown");
                    }
                    return CompletableFuture.<@Nullable Void>failedFuture(
                            new MillraceException(ErrorCode.QUEUE_FULL, "it is full"));
                };
        Outcome outcome =
                workbench.resubmit(
                        ALICE, List.of("id 0", "id 1", "nowhere", "secret", "none"), AS_IT_IS);
        assertThat(outcome.done()).isZero();
        assertThat(outcome.problems())
                .containsExactlyInAnyOrder(
                        "id 0: was not taken: thrown",
                        "id 1: was not taken: it is full",
                        "nowhere: there is no Queue gone to send it to; create it again, or discard the letter",
                        "secret: this is not yours",
                        "none: there is no such dead letter");
        assertThat(ground.ids()).hasSize(4);
    }

    @Test
    void aSearchSendsAllItFindsAndOfThoseThatFailAnewNoneTwice() {
        bury(250);
        List<CompletableFuture<?>> burials = new ArrayList<>();
        ground.bury(letterOf("other", "other"));
        orders =
                (letter, event) -> {
                    arrived.add(event);
                    // It fails at once and is a letter again.
                    burials.add(ground.store().bury(letter));
                    return CompletableFuture.completedFuture(null);
                };
        LetterSearch search =
                new LetterSearch("Queue", "orders", null, null, null, null, null, null);
        Outcome outcome = workbench.resubmit(ALICE, search, AS_IT_IS);
        assertThat(outcome).isEqualTo(new Outcome(250, List.of()));
        assertThat(arrivedIds()).hasSize(250).doesNotHaveDuplicates();
        burials.forEach(ground.threads()::await);
        assertThat(ground.ids()).hasSize(251);
        assertThat(workbench.get(ALICE, "id 17").resubmissions()).isEqualTo(1);
    }

    @Test
    void anEditedEventIsSentInsteadOfTheOld() {
        bury(1);
        Event edited =
                Event.builder().id("new").source("/s").type("t").data(Bytes.utf8("x")).build();
        workbench.resubmit(ALICE, List.of("id 0"), how(edited, null, null, Duration.ZERO));
        assertThat(arrived).containsExactly(edited);
    }

    @Test
    void aTransformMakesWhatIsSentAndWhereItFailsTheLetterStays() {
        bury(1);
        Event event =
                Event.builder()
                        .id("1")
                        .source("/s")
                        .type("t")
                        .dataContentType("application/json")
                        .data(Bytes.utf8("{\"price\":7}"))
                        .build();
        ground.bury(LetterGround.letter("priced", "Queue", "orders", event));
        String transform =
                "$merge([$, {\"data\": {\"price\": data.price + 1}},"
                        + " $exists(data.price) ? {} : $error('no price')])";
        Outcome outcome =
                workbench.resubmit(
                        ALICE,
                        List.of("priced", "id 0"),
                        how(null, transform, null, Duration.ZERO));
        assertThat(outcome.done()).isEqualTo(1);
        assertThat(outcome.problems()).singleElement().asString().startsWith("id 0: the transform");
        assertThat(arrived.getFirst().data()).isEqualTo(Bytes.utf8("{\"price\":8}"));
        assertThat(ground.ids()).containsExactly("id 0");
    }

    @Test
    void atARateSoManyGoEachSecond() {
        bury(10);
        Outcome outcome =
                workbench.resubmit(
                        ALICE, LetterSearch.ALL, how(null, null, 4.0, Duration.ofSeconds(10)));
        assertThat(outcome).isEqualTo(new Outcome(0, List.of()));
        pass(9_900);
        assertThat(arrived).isEmpty();
        pass(100);
        assertThat(arrived).hasSize(1);
        pass(200);
        assertThat(arrived).hasSize(1);
        pass(50);
        pass(750);
        assertThat(arrived).hasSize(5);
        for (int i = 0; i < 20; i++) {
            pass(100);
        }
        assertThat(arrivedIds()).hasSize(10).doesNotHaveDuplicates();
        assertThat(resubmitted()).isEqualTo(10);
    }

    @Test
    void whatARestartInterruptsIsStillThere() throws IOException {
        bury(10);
        workbench.resubmit(ALICE, LetterSearch.ALL, how(null, null, 1.0, Duration.ofSeconds(1)));
        pass(1000);
        pass(1000);
        assertThat(arrived).hasSize(2);
        disk.crash();
        ground = start();
        workbench = workbench();
        pass(10_000);
        assertThat(arrived).hasSize(2);
        assertThat(ground.ids()).hasSize(8);
        assertThat(resubmitted()).isEqualTo(2);
    }

    @Test
    void aCrashAfterATargetHasTakenItLeavesTheLetter() throws IOException {
        bury(1);
        orders =
                (_, event) -> {
                    arrived.add(event);
                    disk.failNext(SimulatedDisk.Call.WRITE, 0);
                    return CompletableFuture.completedFuture(null);
                };
        Outcome outcome = workbench.resubmit(ALICE, List.of("id 0"), AS_IT_IS);
        assertThat(outcome.done()).isEqualTo(1);
        assertThat(outcome.problems())
                .singleElement()
                .asString()
                .contains("the letter stays too, and would be sent twice");
        disk.crash();
        ground = start();
        assertThat(ground.ids()).containsExactly("id 0");
    }

    @Test
    void aStopInTheMiddleIsToldAndTheRestStays() {
        bury(150);
        orders =
                (_, _) -> {
                    workbench.close();
                    return CompletableFuture.completedFuture(null);
                };
        Outcome outcome = workbench.resubmit(ALICE, LetterSearch.ALL, AS_IT_IS);
        assertThat(outcome)
                .isEqualTo(
                        new Outcome(
                                100,
                                List.of(
                                        "the rest: stays as it is, because the server is stopping")));
        assertThat(ground.ids()).hasSize(50);
        code(ErrorCode.SHUTTING_DOWN, () -> workbench.discard(ALICE, LetterSearch.ALL, "x"));
    }

    @Test
    void twoRequestsAtOnceSendALetterOnce() {
        bury(1);
        List<Outcome> second = new ArrayList<>();
        orders =
                (_, event) -> {
                    arrived.add(event);
                    second.add(workbench.resubmit(ALICE, List.of("id 0"), AS_IT_IS));
                    return CompletableFuture.completedFuture(null);
                };
        workbench.resubmit(ALICE, List.of("id 0"), AS_IT_IS);
        assertThat(arrived).hasSize(1);
        assertThat(second)
                .containsExactly(new Outcome(0, List.of("id 0: is being sent again already")));
    }

    @Test
    void discardedLettersAreGoneAndCounted() {
        bury(3);
        ground.bury(letterOf("secret", "vault"));
        assertThat(workbench.discard(ALICE, List.of("id 1", "none"), "a test"))
                .isEqualTo(new Outcome(1, List.of("none: there is no such dead letter")));
        assertThat(workbench.discard(ALICE, LetterSearch.ALL, "all of it").done()).isEqualTo(2);
        LetterCounts counts = ground.store().counts();
        assertThat(counts.ended(LetterEnd.DISCARDED)).isEqualTo(3);
        // What may not be managed is not touched.
        assertThat(ground.ids()).containsExactly("secret");
        assertThat(arrived).isEmpty();
    }

    @Test
    void onlyTheLettersOfWhatOneManagesAreSeen() {
        bury(1);
        ground.bury(letterOf("secret", "vault"));
        Page page = workbench.search(ALICE, LetterSearch.ALL, null, 10);
        assertThat(page.letters()).extracting(DeadLetter::id).containsExactly("id 0");
        assertThat(page.next()).isNull();
        LetterSearch vault = new LetterSearch("Queue", "vault", null, null, null, null, null, null);
        code(ErrorCode.FORBIDDEN, () -> workbench.search(ALICE, vault, null, 10));
        code(ErrorCode.FORBIDDEN, () -> workbench.discard(ALICE, vault, "x"));
        code(ErrorCode.FORBIDDEN, () -> workbench.resubmit(ALICE, vault, AS_IT_IS));
        code(ErrorCode.FORBIDDEN, () -> workbench.get(ALICE, "secret"));
        code(ErrorCode.NOT_FOUND, () -> workbench.get(ALICE, "none"));
    }

    @Test
    void pagesFollowEachOther() {
        bury(5);
        List<String> ids = new ArrayList<>();
        String next = null;
        do {
            Page page = workbench.search(ALICE, LetterSearch.ALL, next, 2);
            page.letters().forEach(letter -> ids.add(letter.id()));
            next = page.next();
        } while (next != null);
        assertThat(ids).containsExactly("id 0", "id 1", "id 2", "id 3", "id 4");
    }

    @Test
    void requestsThatMakeNoSenseChangeNothing() {
        bury(2);
        Event event = Event.builder().id("1").source("/s").type("t").build();
        List<String> two = List.of("id 0", "id 1");
        Duration now = Duration.ZERO;
        LetterSearch all = LetterSearch.ALL;
        ErrorCode invalid = ErrorCode.REQUEST_INVALID;
        code(invalid, () -> workbench.resubmit(ALICE, two, how(event, null, null, now)));
        code(invalid, () -> workbench.resubmit(ALICE, all, how(event, null, null, now)));
        code(invalid, () -> workbench.resubmit(ALICE, List.of("id 0"), how(event, "$", null, now)));
        code(invalid, () -> workbench.resubmit(ALICE, all, how(null, null, 0.0, now)));
        code(invalid, () -> workbench.resubmit(ALICE, all, how(null, null, Double.NaN, now)));
        code(
                invalid,
                () -> workbench.resubmit(ALICE, all, how(null, null, null, now.minusNanos(1))));
        code(invalid, () -> workbench.resubmit(ALICE, List.of(), AS_IT_IS));
        code(invalid, () -> workbench.discard(ALICE, all, " "));
        code(invalid, () -> workbench.search(ALICE, all, "x", 1));
        code(invalid, () -> workbench.search(ALICE, all, "-1", 1));
        code(invalid, () -> workbench.search(ALICE, all, null, 0));
        code(
                ErrorCode.TRANSFORM_INVALID,
                () -> workbench.resubmit(ALICE, all, how(null, "(", null, now)));
        assertThat(ground.ids()).hasSize(2);
        assertThat(arrived).isEmpty();
    }

    private static void code(ErrorCode code, Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
