/// The state of one connection of a Kafka client, without its socket.
@NullMarked
package io.millrace.gateway.kafka.session;

import org.jspecify.annotations.NullMarked;
