/// One request of a Kafka client, and how it is answered; no sockets.
@NullMarked
package io.millrace.gateway.kafka.request;

import org.jspecify.annotations.NullMarked;
