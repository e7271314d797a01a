package io.millrace.broker.query;

/// Gives the broker its query engine, once, when the first query comes.
@FunctionalInterface
public interface QueryEngines {
    /// Quick: what takes long happens in the background.
    ///
    /// @throws io.millrace.error.MillraceException QUERIES_UNAVAILABLE
    QueryEngine open(QueryGround ground);

    /// The same for engines of that capacity.
    default QueryEngines with(QueryCapacity capacity) {
        return this;
    }
}
