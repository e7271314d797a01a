package io.millrace.broker.queue;

import io.millrace.broker.queue.HostedQueue.Entering;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Event;
import io.millrace.queue.DuplicateWindow;
import io.millrace.shard.Append;
import io.millrace.shard.Partition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Jobs that are put into a queue together: which are new, and when all of them are stored. The
/// shard's thread.
final class Admission {
    private final DuplicateWindow window;
    private final Underway underway;
    private final List<Entering> jobs;
    private final boolean isExempt;
    private final CompletableFuture<List<Admitted>> answer;
    private final Runnable whenDone;
    private final Admitted[] results;
    private int missing;
    private @Nullable MillraceException problem;

    /// What somebody wants to put in.
    ///
    /// @param isExempt whether they are no duplicates of what was put in before
    record Request(
            List<Entering> jobs, boolean isExempt, CompletableFuture<List<Admitted>> answer) {}

    /// Jobs that are not stored yet, and the duplicates of each that wait to hear that it is: that
    /// a job is here already is true only then.
    static final class Underway {
        private final Map<DuplicateWindow.First, List<Admission>> waiting = new HashMap<>();

        private void begin(DuplicateWindow.First job) {
            waiting.put(job, List.of());
        }

        /// @return whether there is anything to wait for
        private boolean await(DuplicateWindow.First job, Admission duplicate) {
            List<Admission> before = waiting.get(job);
            if (before == null) {
                return false;
            }
            List<Admission> more = new ArrayList<>(before);
            more.add(duplicate);
            waiting.put(job, more);
            return true;
        }

        private void end(DuplicateWindow.First job, @Nullable MillraceException problem) {
            List<Admission> told = waiting.remove(job);
            if (told != null) {
                told.forEach(duplicate -> duplicate.done(problem));
            }
        }
    }

    Admission(DuplicateWindow window, Underway underway, Request request, Runnable whenDone) {
        this.whenDone = whenDone;
        this.window = window;
        this.underway = underway;
        this.jobs = request.jobs;
        this.isExempt = request.isExempt;
        this.answer = request.answer;
        this.results = new Admitted[jobs.size()];
    }

    /// What goes into a lane.
    ///
    /// @return `null` if that is nothing
    @Nullable Append append(Partition lane) {
        List<Append.Entry> entries = new ArrayList<>();
        List<Integer> indices = new ArrayList<>();
        long offset = lane.log().endOffset();
        for (int i = 0; i < jobs.size(); i++) {
            Entering job = jobs.get(i);
            if (job.lane() != lane.number()) {
                continue;
            }
            DuplicateWindow.First place =
                    new DuplicateWindow.First(lane.number(), offset + entries.size());
            DuplicateWindow.First known =
                    isExempt ? null : window.add(job.job().source(), job.job().id(), place);
            if (known == null) {
                entries.add(job.entry());
                indices.add(i);
                underway.begin(place);
                results[i] = new Admitted(number(place), false);
            } else {
                missing += underway.await(known, this) ? 1 : 0;
                results[i] = new Admitted(number(known), true);
            }
        }
        return entries.isEmpty() ? null : new Append(lane, entries, new Reply(indices));
    }

    private static JobNumber number(DuplicateWindow.First place) {
        return new JobNumber(place.lane(), place.offset());
    }

    /// @param appends that are under way
    void begin(int appends) {
        missing += appends + 1;
        done(null);
    }

    void refuse(Append append) {
        new Reply(indicesOf(append.partition().number()))
                .failed(
                        append,
                        new MillraceException(
                                ErrorCode.OVERLOADED,
                                "too much waits to be written; slow down and try again"));
    }

    private List<Integer> indicesOf(int lane) {
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            if (jobs.get(i).lane() == lane && !results[i].isDuplicate()) {
                indices.add(i);
            }
        }
        return indices;
    }

    /// Hears of one lane.
    private final class Reply implements Append.Reply {
        private final List<Integer> indices;

        Reply(List<Integer> indices) {
            this.indices = indices;
        }

        @Override
        public void stored(Append append, long baseOffset) {
            indices.forEach(index -> underway.end(place(index), null));
            done(null);
        }

        @Override
        public void failed(Append append, MillraceException failure) {
            for (int index : indices) {
                Event job = jobs.get(index).job();
                if (!isExempt) {
                    window.remove(job.source(), job.id(), place(index));
                }
                underway.end(place(index), failure);
            }
            done(failure);
        }
    }

    private DuplicateWindow.First place(int index) {
        return new DuplicateWindow.First(jobs.get(index).lane(), results[index].number().offset());
    }

    /// A part of it is done.
    private void done(@Nullable MillraceException failure) {
        problem = failure == null ? problem : failure;
        missing--;
        if (missing > 0) {
            return;
        }
        whenDone.run();
        MillraceException failed = problem;
        if (failed == null) {
            answer.complete(List.of(results));
        } else {
            answer.completeExceptionally(failed);
        }
    }
}
