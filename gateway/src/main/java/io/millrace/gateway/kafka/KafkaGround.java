package io.millrace.gateway.kafka;

import io.millrace.broker.DurableTable;
import io.millrace.broker.Shares;
import io.millrace.broker.Topics;
import io.millrace.io.Clock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the gateway stands on.
///
/// @param topics the broker's
/// @param shares the broker's; `null` for no share groups
/// @param tables durable tables by name, opened when they are asked for
public record KafkaGround(
        Topics topics,
        @Nullable Shares shares,
        Function<String, DurableTable> tables,
        Clock clock) {}
