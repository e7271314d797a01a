/// What the commands for subscriptions, queues and dead letters have in common: leases, how they
/// are settled, and how all of it is shown.
@NullMarked
package io.millrace.cli.consume;

import org.jspecify.annotations.NullMarked;
