package io.millrace.gateway.kafka;

import io.millrace.gateway.kafka.admin.GroupConfig;
import io.millrace.gateway.kafka.admin.GroupConfigs;
import io.millrace.gateway.kafka.share.ShareSettings;
import io.millrace.io.Clock;
import io.millrace.resource.StartPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Predicate;

/// What administrators have set for share groups.
///
/// @param taken whether there is a group of another type with an id; may wait
record ConfiguredShares(GroupConfigs configs, Predicate<String> taken, Clock clock)
        implements ShareSettings {
    private static final String BY_DURATION = "by_duration:";

    @Override
    public StartPoint start(String group) {
        String value = configs.value(group, GroupConfig.SHARE_AUTO_OFFSET_RESET);
        String lower = value.toLowerCase(Locale.ROOT);
        if (lower.startsWith(BY_DURATION)) {
            Duration before = Duration.parse(value.substring(BY_DURATION.length()));
            return new StartPoint.Since(Instant.ofEpochMilli(clock.epochMillis()).minus(before));
        }
        return lower.equals("earliest") ? new StartPoint.Earliest() : new StartPoint.Latest();
    }

    @Override
    public Duration lease(String group) {
        return millis(group, GroupConfig.SHARE_RECORD_LOCK_DURATION);
    }

    @Override
    public int deliveriesMax(String group) {
        return configs.number(group, GroupConfig.SHARE_DELIVERY_COUNT_LIMIT);
    }

    @Override
    public Duration heartbeatInterval(String group) {
        return millis(group, GroupConfig.SHARE_HEARTBEAT_INTERVAL);
    }

    @Override
    public Duration sessionTimeout(String group) {
        return millis(group, GroupConfig.SHARE_SESSION_TIMEOUT);
    }

    @Override
    public boolean isTaken(String group) {
        return taken.test(group);
    }

    private Duration millis(String group, GroupConfig config) {
        return Duration.ofMillis(configs.number(group, config));
    }
}
