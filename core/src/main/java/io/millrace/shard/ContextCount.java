package io.millrace.shard;

import io.millrace.event.Context;

/// How many records of a batch are in one context.
///
/// @param lastDelta the last of them, as its distance from the batch's first
public record ContextCount(Context context, int count, int lastDelta) {}
