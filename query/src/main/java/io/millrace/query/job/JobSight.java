package io.millrace.query.job;

import io.millrace.broker.query.QueryStatus;
import org.apache.flink.api.common.JobStatus;
import org.jspecify.annotations.Nullable;

/// A job as it was when somebody looked. Immutable.
///
/// @param status `null` if Flink does not know the job
/// @param isUp whether all of its tasks run
/// @param failure the last one; `null` if there is none
/// @param checkpoints `null` if nothing is known of them
/// @param stateBytes at the last checkpoint; -1 if there was none
/// @param checkpoint where the last one is; `null` if there is none to go on from
record JobSight(
        @Nullable JobStatus status,
        boolean isUp,
        @Nullable String failure,
        QueryStatus.@Nullable Checkpoints checkpoints,
        long stateBytes,
        @Nullable String checkpoint) {
    /// Nothing is known for now.
    static JobSight unreachable(String why) {
        return new JobSight(JobStatus.SUSPENDED, false, why, null, -1, null);
    }

    static JobSight lost(String why) {
        return new JobSight(null, false, why, null, -1, null);
    }

    /// Whether Flink has the job, and it may still do something.
    boolean isAlive() {
        return status != null && !status.isGloballyTerminalState();
    }
}
