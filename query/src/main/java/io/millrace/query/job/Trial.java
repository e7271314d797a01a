package io.millrace.query.job;

import io.millrace.broker.query.AdHocQuery;
import io.millrace.broker.query.QueryColumn;
import io.millrace.broker.query.RowReader;
import io.millrace.error.MillraceException;
import io.millrace.resource.QueryResource;
import io.millrace.resource.StartPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Tries a query on what was stored lately.
final class Trial {
    private static final int ROWS = 10;
    private static final Duration BACK = Duration.ofHours(1);

    private final FlinkEngine engine;

    Trial(FlinkEngine engine) {
        this.engine = engine;
    }

    /// @return rows; none if it fails, which then is no matter of the plan
    List<ObjectNode> sample(QueryResource query) {
        List<ObjectNode> rows = new ArrayList<>();
        Instant now = Instant.ofEpochMilli(engine.ground().clock().epochMillis());
        AdHocQuery trial =
                new AdHocQuery(
                        query.sql(),
                        query.inputs(),
                        new StartPoint.Since(now.minus(BACK)),
                        now,
                        query.eventTime(),
                        1,
                        ROWS);
        try {
            engine.run(trial, new Collecting(rows));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (MillraceException _) {
            // Told when it runs, with its counts.
        }
        return rows;
    }

    private record Collecting(List<ObjectNode> rows) implements RowReader {
        @Override
        public void progress(String text) {
            // Nobody watches.
        }

        @Override
        public void columns(List<QueryColumn> columns) {
            // Known from the plan.
        }

        @Override
        public boolean row(String op, ObjectNode row) {
            rows.add(row);
            return rows.size() < ROWS;
        }

        @Override
        public void idle() {
            // It ends by itself.
        }
    }
}
