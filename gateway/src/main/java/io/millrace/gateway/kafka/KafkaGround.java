package io.millrace.gateway.kafka;

import io.millrace.broker.DurableTable;
import io.millrace.broker.Topics;
import io.millrace.io.Clock;
import java.util.function.Function;

/// What the gateway stands on.
///
/// @param topics the broker's
/// @param tables durable tables by name, opened when they are asked for
public record KafkaGround(Topics topics, Function<String, DurableTable> tables, Clock clock) {}
