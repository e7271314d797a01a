package io.millrace.broker.query;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a query is.
///
/// @param since when the state began
/// @param progress what is being done, in a few words
/// @param restarts since it was started
/// @param watermark up to which time results are complete; `null` if that is not known
/// @param lagEvents stored events that it has not read
/// @param watermarkDelayMillis how far the watermark is behind the clock; -1 if it is not known
/// @param stateBytes at the last checkpoint
public record QueryStatus(
        String name,
        State state,
        Instant since,
        @Nullable String progress,
        @Nullable Failure error,
        int restarts,
        Counts counts,
        Rates rates,
        @Nullable Instant watermark,
        long lagEvents,
        long watermarkDelayMillis,
        long stateBytes,
        Checkpoints checkpoints,
        List<String> warnings,
        PlanGraph plan) {
    /// What it is doing.
    public enum State {
        STARTING,
        RUNNING,
        RESTARTING,
        FAILED,
        PAUSED
    }

    /// @param line of the statement, from 1; 0 if it is not known
    public record Failure(String message, int line, int column, Instant at) {}

    /// Events since the query began: input = counted + corrected + late + invalid.
    ///
    /// @param counted in time
    /// @param corrected late, and within the lateness
    /// @param late beyond it, or ahead of the clock
    /// @param invalid whose data does not fit the schema
    /// @param output results
    public record Counts(
            long input, long counted, long corrected, long late, long invalid, long output) {
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);
    }

    /// A second.
    public record Rates(double input, double output) {}

    /// @param last `null` if there is none
    /// @param durationMillis of the last
    public record Checkpoints(
            @Nullable Instant last, long durationMillis, long bytes, long completed, long failed) {
        public static final Checkpoints NONE = new Checkpoints(null, 0, 0, 0, 0);
    }
}
