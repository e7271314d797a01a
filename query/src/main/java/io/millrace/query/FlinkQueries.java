package io.millrace.query;

import io.millrace.broker.query.QueryCapacity;
import io.millrace.broker.query.QueryEngine;
import io.millrace.broker.query.QueryEngines;
import io.millrace.broker.query.QueryGround;
import io.millrace.query.job.FlinkEngine;

/// Gives the broker an engine on Apache Flink. Found as a service, since its libraries are loaded
/// with the first query only.
public final class FlinkQueries implements QueryEngines {
    private final QueryCapacity capacity;

    /// As services are made.
    public FlinkQueries() {
        this(QueryCapacity.DEFAULT);
    }

    private FlinkQueries(QueryCapacity capacity) {
        this.capacity = capacity;
    }

    @Override
    public QueryEngines with(QueryCapacity other) {
        return new FlinkQueries(other);
    }

    @Override
    public QueryEngine open(QueryGround ground) {
        return new FlinkEngine(ground, capacity);
    }
}
