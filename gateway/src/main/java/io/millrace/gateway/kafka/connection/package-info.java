/// The socket of one Kafka client.
@NullMarked
package io.millrace.gateway.kafka.connection;

import org.jspecify.annotations.NullMarked;
