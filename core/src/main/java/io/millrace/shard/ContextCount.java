package io.millrace.shard;

import io.millrace.event.Context;
import io.millrace.log.Retain;

/// How many records of a batch are in one context.
///
/// @param lastDelta the last of them, as its distance from the batch's first
/// @param decisiveDelta the last of them that does not just pass by; `lastDelta` if all do
/// @param retain what that one does to the event that is retained in the context
public record ContextCount(
        Context context, int count, int lastDelta, int decisiveDelta, Retain retain) {
    /// Records of which the last is retained.
    public ContextCount(Context context, int count, int lastDelta) {
        this(context, count, lastDelta, lastDelta, Retain.LATEST);
    }
}
