/// Kafka's own tools and other people's clients against a server that speaks Kafka.
@NullMarked
package io.millrace.system.kafka;

import org.jspecify.annotations.NullMarked;
