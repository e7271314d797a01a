/// Tests of what consumer groups are made of.
@NullMarked
package io.millrace.gateway.kafka.group.consumer;

import org.jspecify.annotations.NullMarked;
