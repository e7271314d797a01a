/// The shards, and the partitions that are not of streams.
@NullMarked
package io.millrace.broker.partition;

import org.jspecify.annotations.NullMarked;
