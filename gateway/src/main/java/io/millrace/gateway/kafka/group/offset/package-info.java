/// Committed offsets, also those of transactions that are not decided yet.
@NullMarked
package io.millrace.gateway.kafka.group.offset;

import org.jspecify.annotations.NullMarked;
