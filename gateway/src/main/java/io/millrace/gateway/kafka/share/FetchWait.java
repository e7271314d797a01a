package io.millrace.gateway.kafka.share;

import io.millrace.broker.share.Share;
import io.millrace.gateway.kafka.serial.Serial;
import io.millrace.group.LeasedOffsets;
import io.millrace.group.OffsetLeases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// Leases from several topics for one request, waiting until there is something or the time is over
/// without a thread that waits. Thread-safe.
final class FetchWait {
    private final List<Source> sources;
    private final Duration waitMax;
    private final Serial serial;
    private final Share.Demand demand;
    private final CompletableFuture<List<Given>> answer = new CompletableFuture<>();
    private final List<OffsetLeases.Place> places = new ArrayList<>();
    private Serial.@Nullable Timer timer;
    private boolean isTrying = true;
    private boolean isCalled;
    private boolean isOver;

    /// What may be taken of one topic.
    record Source(Uuid topic, Share share, List<Integer> partitions) {}

    /// What was taken of one topic.
    record Given(Source source, LeasedOffsets leased) {}

    /// @param serial for the time
    FetchWait(List<Source> sources, Share.Demand demand, Duration waitMax, Serial serial) {
        this.waitMax = waitMax;
        this.serial = serial;
        this.sources = sources;
        this.demand = demand;
    }

    /// Begins.
    ///
    /// @return never fails as long as one of the topics has something; on any thread, which must
    ///   not be kept
    CompletableFuture<List<Given>> begin() {
        // In the line first: what comes after the first try calls.
        for (Source source : sources) {
            places.add(source.share.standBy(this::called));
        }
        attempt();
        return answer;
    }

    private void called() {
        synchronized (this) {
            if (isTrying || isOver) {
                isCalled = true;
                return;
            }
            isTrying = true;
        }
        attempt();
    }

    /// Waits no longer: what there is now is all.
    void timeOver() {
        synchronized (this) {
            if (isOver) {
                return;
            }
            isOver = true;
            if (isTrying) {
                return;
            }
            isTrying = true;
        }
        finish(List.of(), null);
    }

    private void attempt() {
        places.forEach(OffsetLeases.Place::come);
        attempt(0, new ArrayList<>(), demand);
    }

    private void attempt(int index, List<Given> given, Share.Demand left) {
        if (index == sources.size() || left.max() <= 0) {
            attempted(given, null);
            return;
        }
        Source source = sources.get(index);
        var _ =
                source.share
                        .lease(source.partitions, left)
                        .whenComplete((tried, problem) -> {
                            if (problem != null) {
                                attempted(given, problem);
                                return;
                            }
                            int count = 0;
                            for (LeasedOffsets leased : tried.leased()) {
                                given.add(new Given(source, leased));
                                count += (int) leased.count();
                            }
                            attempt(index + 1, given, left.less(count));
                        });
    }

    private void attempted(List<Given> given, @Nullable Throwable problem) {
        boolean isDone;
        synchronized (this) {
            isDone = isOver || !given.isEmpty() || problem != null;
            isOver = isDone;
            if (!isDone && !isCalled) {
                isTrying = false;
                if (timer == null) {
                    timer = serial.after(waitMax, this::timeOver);
                }
                return;
            }
            isCalled = false;
        }
        if (isDone) {
            finish(given, given.isEmpty() ? problem : null);
        } else {
            attempt();
        }
    }

    private void finish(List<Given> given, @Nullable Throwable problem) {
        places.forEach(OffsetLeases.Place::close);
        synchronized (this) {
            if (timer != null) {
                timer.cancel();
            }
        }
        if (problem == null) {
            answer.complete(given);
        } else {
            answer.completeExceptionally(problem);
        }
    }
}
