package io.millrace.query.job;

import io.millrace.broker.query.AdHocQuery;
import io.millrace.broker.query.RowReader;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.query.sink.RowQueue;
import io.millrace.query.sink.RowSink;
import io.millrace.query.source.SourcePlan;
import io.millrace.query.sql.PlannedStatement;
import io.millrace.query.sql.StatementProblems;
import io.millrace.query.sql.Statements;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.jspecify.annotations.Nullable;

/// One statement that somebody looks at. Used by the thread that runs it.
final class AdHocRun {
    private static final long POLL_MILLIS = 50;
    private static final ContextPattern EVERYTHING = ContextPattern.of("/**");

    private final FlinkEngine engine;
    private final Statements.Purpose purpose;
    private final long rowsMax;

    AdHocRun(FlinkEngine engine, AdHocQuery query) {
        this(
                engine,
                new Statements.Purpose(
                        query.sql(),
                        query.inputs(),
                        query.eventTime(),
                        query.parallelism(),
                        engine.starts(query.start(), EVERYTHING),
                        ends(engine, query.untilRecorded()),
                        null),
                query.rowsMax());
    }

    AdHocRun(FlinkEngine engine, Statements.Purpose purpose, long rowsMax) {
        this.engine = engine;
        this.purpose = purpose;
        this.rowsMax = rowsMax;
    }

    void run(RowReader reader) throws InterruptedException {
        run(reader, _ -> {});
    }

    /// @param check throws if the statement is not to be run as it was planned
    void run(RowReader reader, Consumer<PlannedStatement> check) throws InterruptedException {
        engine.requireSlots(purpose.parallelism());
        if (!engine.isStarted()) {
            reader.progress("starting the query engine");
        }
        // Planning and starting take their time both; they do not need each other.
        engine.warmUp();
        try (RowQueue rows = new RowQueue(UUID.randomUUID().toString())) {
            String queue = rows.name();
            PlannedStatement planned =
                    engine.plan(
                            engine.name(),
                            purpose,
                            JobSettings.adHoc(),
                            (result, _) -> new RowSink(queue, result));
            check.accept(planned);
            reader.columns(planned.columns());
            EmbeddedFlink flink = engine.flink();
            JobID job = submit(flink, planned);
            try {
                follow(flink, job, rows, reader);
            } finally {
                boolean interrupted = Thread.interrupted();
                rows.end();
                flink.cancel(job);
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private static SourcePlan.@Nullable Ends ends(FlinkEngine engine, @Nullable Instant until) {
        return until == null
                ? null
                : new SourcePlan.Ends(
                        engine.recordedBefore(until.toEpochMilli()), SourcePlan.Ends.COMPLETE);
    }

    private static JobID submit(EmbeddedFlink flink, PlannedStatement planned)
            throws InterruptedException {
        try {
            return flink.submit(FlinkEngine.job(planned, "ad hoc"));
        } catch (ExecutionException e) {
            throw new MillraceException(ErrorCode.QUERY_FAILED, StatementProblems.text(e), e);
        }
    }

    private void follow(EmbeddedFlink flink, JobID job, RowQueue rows, RowReader reader)
            throws InterruptedException {
        long given = 0;
        int quiet = 0;
        while (given < rowsMax) {
            RowQueue.Row row = rows.poll(POLL_MILLIS);
            if (row != null) {
                quiet = 0;
                given++;
                if (!reader.row(row.op(), row.values())) {
                    return;
                }
            } else {
                quiet++;
                if (quiet % 10 == 0) {
                    reader.idle();
                }
                if (quiet % 2 == 0 && hasEnded(flink, job) && rows.isEmpty()) {
                    return;
                }
            }
        }
    }

    private static boolean hasEnded(EmbeddedFlink flink, JobID job) throws InterruptedException {
        AccessExecutionGraph graph;
        try {
            graph = flink.graph(job);
        } catch (ExecutionException e) {
            throw new MillraceException(ErrorCode.QUERY_FAILED, StatementProblems.text(e), e);
        }
        JobStatus status = graph.getState();
        if (status == JobStatus.FAILED || status == JobStatus.FAILING) {
            var failure = graph.getFailureInfo();
            throw new MillraceException(
                    ErrorCode.QUERY_FAILED,
                    failure == null
                            ? "it ended without a reason"
                            : Failures.text(failure.getExceptionAsString()));
        }
        return status.isGloballyTerminalState();
    }
}
