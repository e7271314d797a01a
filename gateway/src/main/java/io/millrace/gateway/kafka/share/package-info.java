/// Share groups (KIP-932): each is a cursor, so that Kafka's share consumers and everybody else who
/// takes jobs or events drain the same together.
@NullMarked
package io.millrace.gateway.kafka.share;

import org.jspecify.annotations.NullMarked;
