package io.millrace.query.job;

/// Bounds of the queries of one server.
///
/// @param slots how many queries can run at once, those with a higher parallelism counting for more
/// @param memoryBytes outside of the heap, for the state of all of them
public record EngineConfig(int slots, long memoryBytes) {
    public static final EngineConfig DEFAULT = new EngineConfig(32, 256L << 20);
}
