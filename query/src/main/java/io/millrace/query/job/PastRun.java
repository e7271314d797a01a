package io.millrace.query.job;

import io.millrace.broker.query.Feed;
import io.millrace.broker.query.RowReader;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.query.source.SourcePlan;
import io.millrace.query.sql.PlannedStatement;
import io.millrace.query.sql.StatementProblems;
import io.millrace.query.sql.Statements;
import io.millrace.resource.QueryResource;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/// A query once more, over what had been recorded at a time, with its watermarks as they were then:
/// what was open then stays open. Used by the thread that runs it.
final class PastRun {
    private final FlinkEngine engine;
    private final QueryResource query;
    private final Map<String, Long> starts;
    private final Instant time;

    /// @param starts where the query began, by feed
    private PastRun(
            FlinkEngine engine, QueryResource query, Map<String, Long> starts, Instant time) {
        this.engine = engine;
        this.query = query;
        this.starts = starts;
        this.time = time;
    }

    /// The past of a query that has begun.
    ///
    /// @throws MillraceException VIEW_PAST_UNKNOWN, QUERY_FAILED
    static PastRun of(FlinkEngine engine, QueryResource query, QueryFiles files, Instant time) {
        QueryFiles.Begin begin;
        try {
            begin = files.begin();
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.QUERY_FAILED,
                    "the query does not know where it began: " + StatementProblems.text(e),
                    e);
        }
        if (begin == null) {
            throw unknown(
                    "the query %s, which fills it, has not begun yet".formatted(query.name()));
        }
        return new PastRun(engine, query, begin.starts(), time);
    }

    void run(RowReader reader) throws InterruptedException {
        long millis = Math.min(time.toEpochMilli(), engine.ground().clock().epochMillis());
        Statements.Purpose purpose =
                new Statements.Purpose(
                        query.sql(),
                        query.inputs(),
                        query.eventTime(),
                        query.parallelism(),
                        starts,
                        new SourcePlan.Ends(engine.recordedBefore(millis + 1), millis),
                        null);
        new AdHocRun(engine, purpose, Long.MAX_VALUE).run(reader, this::requireWhole);
    }

    /// All that the query had read has to be there still, as it was.
    private void requireWhole(PlannedStatement planned) {
        for (String view : planned.current()) {
            throw unknown(
                    ("the query %s looks things up in the view %s as it is at the moment, and what that"
                                    + " was then is not known")
                            .formatted(query.name(), view));
        }
        for (SourcePlan plan : planned.read()) {
            ContextPattern pattern = ContextPattern.of(plan.pattern());
            for (Feed feed : engine.ground().feeds().of(pattern, plan.stream())) {
                Long start = plan.starts().get(feed.id());
                if (feed.isCompacted() || feed.startOffset() > (start == null ? 0 : start)) {
                    throw unknown(
                            "events of the stream %s that the query %s had read are not kept any more"
                                    .formatted(feed.stream(), query.name()));
                }
            }
        }
    }

    private static MillraceException unknown(String why) {
        return new MillraceException(ErrorCode.VIEW_PAST_UNKNOWN, "asOf", why);
    }
}
