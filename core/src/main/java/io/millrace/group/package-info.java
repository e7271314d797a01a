/// Consumer groups: cursors over the partitions of streams, what is read ahead for them, and who
/// waits for it. Subscriptions and queues are arrangements of these.
@NullMarked
package io.millrace.group;

import org.jspecify.annotations.NullMarked;
