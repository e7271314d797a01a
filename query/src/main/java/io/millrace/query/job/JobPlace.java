package io.millrace.query.job;

import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;

/// A Flink that runs jobs, as whoever watches them needs it. Thread-safe.
interface JobPlace {
    /// How often a job is looked at.
    long lookMillis();

    /// @throws ExecutionException if Flink does not say
    JobSight look(JobID job) throws ExecutionException, InterruptedException;

    JobMetrics metrics(JobID job);

    /// Stops a job where its last checkpoint was.
    void cancel(JobID job) throws InterruptedException;
}
