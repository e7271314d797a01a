package io.millrace.broker.query;

/// What all queries of a server may take together.
///
/// @param slots as many as the parallelism of all queries that run at a time, statements that are
///   asked once included; one that finds none waits
/// @param stateBytes memory for what queries remember: the caches and the write buffers of its
///   store on disk
public record QueryCapacity(int slots, long stateBytes) {
    public static final QueryCapacity DEFAULT = new QueryCapacity(32, 256L << 20);
}
