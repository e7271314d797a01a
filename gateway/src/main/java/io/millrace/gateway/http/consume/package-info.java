/// Leases as JSON, taken and settled: what subscriptions and queues have in common.
@NullMarked
package io.millrace.gateway.http.consume;

import org.jspecify.annotations.NullMarked;
