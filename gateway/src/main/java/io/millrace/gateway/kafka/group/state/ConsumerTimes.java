package io.millrace.gateway.kafka.group.state;

import java.time.Duration;

/// How long things take for the members of one consumer group; asked anew each time. Thread-safe;
/// never blocks.
public interface ConsumerTimes {
    /// What Kafka's broker has.
    ConsumerTimes STANDARD =
            new ConsumerTimes() {
                @Override
                public Duration session(String group) {
                    return Duration.ofSeconds(45);
                }

                @Override
                public Duration heartbeat(String group) {
                    return Duration.ofSeconds(5);
                }
            };

    /// How long a member may be silent.
    Duration session(String group);

    /// How often a member is asked to report.
    Duration heartbeat(String group);
}
