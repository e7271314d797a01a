package io.millrace.dispatch;

import static io.millrace.dispatch.Scene.CONFIG;
import static io.millrace.dispatch.Scene.events;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.delivery.Outcome;
import io.millrace.delivery.WebhookPermission;
import io.millrace.delivery.WebhookPermission.Awaited;
import io.millrace.delivery.WebhookPermission.Denied;
import io.millrace.delivery.WebhookPermission.Granted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PermissionTest {
    private final List<CompletableFuture<WebhookPermission>> questions = new ArrayList<>();
    private final List<Consumer<Granted>> callbacks = new ArrayList<>();
    private final Scene scene =
            new Scene(
                    CONFIG,
                    1,
                    10,
                    Permissions.by(later -> {
                        callbacks.add(later);
                        questions.add(new CompletableFuture<>());
                        return questions.getLast();
                    }));

    @Test
    void nothingIsSentBeforePermissionIsGranted() {
        scene.supply.put(events(1, 1));
        assertThat(scene.target.deliveries()).isEmpty();
        assertThat(scene.supply.leasedCount()).isZero();
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.PENDING);
        assertThat(scene.dispatcher.status().reason()).isNotNull();
        questions.getLast().complete(new Granted(null));
        assertThat(scene.target.deliveries()).hasSize(1);
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.ACTIVE);
    }

    @Test
    void theRateThatIsGrantedIsKept() {
        questions.getLast().complete(new Granted(60));
        scene.supply.put(events(1, 100));
        for (int second = 0; second < 10; second++) {
            scene.target.endAll(ScriptedTarget.OK);
            scene.pass(Duration.ofSeconds(1));
        }
        assertThat(scene.target.deliveries().size()).isBetween(9, 11);
    }

    @Test
    void whoDeniesIsNotPushedToAndNotAskedAgainByItself() {
        questions.getLast().complete(new Denied("no"));
        assertThat(scene.disabled).containsExactly("no");
        scene.pass(Duration.ofDays(1));
        assertThat(questions).hasSize(1);
        scene.dispatcher.resume();
        assertThat(questions).hasSize(2);
        questions.getLast().complete(new Granted(null));
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.ACTIVE);
    }

    @Test
    void whoWantsToAnswerLaterIsAskedHourly() {
        questions.getLast().complete(new Awaited());
        scene.pass(Duration.ofMinutes(59));
        assertThat(questions).hasSize(1);
        scene.pass(Duration.ofMinutes(1));
        assertThat(questions).hasSize(2);
    }

    @Test
    void whoDoesNotAnswerIsAskedAgainAndOnResume() {
        questions.getLast().completeExceptionally(new IllegalStateException("it is away"));
        assertThat(scene.dispatcher.status().reason()).startsWith("it is away");
        scene.pass(Duration.ofSeconds(10));
        assertThat(questions).hasSize(2);
        questions.getLast().completeExceptionally(new IllegalStateException("it is away"));
        scene.pass(Duration.ofSeconds(29));
        assertThat(questions).hasSize(2);
        scene.dispatcher.resume();
        assertThat(questions).hasSize(3);
        // The question before is not asked once more by its timer.
        scene.pass(Duration.ofSeconds(1));
        assertThat(questions).hasSize(3);
    }

    @Test
    void anAnswerAfterAPauseIsNotHeard() {
        scene.dispatcher.pause();
        questions.getLast().complete(new Granted(null));
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.PAUSED);
    }

    @Test
    void nobodyIsAskedAgainDuringAPause() {
        questions.getLast().completeExceptionally(new IllegalStateException("it is away"));
        scene.dispatcher.pause();
        scene.pass(Duration.ofHours(1));
        assertThat(questions).hasSize(1);
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.PAUSED);
    }

    @Test
    void whatWasGrantedHoldsOverAPauseButNotOverASinkThatIsGone() {
        questions.getLast().complete(new Granted(null));
        scene.dispatcher.pause();
        scene.dispatcher.resume();
        assertThat(questions).hasSize(1);
        scene.supply.put(events(1, 1));
        scene.target.last().end(new Outcome.Gone(410, "gone"));
        scene.dispatcher.resume();
        assertThat(questions).hasSize(2);
    }

    @Test
    void whoCallsBackIsPushedToAtItsRateAndNotAskedAgain() {
        scene.supply.put(events(1, 100));
        questions.getLast().complete(new Awaited());
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.PENDING);
        callbacks.getLast().accept(new Granted(60));
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.ACTIVE);
        assertThat(scene.dispatcher.status().reason()).isNull();
        for (int second = 0; second < 10; second++) {
            scene.target.endAll(ScriptedTarget.OK);
            scene.pass(Duration.ofSeconds(1));
        }
        assertThat(scene.target.deliveries().size()).isBetween(9, 11);
        scene.pass(Duration.ofHours(2));
        assertThat(questions).hasSize(1);
    }

    @Test
    void aCallbackMayComeBeforeTheAnswerToTheQuestion() {
        scene.supply.put(events(1, 1));
        callbacks.getLast().accept(new Granted(null));
        questions.getLast().complete(new Awaited());
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.ACTIVE);
        assertThat(scene.target.deliveries()).hasSize(1);
        scene.pass(Duration.ofHours(2));
        assertThat(questions).hasSize(1);
    }

    @Test
    void oneCallbackHoldsForAllTimesThatOneIsAsked() {
        questions.getLast().complete(new Awaited());
        scene.pass(Duration.ofHours(1));
        questions.getLast().completeExceptionally(new IllegalStateException("it is away"));
        assertThat(callbacks).hasSize(2);
        assertThat(callbacks.getFirst()).isSameAs(callbacks.getLast());
        callbacks.getFirst().accept(new Granted(null));
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.ACTIVE);
    }

    @Test
    void aCallbackDuringAPauseHoldsAfterIt() {
        questions.getLast().complete(new Awaited());
        scene.dispatcher.pause();
        callbacks.getLast().accept(new Granted(null));
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.PAUSED);
        scene.dispatcher.resume();
        assertThat(questions).hasSize(1);
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.ACTIVE);
    }

    @Test
    void aCallbackFromBeforeTheSinkWasGoneGrantsNothing() {
        questions.getLast().complete(new Granted(null));
        scene.supply.put(events(1, 1));
        scene.target.last().end(new Outcome.Gone(410, "gone"));
        scene.dispatcher.resume();
        questions.getLast().complete(new Awaited());
        callbacks.getFirst().accept(new Granted(null));
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.PENDING);
        callbacks.getLast().accept(new Granted(null));
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.ACTIVE);
        callbacks.getLast().accept(new Granted(1));
        assertThat(scene.dispatcher.status().state()).isEqualTo(DispatchState.ACTIVE);
    }
}
