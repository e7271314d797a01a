/// What clients ask about the offsets of partitions.
@NullMarked
package io.millrace.gateway.kafka.offsets;

import org.jspecify.annotations.NullMarked;
