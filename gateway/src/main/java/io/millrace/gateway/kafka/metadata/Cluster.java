package io.millrace.gateway.kafka.metadata;

import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The cluster of one broker that clients see.
///
/// @param id stable for the life of the data folder
/// @param host where clients reach the broker
/// @param port where clients reach the broker; known once it listens
public record Cluster(String id, String host, IntSupplier port) {
    /// The one broker, which leads everything.
    public static final int NODE = 0;

    /// Leaders never change.
    public static final int LEADER_EPOCH = 0;

    /// None.
    static @Nullable String rack() {
        return null;
    }
}
