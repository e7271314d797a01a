package io.millrace.broker.letter;

import io.millrace.error.MillraceException;
import io.millrace.event.Event;
import io.millrace.event.transform.Transform;
import io.millrace.event.transform.TransformResult;
import io.millrace.io.Threading;
import io.millrace.letter.DeadLetter;
import io.millrace.letter.DeadLetterStore;
import io.millrace.letter.KeptLetter;
import io.millrace.letter.LetterEnd;
import io.millrace.letter.Sending;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Sends letters to the ones that failed, some together. Thread-safe; waits.
///
/// A letter ends after its target has taken the event, never before. A crash in between leaves the
/// letter: sent again once more, the event arrives twice, with the same source and id.
public final class LetterSender {
    private final DeadLetterStore store;
    private final LetterTarget.Directory targets;
    private final Threading threading;

    /// Letters that are being sent: two requests do not send one twice.
    private final Set<String> inHand = ConcurrentHashMap.newKeySet();

    public LetterSender(
            DeadLetterStore store, LetterTarget.Directory targets, Threading threading) {
        this.store = store;
        this.targets = targets;
        this.threading = threading;
    }

    /// What is sent for a letter.
    ///
    /// @param replacement instead of its event, or `null`
    /// @param transform makes it of its event, or `null`
    public record Edit(@Nullable Event replacement, @Nullable Transform transform) {}

    private record Ready(Sending sending, LetterTarget target) {}

    public void send(List<KeptLetter> letters, Edit edit, LetterTally tally) {
        List<KeptLetter> taken = new ArrayList<>();
        try {
            List<Ready> ready = new ArrayList<>();
            for (KeptLetter kept : letters) {
                if (!inHand.add(kept.id())) {
                    tally.problem(kept.id(), "is being sent again already");
                    continue;
                }
                taken.add(kept);
                Ready each = ready(kept, edit, tally);
                if (each != null) {
                    ready.add(each);
                }
            }
            if (!ready.isEmpty()) {
                sendReady(ready, tally);
            }
        } finally {
            taken.forEach(kept -> inHand.remove(kept.id()));
        }
    }

    private @Nullable Ready ready(KeptLetter kept, Edit edit, LetterTally tally) {
        DeadLetter letter = kept.letter();
        LetterTarget target = targets.find(letter.kind(), letter.name());
        if (target == null) {
            tally.problem(
                    kept.id(),
                    "there is no %s %s to send it to; create it again, or discard the letter"
                            .formatted(letter.kind(), letter.name()));
            return null;
        }
        Event event = edit.replacement() == null ? letter.event() : edit.replacement();
        if (edit.transform() != null) {
            switch (edit.transform().apply(event, letter.context())) {
                case TransformResult.Transformed(Event made) -> event = made;
                case TransformResult.Failed(var problems) -> {
                    tally.problem(
                            kept.id(), "the transform failed: " + problems.getFirst().toString());
                    return null;
                }
            }
        }
        return new Ready(new Sending(kept, event), target);
    }

    private void sendReady(List<Ready> ready, LetterTally tally) {
        try {
            // Before: a target may fail and bury at once.
            threading.await(store.sending(ready.stream().map(Ready::sending).toList()));
        } catch (CompletionException e) {
            ready.forEach(each ->
                    tally.problem(each.sending().kept().id(), "was not sent: " + reason(e)));
            return;
        }
        List<CompletableFuture<@Nullable Void>> answers = new ArrayList<>();
        ready.forEach(each -> answers.add(handOver(each)));
        List<KeptLetter> taken = new ArrayList<>();
        for (int i = 0; i < ready.size(); i++) {
            KeptLetter kept = ready.get(i).sending().kept();
            try {
                threading.await(answers.get(i));
                taken.add(kept);
            } catch (CompletionException e) {
                tally.problem(kept.id(), "was not taken: " + reason(e));
            }
        }
        if (!taken.isEmpty()) {
            tally.done(taken.size());
            remove(taken, tally);
        }
    }

    private static CompletableFuture<@Nullable Void> handOver(Ready ready) {
        try {
            return ready.target.resubmit(ready.sending().letter(), ready.sending().event());
        } catch (MillraceException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void remove(List<KeptLetter> taken, LetterTally tally) {
        try {
            threading.await(store.remove(taken, LetterEnd.RESUBMITTED, ""));
        } catch (CompletionException e) {
            taken.forEach(kept ->
                    tally.problem(
                            kept.id(),
                            "was sent again, but the letter stays too, and would be sent twice: "
                                    + reason(e)));
        }
    }

    public static String reason(CompletionException e) {
        return e.getCause() instanceof MillraceException problem
                ? problem.problems().getFirst().toString()
                : String.valueOf(e.getCause());
    }
}
