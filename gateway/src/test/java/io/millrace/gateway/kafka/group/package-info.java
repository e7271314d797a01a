/// Tests of the groups, with time and disk in hand.
@NullMarked
package io.millrace.gateway.kafka.group;

import org.jspecify.annotations.NullMarked;
