package io.millrace.dispatch;

import io.millrace.error.Problem;
import io.millrace.event.transform.Transform;
import io.millrace.event.transform.TransformResult;
import io.millrace.group.Leased;
import io.millrace.group.Supply;
import io.millrace.group.Verdict;
import io.millrace.letter.DeadLetter;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes of events what is delivered. A transform may take its time: not for a shard's thread.
///
/// @param parcels what can be delivered
/// @param failures events that no transform could be made of, and why
record Preparation(List<Parcel> parcels, List<Failure> failures) {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);
    private static final Duration FAULT_DELAY = Duration.ofMinutes(1);

    record Failure(Parcel parcel, String detail) {
        Verdict.Bury verdict() {
            return new Verdict.Bury(DeadLetter.Reason.TRANSFORM_FAILED, detail, 0);
        }
    }

    /// Leaves the events as they are.
    static Preparation plain(Supply supply, List<Leased> events) {
        List<Parcel> parcels = new ArrayList<>(events.size());
        for (Leased leased : events) {
            parcels.add(new Parcel(supply, leased, leased.event().event(), false));
        }
        return new Preparation(parcels, List.of());
    }

    static Preparation transformed(Supply supply, List<Leased> events, Transform transform) {
        List<Parcel> parcels = new ArrayList<>(events.size());
        List<Failure> failures = new ArrayList<>();
        for (Leased leased : events) {
            StoredEvent stored = leased.event();
            Parcel plain = new Parcel(supply, leased, stored.event(), false);
            try {
                switch (transform.apply(stored.event(), stored.context())) {
                    case TransformResult.Transformed(var event) ->
                            parcels.add(new Parcel(supply, leased, event, false));
                    case TransformResult.Failed(var problems) ->
                            failures.add(new Failure(plain, sentence(problems)));
                }
            } catch (RuntimeException e) {
                LOG.error("A transform failed at {}", stored.receipt(), e);
                supply.settle(leased, new Verdict.Again(FAULT_DELAY, true));
            }
        }
        return new Preparation(parcels, failures);
    }

    private static String sentence(List<Problem> problems) {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
    }
}
