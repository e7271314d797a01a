/// Groups to whose members the coordinator assigns the partitions: KIP-848.
@NullMarked
package io.millrace.gateway.kafka.group.consumer;

import org.jspecify.annotations.NullMarked;
