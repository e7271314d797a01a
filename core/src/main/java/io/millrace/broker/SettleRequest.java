package io.millrace.broker;

import io.millrace.group.SettleAction;
import org.jspecify.annotations.Nullable;

/// What becomes of one lease.
///
/// @param emitted published when the lease is completed, with the job's id as its cause; `null` for
///   nothing. If it cannot be published, nothing is settled
public record SettleRequest(String token, SettleAction action, @Nullable Publication emitted) {}
