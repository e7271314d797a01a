package io.millrace.query;

import io.millrace.broker.query.QueryEngine;
import io.millrace.broker.query.QueryEngines;
import io.millrace.broker.query.QueryGround;
import io.millrace.query.job.EngineConfig;
import io.millrace.query.job.FlinkEngine;

/// Gives the broker an engine on Apache Flink. Found as a service, since its libraries are loaded
/// with the first query only.
public final class FlinkQueries implements QueryEngines {
    @Override
    public QueryEngine open(QueryGround ground) {
        return new FlinkEngine(ground, EngineConfig.DEFAULT);
    }
}
