package io.millrace.broker.queue;

import io.millrace.broker.queue.HostedQueue.Entering;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.queue.DuplicateWindow;
import io.millrace.shard.Append;
import io.millrace.shard.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Jobs that are put into a queue together: which are new, and when all of them are stored. The
/// shard's thread.
final class Admission {
    private final DuplicateWindow window;
    private final List<Entering> jobs;
    private final boolean isExempt;
    private final CompletableFuture<List<Admitted>> answer;
    private final Runnable whenDone;
    private final Admitted[] results;
    private int missing;
    private @Nullable MillraceException problem;

    Admission(
            DuplicateWindow window,
            List<Entering> jobs,
            boolean isExempt,
            CompletableFuture<List<Admitted>> answer,
            Runnable whenDone) {
        this.whenDone = whenDone;
        this.window = window;
        this.jobs = jobs;
        this.isExempt = isExempt;
        this.answer = answer;
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
                results[i] = new Admitted(number(place), false);
            } else {
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
        missing = appends;
        if (appends == 0) {
            whenDone.run();
            answer.complete(List.of(results));
        }
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
            done();
        }

        @Override
        public void failed(Append append, MillraceException failure) {
            problem = failure;
            for (int index : indices) {
                Entering job = jobs.get(index);
                if (!isExempt) {
                    long offset = results[index].number().offset();
                    window.remove(
                            job.job().source(),
                            job.job().id(),
                            new DuplicateWindow.First(job.lane(), offset));
                }
            }
            done();
        }

        private void done() {
            missing--;
            if (missing > 0) {
                return;
            }
            whenDone.run();
            if (problem == null) {
                answer.complete(List.of(results));
            } else {
                answer.completeExceptionally(problem);
            }
        }
    }
}
