package io.millrace.gateway.kafka;

import io.millrace.gateway.kafka.admin.GroupConfig;
import io.millrace.gateway.kafka.admin.GroupConfigs;
import io.millrace.gateway.kafka.group.state.ConsumerTimes;
import java.time.Duration;

/// What administrators have set for consumer groups.
record ConfiguredConsumers(GroupConfigs configs) implements ConsumerTimes {
    @Override
    public Duration session(String group) {
        return millis(group, GroupConfig.CONSUMER_SESSION_TIMEOUT);
    }

    @Override
    public Duration heartbeat(String group) {
        return millis(group, GroupConfig.CONSUMER_HEARTBEAT_INTERVAL);
    }

    private Duration millis(String group, GroupConfig config) {
        return Duration.ofMillis(configs.number(group, config));
    }
}
