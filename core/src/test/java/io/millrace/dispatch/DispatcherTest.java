package io.millrace.dispatch;

import static io.millrace.dispatch.Scene.CONFIG;
import static io.millrace.dispatch.Scene.events;
import static io.millrace.dispatch.ScriptedTarget.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.delivery.Outcome;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.AttributeValue.StringValue;
import io.millrace.event.Event;
import io.millrace.event.transform.Transform;
import io.millrace.group.Verdict;
import io.millrace.letter.DeadLetter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private static final Verdict.Again UNTOUCHED = new Verdict.Again(Duration.ZERO, false);

    @Test
    void whatIsDeliveredIsDoneAndNeverMoreThanAllowedIsUnderWay() {
        Scene scene = new Scene(CONFIG, 1, 3);
        scene.supply.put(events(1, 20));
        assertThat(scene.target.underWay()).isEqualTo(3);
        for (int i = 0; i < 20; i++) {
            scene.target.deliveries().get(i).end(OK);
            assertThat(scene.target.underWay()).isLessThanOrEqualTo(3);
        }
        assertThat(scene.supply.done()).hasSize(20);
        assertThat(scene.supply.leasedCount()).isZero();
        assertThat(scene.target.ids()).hasSize(20).doesNotHaveDuplicates();
        scene.pass(Duration.ofSeconds(1));
        DispatchStatus status = scene.dispatcher.status();
        assertThat(status.attempts()).isEqualTo(20);
        assertThat(status.delivered()).isEqualTo(20);
        assertThat(status.failed()).isZero();
        assertThat(status.perSecond()).isEqualTo(2.0);
        assertThat(status.lastFailure()).isNull();
        scene.pass(Duration.ofSeconds(11));
        assertThat(scene.dispatcher.status().perSecond()).isZero();
    }

    @Test
    void noMoreIsTakenAheadThanIsUnderWay() {
        Scene scene = new Scene(CONFIG, 1, 3);
        scene.supply.put(events(1, 100));
        assertThat(scene.supply.leasedCount()).isLessThanOrEqualTo(6);
    }

    @Test
    void severalSuppliesGetTheirShare() {
        Scene scene = new Scene(CONFIG, 1, 4);
        FakeSupply other = new FakeSupply(Runnable::run, scene.clock, 1);
        other.feeds(scene.dispatcher);
        scene.supply.put(events(1, 1000));
        other.put(events(1001, 2000));
        while (scene.supply.done().size() + other.done().size() < 400) {
            scene.target.endAll(OK);
        }
        assertThat(scene.supply.done().size()).isBetween(150, 250);
    }

    @Test
    void aFailureIsRetriedAsTheScheduleSaysWhichItsFailuresTell() {
        Scene scene = new Scene(CONFIG, 1, 1);
        scene.supply.put(events(1, 1));
        scene.target.last().end(new Outcome.RetryLater(null, 500, "it failed"));
        scene.supply.redeliver();
        scene.target.last().end(new Outcome.RetryLater(null, 500, "it failed"));
        scene.supply.redeliver();
        scene.target.last().end(OK);
        assertThat(scene.supply.again(0))
                .containsExactly(
                        new Verdict.Again(Duration.ofSeconds(1), true),
                        new Verdict.Again(Duration.ofSeconds(5), true));
        assertThat(scene.supply.done()).containsExactly(0L);
        DispatchStatus status = scene.dispatcher.status();
        assertThat(status.failed()).isEqualTo(2);
        assertThat(status.lastFailure()).isEqualTo("2026-01-01T00:00:00Z: it failed");
    }

    @Test
    void aNewDispatcherGoesOnWhereTheOldOneEnded() {
        Scene scene = new Scene(CONFIG, 1, 1);
        long first = scene.clock.epochMillis();
        scene.clock.advance(10_000);
        scene.supply.put(List.of(events(1, 1)), 1, first);
        scene.target.last().end(new Outcome.RetryLater(null, 500, "it failed"));
        assertThat(scene.supply.again(0))
                .containsExactly(new Verdict.Again(Duration.ofSeconds(5), true));
        scene.supply.put(List.of(events(2, 2)), 3, first);
        scene.target.last().end(new Outcome.RetryLater(null, 503, "it is not available"));
        assertThat(scene.supply.buried().get(1L))
                .isEqualTo(
                        new Verdict.Bury(
                                DeadLetter.Reason.ATTEMPTS_EXHAUSTED,
                                "it is not available; all of 4 attempts failed",
                                503));
        scene.clock.advance(3_600_000);
        scene.supply.put(List.of(events(3, 3)), 1, first);
        scene.target.last().end(new Outcome.RetryLater(null, 503, "it is not available"));
        assertThat(scene.supply.buried().get(2L))
                .extracting(bury -> bury.detail())
                .asString()
                .contains("age limit of 1h");
    }

    @Test
    void whatIsRejectedIsBuriedAtOnce() {
        Scene scene = new Scene(CONFIG, 1, 1);
        scene.supply.put(events(1, 2));
        scene.target.last().end(new Outcome.Rejected(400, "malformed"));
        scene.target.last().end(OK);
        assertThat(scene.supply.buried().get(0L))
                .isEqualTo(new Verdict.Bury(DeadLetter.Reason.REJECTED, "malformed", 400));
        assertThat(scene.supply.done()).containsExactly(1L);
        assertThat(scene.dispatcher.status().deadLettered()).isEqualTo(1);
    }

    @Test
    void withoutDeadLettersWhatIsGivenUpIsDroppedAndCounted() {
        DispatcherConfig config =
                new DispatcherConfig(
                        "Subscription/s", Duration.ofSeconds(30), null, Scene.RETRY, false, null);
        Scene scene = new Scene(config, 1, 1);
        scene.supply.put(events(1, 1));
        scene.target.last().end(new Outcome.Rejected(400, "malformed"));
        assertThat(scene.supply.done()).containsExactly(0L);
        DispatchStatus status = scene.dispatcher.status();
        assertThat(status.dropped()).isEqualTo(1);
        assertThat(status.delivered()).isZero();
    }

    @Test
    void aBatchIsWhatIsThereAndDoesNotWaitForMore() {
        Scene scene = new Scene(CONFIG, 3, 1);
        scene.supply.put(events(1, 1));
        scene.supply.put(events(2, 8));
        scene.target.last().end(OK);
        scene.target.last().end(OK);
        scene.target.last().end(OK);
        assertThat(scene.target.ids().stream().flatMap(List::stream))
                .containsExactly("1", "2", "3", "4", "5", "6", "7", "8");
        assertThat(scene.target.ids().get(0)).containsExactly("1");
        assertThat(scene.target.ids().get(1)).containsExactly("2", "3", "4");
        assertThat(scene.target.underWay()).isEqualTo(scene.target.deliveries().size() - 3L);
    }

    @Test
    void aBatchThatIsRejectedIsTriedOneByOne() {
        Scene scene = new Scene(CONFIG, 3, 1);
        scene.supply.put(events(1, 3));
        scene.target.last().end(new Outcome.Rejected(413, "too large"));
        scene.supply.put(events(4, 4));
        scene.target.last().end(OK);
        scene.target.last().end(new Outcome.Rejected(413, "too large"));
        scene.target.last().end(OK);
        scene.target.last().end(OK);
        assertThat(scene.target.ids())
                .containsExactly(
                        List.of("1", "2", "3"),
                        List.of("1"),
                        List.of("2"),
                        List.of("3"),
                        List.of("4"));
        assertThat(scene.supply.buried()).containsOnlyKeys(1L);
        assertThat(scene.supply.done()).containsExactly(0L, 2L, 3L);
    }

    @Test
    void aSinkThatIsGoneDisablesAndLosesNothing() {
        Scene scene = new Scene(CONFIG, 1, 2);
        scene.supply.put(events(1, 5));
        scene.target.deliveries().getFirst().end(new Outcome.Gone(410, "it is gone"));
        assertThat(scene.disabled).containsExactly("it is gone");
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.DISABLED);
        assertThat(scene.dispatcher.status().reason()).isEqualTo("it is gone");
        scene.target.endAll(OK);
        assertThat(scene.supply.done()).containsExactly(1L);
        assertThat(scene.supply.readyCount()).isEqualTo(4);
        assertThat(scene.supply.again(0)).containsExactly(UNTOUCHED);
        assertThat(scene.target.deliveries()).hasSize(2);
        scene.dispatcher.resume();
        assertThat(scene.target.deliveries()).hasSize(4);
        assertThat(scene.dispatcher.status().reason()).isNull();
    }

    @Test
    void retryAfterHoldsTheWholeSink() {
        Scene scene = new Scene(CONFIG, 1, 2);
        scene.supply.put(events(1, 5));
        scene.target
                .deliveries()
                .getFirst()
                .end(new Outcome.RetryLater(Duration.ofSeconds(30), 429, "too many"));
        assertThat(scene.supply.again(0))
                .containsExactly(new Verdict.Again(Duration.ofSeconds(30), true));
        scene.target.deliveries().get(1).end(OK);
        scene.supply.put(events(6, 6));
        assertThat(scene.target.deliveries()).hasSize(2);
        assertThat(scene.supply.leasedCount()).isZero();
        scene.pass(Duration.ofMillis(29_999));
        assertThat(scene.target.deliveries()).hasSize(2);
        scene.pass(Duration.ofMillis(1));
        assertThat(scene.target.deliveries()).hasSize(4);
    }

    @Test
    void onlyWhoIsOverloadedIsLeftAlone() {
        Scene scene = new Scene(CONFIG, 1, 1);
        scene.supply.put(events(1, 2));
        scene.target.last().end(new Outcome.RetryLater(Duration.ofSeconds(30), 500, "it failed"));
        assertThat(scene.target.underWay()).isEqualTo(1);
        assertThat(scene.supply.again(0).getFirst().delay()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aRateIsKept() {
        Scene scene = new Scene(Scene.config(60), 1, 10);
        scene.supply.put(events(1, 200));
        for (int second = 0; second < 60; second++) {
            scene.target.endAll(OK);
            scene.pass(Duration.ofSeconds(1));
        }
        scene.target.endAll(OK);
        assertThat(scene.supply.done().size()).isBetween(58, 61);
        assertThat(scene.supply.leasedCount()).isLessThanOrEqualTo(1);
    }

    @Test
    void noAttemptBeginsThatItsLeaseDoesNotCover() {
        Scene scene = new Scene(CONFIG, 1, 1);
        scene.supply.put(events(1, 2));
        scene.clock.advance(45_000);
        scene.target.last().end(OK);
        // The second one had waited too long: it was given back and taken anew.
        assertThat(scene.supply.again(1)).containsExactly(UNTOUCHED);
        assertThat(scene.target.last().parcels().getFirst().cause().deadlineMillis())
                .isGreaterThan(scene.clock.epochMillis() + 30_000);
    }

    @Test
    void anAnswerIsPublishedBeforeTheDeliveryIsDone() {
        Scene scene = new Scene(CONFIG, 1, 1);
        CompletableFuture<Object> publishing = new CompletableFuture<>();
        scene.publishing = publishing;
        scene.supply.put(Scene.event(1).extension("correlationid", "c").build());
        Event answer = Scene.event(77).extension("correlationid", "own").build();
        scene.target.last().end(new Outcome.Delivered(200, answer, null));
        assertThat(scene.supply.done()).isEmpty();
        Event published = scene.answers.getFirst();
        assertThat(published.id()).isEqualTo("77");
        assertThat(published.extensions())
                .containsEntry("causationid", new StringValue("1"))
                .containsEntry("correlationid", new StringValue("c"));
        publishing.complete(new Object());
        assertThat(scene.supply.done()).containsExactly(0L);
    }

    @Test
    void anAnswerThatCannotBePublishedNowIsAFailure() {
        Scene scene = new Scene(CONFIG, 1, 1);
        scene.publishing =
                CompletableFuture.failedFuture(
                        new MillraceException(ErrorCode.OVERLOADED, "too much"));
        scene.supply.put(events(1, 1));
        scene.target.last().end(new Outcome.Delivered(200, events(7, 7)[0], null));
        assertThat(scene.supply.done()).isEmpty();
        assertThat(scene.supply.again(0))
                .containsExactly(new Verdict.Again(Duration.ofSeconds(1), true));
        assertThat(scene.dispatcher.status().lastFailure()).endsWith("too much");
    }

    @Test
    void anAnswerThatNobodyCouldPublishIsToldOf() {
        Scene scene = new Scene(CONFIG, 1, 1);
        scene.publishing =
                CompletableFuture.failedFuture(
                        new MillraceException(ErrorCode.CONTEXT_MISSING, "no context"));
        scene.supply.put(events(1, 1));
        scene.target.last().end(new Outcome.Delivered(200, events(7, 7)[0], null));
        assertThat(scene.supply.done()).containsExactly(0L);
        assertThat(scene.dispatcher.status().lastFailure()).endsWith("no context");
    }

    @Test
    void anEventIsTransformedBefore() {
        Scene scene =
                new Scene(
                        Scene.config(Transform.of("$merge([$, {'type': 'com.example.made'}])")),
                        1,
                        2);
        scene.supply.put(events(1, 1));
        assertThat(scene.target.deliveries()).isEmpty();
        scene.threads.tick();
        Event made = scene.target.last().parcels().getFirst().event();
        assertThat(made.type()).isEqualTo("com.example.made");
        scene.target.last().end(OK);
        assertThat(scene.supply.done()).containsExactly(0L);
    }

    @Test
    void whatCannotBeTransformedIsBuriedAndTheOthersGoOn() {
        Scene scene =
                new Scene(Scene.config(Transform.of("$merge([$, {'type': $number(id)}])")), 1, 5);
        Event bad = Scene.event(0).id("x").build();
        scene.supply.put(bad);
        scene.threads.tick();
        assertThat(scene.supply.buried().get(0L))
                .extracting(bury -> bury.reason())
                .isEqualTo(DeadLetter.Reason.TRANSFORM_FAILED);
        assertThat(scene.target.deliveries()).isEmpty();
        assertThat(scene.supply.leasedCount()).isZero();
        assertThat(scene.dispatcher.status().lastFailure()).isNotNull();
    }

    @Test
    void aPauseGivesBackWhatIsNotUnderWay() {
        Scene scene = new Scene(CONFIG, 1, 2);
        scene.supply.put(events(1, 5));
        scene.dispatcher.pause();
        assertThat(scene.supply.leasedCount()).isEqualTo(2);
        scene.target.endAll(OK);
        scene.supply.put(events(6, 6));
        assertThat(scene.target.deliveries()).hasSize(2);
        assertThat(scene.supply.done()).hasSize(2);
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.PAUSED);
        scene.dispatcher.resume();
        assertThat(scene.target.underWay()).isEqualTo(2);
    }

    @Test
    void closingWaitsForWhatIsUnderWay() {
        Scene scene = new Scene(CONFIG, 1, 1);
        scene.supply.put(events(1, 3));
        CompletableFuture<?> closed = scene.dispatcher.close(Duration.ofSeconds(5));
        assertThat(scene.supply.leasedCount()).isEqualTo(1);
        assertThat(closed).isNotDone();
        scene.target.last().end(OK);
        assertThat(closed).isDone();
        assertThat(scene.target.isClosed()).isTrue();
        assertThat(scene.supply.done()).containsExactly(0L);
        assertThat(scene.supply.readyCount()).isEqualTo(2);
    }

    @Test
    void closingDoesNotWaitForEver() {
        Scene scene = new Scene(CONFIG, 1, 1);
        scene.supply.put(events(1, 3));
        CompletableFuture<?> closed = scene.dispatcher.close(Duration.ofSeconds(5));
        scene.pass(Duration.ofSeconds(5));
        assertThat(closed).isDone();
        assertThat(scene.target.last().outcome()).isCancelled();
        assertThat(scene.supply.leasedCount()).isZero();
        assertThat(scene.supply.again(0)).containsExactly(UNTOUCHED);
        assertThat(scene.target.isClosed()).isTrue();
    }

    @Test
    void closingAtOnceBreaksOff() {
        Scene scene = new Scene(CONFIG, 1, 1);
        scene.supply.put(events(1, 3));
        assertThat(scene.dispatcher.close(Duration.ZERO)).isDone();
        assertThat(scene.supply.leasedCount()).isZero();
        scene.dispatcher.resume();
        scene.supply.put(events(4, 4));
        assertThat(scene.target.deliveries()).hasSize(1);
    }

    @Test
    void aSupplyThatIsRemovedGetsBackWhatIsNotUnderWay() {
        Scene scene = new Scene(CONFIG, 1, 2);
        scene.supply.put(events(1, 5));
        scene.dispatcher.remove(scene.supply);
        assertThat(scene.supply.leasedCount()).isEqualTo(2);
        scene.target.endAll(OK);
        assertThat(scene.target.deliveries()).hasSize(2);
    }
}
