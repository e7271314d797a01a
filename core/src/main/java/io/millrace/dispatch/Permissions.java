package io.millrace.dispatch;

import io.millrace.delivery.RetrySchedule;
import io.millrace.delivery.WebhookPermission;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks a target whether it may be pushed to (CloudEvents http-webhook.md, section 4). One that
/// does not answer is asked again as deliveries are retried, hourly in the end. What was granted
/// holds until the target is found gone. Has its turns with its dispatcher.
public final class Permissions {
    static final Duration AWAITED_DELAY = Duration.ofHours(1);

    private static final WebhookPermission FREE = new WebhookPermission.Granted(null);

    private final @Nullable Supplier<CompletableFuture<WebhookPermission>> asking;
    private @Nullable WebhookPermission granted;
    private Question latest = new Question(0);
    private int unanswered;

    private Permissions(@Nullable Supplier<CompletableFuture<WebhookPermission>> asking) {
        this.asking = asking;
    }

    /// For a target that is not asked.
    public static Permissions notNeeded() {
        return new Permissions(null);
    }

    /// @param asking asks; its future completes exceptionally, with a reason as its message, if
    ///   there was no answer
    public static Permissions by(Supplier<CompletableFuture<WebhookPermission>> asking) {
        return new Permissions(asking);
    }

    /// Tells one question from another.
    record Question(int number) {}

    /// What came of a question.
    ///
    /// @param permission `null` if there was no answer
    /// @param problem why there was none
    /// @param delay when to ask again then
    record Answer(
            Question question,
            @Nullable WebhookPermission permission,
            @Nullable String problem,
            Duration delay) {}

    void ask(Consumer<Answer> told) {
        Question question = new Question(latest.number() + 1);
        latest = question;
        WebhookPermission known = asking == null ? FREE : granted;
        if (asking == null || known != null) {
            told.accept(new Answer(question, known, null, Duration.ZERO));
            return;
        }
        List<Duration> delays = RetrySchedule.DEFAULT.delays();
        Duration delay = delays.get(Math.min(unanswered, delays.size() - 1));
        unanswered++;
        CompletableFuture<WebhookPermission> answer;
        try {
            answer = asking.get();
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<WebhookPermission> _ =
                answer.whenComplete((permission, problem) ->
                        told.accept(new Answer(question, permission, sentence(problem), delay)));
    }

    private static @Nullable String sentence(@Nullable Throwable problem) {
        Throwable cause =
                problem instanceof CompletionException && problem.getCause() != null
                        ? problem.getCause()
                        : problem;
        return cause == null ? null : String.valueOf(cause.getMessage());
    }

    /// Whether an answer is to the last question; remembers what was granted then.
    boolean isLatest(Answer answer) {
        if (!answer.question().equals(latest)) {
            return false;
        }
        if (answer.permission() != null) {
            unanswered = 0;
        }
        if (answer.permission() instanceof WebhookPermission.Granted) {
            granted = answer.permission();
        }
        return true;
    }

    Question latest() {
        return latest;
    }

    /// Ends the question that is asked, so that its answer is not heard.
    void forget() {
        latest = new Question(latest.number() + 1);
    }

    /// What was granted holds no more.
    void withdraw() {
        granted = null;
    }
}
