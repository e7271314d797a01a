package io.millrace.broker;

import io.millrace.broker.letter.LetterAccess;
import io.millrace.broker.letter.LetterRun;
import io.millrace.broker.letter.LetterSender;
import io.millrace.broker.letter.LetterSender.Edit;
import io.millrace.broker.letter.LetterTally;
import io.millrace.broker.letter.LetterTarget;
import io.millrace.broker.letter.LettersById;
import io.millrace.broker.letter.LettersFound;
import io.millrace.broker.letter.PacedSending;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.transform.Transform;
import io.millrace.io.Clock;
import io.millrace.io.Threading;
import io.millrace.letter.DeadLetter;
import io.millrace.letter.DeadLetterStore;
import io.millrace.letter.KeptLetter;
import io.millrace.letter.LetterEnd;
import io.millrace.letter.LetterPage;
import io.millrace.letter.LetterSearch;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The dead letters of all subscriptions and queues, over their store.
///
/// **Sending again.** A letter goes when its target has taken the event. A crash in between leaves
/// it, and the event can arrive twice, with the same source and id. What is sent at a rate or after
/// a delay goes on beside; its answer tells of nothing that was done, its end stands in the log,
/// and [DeadLetterStore#counts] go on counting. It is not recorded: a restart ends it, and the
/// letters that were not sent yet are simply still there.
///
/// **Seeing.** Whoever may manage a subscription or queue sees and treats its letters. A search
/// over all finds those of the allowed ones only.
public final class LetterWorkbench implements DeadLetters, AutoCloseable {
    /// Ids in one request, and letters on one page, at most.
    public static final int IDS_MAX = 10_000;

    public static final int PAGE_MAX = 1000;

    private static final int CHUNK = 100;
    private static final int PACED_MAX = 100;
    private static final Duration PACE = Duration.ofMillis(100);
    private static final Duration TIDY = Duration.ofSeconds(1);

    private final DeadLetterStore store;
    private final Guard guard;
    private final Clock clock;
    private final Threading threading;
    private final LetterSender sender;
    private final ConcurrentLinkedQueue<PacedSending> paced = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pacedCount = new AtomicInteger();
    private volatile boolean closed;

    /// @param targets where letters are sent again
    /// @param threading where that goes on beside, and where the store is tidied
    public LetterWorkbench(
            DeadLetterStore store,
            LetterTarget.Directory targets,
            Guard guard,
            Clock clock,
            Threading threading) {
        this.store = store;
        this.guard = guard;
        this.clock = clock;
        this.threading = threading;
        this.sender = new LetterSender(store, targets, threading);
        threading.every("tidy-dead-letters", TIDY, store::tidy);
        threading.every("resubmit-dead-letters", PACE, this::sendPaced);
    }

    @Override
    public Page search(Principal principal, LetterSearch search, @Nullable String after, int max) {
        if (max < 1) {
            throw invalid("max", "at least one letter must be asked for");
        }
        LetterAccess access = access(principal, search);
        LetterPage page =
                store.search(search, position(after), Math.min(max, PAGE_MAX), access::allows);
        return new Page(
                page.letters().stream().map(KeptLetter::letter).toList(),
                page.next() < 0 ? null : Long.toString(page.next()));
    }

    private LetterAccess access(Principal principal, LetterSearch search) {
        LetterAccess access = new LetterAccess(guard, principal);
        if (search.kind() != null && search.name() != null) {
            // Not an empty answer to someone who names what is not theirs.
            access.require(search.kind(), search.name());
        }
        return access;
    }

    private static long position(@Nullable String after) {
        if (after == null) {
            return 0;
        }
        try {
            long position = Long.parseLong(after);
            if (position >= 0) {
                return position;
            }
        } catch (NumberFormatException _) {
            // It is told below.
        }
        throw invalid("after", "is not what an earlier page gave as next");
    }

    private static MillraceException invalid(String field, String detail) {
        return new MillraceException(ErrorCode.REQUEST_INVALID, field, detail);
    }

    @Override
    public DeadLetter get(Principal principal, String id) {
        KeptLetter kept = store.get(id);
        if (kept == null) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND, "there is no dead letter %s".formatted(id));
        }
        guard.manage(principal, kept.letter().kind(), kept.letter().name());
        return kept.letter();
    }

    @Override
    public Outcome resubmit(Principal principal, List<String> ids, Resubmission how) {
        if (how.replacement() != null && ids.size() != 1) {
            throw invalid("event", "can replace one letter's event only, so name one id");
        }
        return resubmit(run(principal, ids), how);
    }

    @Override
    public Outcome resubmit(Principal principal, LetterSearch search, Resubmission how) {
        if (how.replacement() != null) {
            throw invalid("event", "can replace one letter's event only, so name its id");
        }
        return resubmit(new LettersFound(store, access(principal, search), search), how);
    }

    private LetterRun run(Principal principal, List<String> ids) {
        if (ids.isEmpty() || ids.size() > IDS_MAX) {
            throw invalid("ids", "must be 1 to %d".formatted(IDS_MAX));
        }
        return new LettersById(store, new LetterAccess(guard, principal), ids);
    }

    private Outcome resubmit(LetterRun run, Resubmission how) {
        requireOpen();
        Edit edit = edit(how);
        Double perSecond = how.perSecond();
        if (perSecond != null && !(perSecond > 0 && perSecond < 1e6)) {
            throw invalid("perSecond", "must be more than 0 and less than 1000000");
        }
        if (how.delay().isNegative()) {
            throw invalid("delay", "must not be negative");
        }
        LetterTally tally = new LetterTally();
        if (perSecond == null && how.delay().isZero()) {
            while (!run.isOver() && !isStopping(tally)) {
                sender.send(run.next(CHUNK, tally), edit, tally);
            }
            return outcome(tally);
        }
        if (pacedCount.incrementAndGet() > PACED_MAX) {
            pacedCount.decrementAndGet();
            throw new MillraceException(
                    ErrorCode.OVERLOADED,
                    "dead letters are being sent again for %d requests; wait for one to end"
                            .formatted(PACED_MAX));
        }
        long dueNanos = clock.nanoTime() + how.delay().toNanos();
        paced.add(new PacedSending(run, edit, perSecond, dueNanos));
        return outcome(tally);
    }

    private static Outcome outcome(LetterTally tally) {
        return new Outcome(tally.done(), tally.problems());
    }

    private boolean isStopping(LetterTally tally) {
        if (closed) {
            tally.problem("the rest", "stays as it is, because the server is stopping");
        }
        return closed;
    }

    private void requireOpen() {
        if (closed) {
            throw new MillraceException(ErrorCode.SHUTTING_DOWN, "the server is stopping");
        }
    }

    private static Edit edit(Resubmission how) {
        String transform = how.transform();
        if (transform != null && how.replacement() != null) {
            throw invalid("transform", "and event exclude each other");
        }
        return new Edit(how.replacement(), transform == null ? null : Transform.of(transform));
    }

    /// Lets each request that goes on beside send what is due.
    private void sendPaced() {
        for (PacedSending each : paced) {
            if (closed) {
                return;
            }
            boolean isMore = false;
            try {
                isMore = each.send(sender, clock.nanoTime(), CHUNK);
            } finally {
                if (!isMore) {
                    paced.remove(each);
                    pacedCount.decrementAndGet();
                }
            }
        }
    }

    @Override
    public Outcome discard(Principal principal, List<String> ids, String reason) {
        return discard(run(principal, ids), principal, reason);
    }

    @Override
    public Outcome discard(Principal principal, LetterSearch search, String reason) {
        return discard(
                new LettersFound(store, access(principal, search), search), principal, reason);
    }

    private Outcome discard(LetterRun run, Principal principal, String reason) {
        requireOpen();
        if (reason.isBlank()) {
            throw invalid("reason", "must say why the letters are discarded");
        }
        LetterTally tally = new LetterTally();
        String why = principal.name() + ": " + reason;
        while (!run.isOver() && !isStopping(tally)) {
            List<KeptLetter> letters = run.next(CHUNK, tally);
            if (!letters.isEmpty()) {
                try {
                    tally.done(threading.await(store.remove(letters, LetterEnd.DISCARDED, why)));
                } catch (CompletionException e) {
                    letters.forEach(kept ->
                            tally.problem(
                                    kept.id(), "was not discarded: " + LetterSender.reason(e)));
                }
            }
        }
        return outcome(tally);
    }

    /// Begins nothing more; what is sent beside ends where it is.
    @Override
    public void close() {
        closed = true;
    }
}
