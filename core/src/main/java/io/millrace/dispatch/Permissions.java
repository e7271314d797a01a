package io.millrace.dispatch;

import io.millrace.delivery.RetrySchedule;
import io.millrace.delivery.WebhookPermission;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Asks a target whether it may be pushed to (CloudEvents http-webhook.md, section 4). One that
/// does not answer is asked again as deliveries are retried, hourly in the end. What was granted
/// holds until the target is found gone. It may also be granted later, by a callback; a target that
/// wants that is asked hourly nevertheless. Has its turns with its dispatcher.
public final class Permissions {
    static final Duration AWAITED_DELAY = Duration.ofHours(1);

    private static final WebhookPermission FREE = new WebhookPermission.Granted(null);

    private final @Nullable Asking asking;
    private @Nullable WebhookPermission granted;
    private Question latest = new Question(0);
    private int unanswered;

    /// What a callback is told to; another one as soon as it has been called, or what it would
    /// grant is not wanted any more.
    private @Nullable Callback callback;

    /// Asks a target.
    @FunctionalInterface
    public interface Asking {
        /// @param later hears of a permission that comes by callback, on any thread
        /// @return completes exceptionally, with a reason as its message, if there was no answer
        CompletableFuture<WebhookPermission> ask(Consumer<WebhookPermission.Granted> later);
    }

    private Permissions(@Nullable Asking asking) {
        this.asking = asking;
    }

    /// For a target that is not asked.
    public static Permissions notNeeded() {
        return new Permissions(null);
    }

    public static Permissions by(Asking asking) {
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

    /// What came by callback.
    record Grant(Callback callback, WebhookPermission.Granted permission) {}

    /// Passes on what it is told; on any thread.
    static final class Callback implements Consumer<WebhookPermission.Granted> {
        private final Consumer<Grant> heard;

        Callback(Consumer<Grant> heard) {
            this.heard = heard;
        }

        @Override
        public void accept(WebhookPermission.Granted permission) {
            heard.accept(new Grant(this, permission));
        }
    }

    /// @param told hears the answer, at once or later
    /// @param called hears what comes by callback
    void ask(Consumer<Answer> told, Consumer<Grant> called) {
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
        Callback later = callback == null ? new Callback(called) : callback;
        callback = later;
        CompletableFuture<WebhookPermission> answer;
        try {
            answer = asking.ask(later);
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

    /// Remembers what was granted by callback, once.
    ///
    /// @return whether it holds
    boolean take(Grant grant) {
        if (grant.callback() != callback) {
            return false;
        }
        callback = null;
        unanswered = 0;
        granted = grant.permission();
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
        callback = null;
    }
}
