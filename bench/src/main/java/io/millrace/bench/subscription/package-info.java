/// Subscriptions of a whole server: what they deliver, and what many of them and a long backlog
/// cost.
@NullMarked
package io.millrace.bench.subscription;

import org.jspecify.annotations.NullMarked;
