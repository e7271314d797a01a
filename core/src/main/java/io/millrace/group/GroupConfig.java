package io.millrace.group;

import io.millrace.cursor.CursorConfig;
import java.time.Duration;

/// How a group gives its events out.
///
/// @param kind of the resource: Subscription or Queue
/// @param name of it
/// @param lease how long events are leased unless somebody says otherwise
/// @param cursor bounds of each cursor
/// @param buriesExpired whether what has expired goes to the dead letters; else it is only counted
public record GroupConfig(
        String kind, String name, Duration lease, CursorConfig cursor, boolean buriesExpired) {
    /// Whether its partitions are lanes of one queue: all on one shard, those of a higher number
    /// before the others.
    boolean isQueue() {
        return kind.equals("Queue");
    }
}
