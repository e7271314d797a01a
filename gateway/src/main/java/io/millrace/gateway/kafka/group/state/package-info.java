/// What all kinds of groups share: the bounds, the rows of the table, one turn of the coordinator.
@NullMarked
package io.millrace.gateway.kafka.group.state;

import org.jspecify.annotations.NullMarked;
