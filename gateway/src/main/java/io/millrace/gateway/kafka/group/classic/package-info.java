/// Groups whose members share out the partitions among themselves: the classic protocol.
@NullMarked
package io.millrace.gateway.kafka.group.classic;

import org.jspecify.annotations.NullMarked;
