/// Where the Kafka gateway listens, and what a client may use up.
@NullMarked
package io.millrace.gateway.kafka.config;

import org.jspecify.annotations.NullMarked;
