package io.millrace.gateway.kafka.share;

import io.millrace.resource.StartPoint;
import java.time.Duration;

/// What is configured for share groups, by Kafka's names for configurations of groups. Thread-safe.
public interface ShareSettings {
    /// Kafka's own defaults.
    ShareSettings DEFAULTS = new ShareSettings() {};

    /// `share.auto.offset.reset`: where a group begins with a stream.
    default StartPoint start(String group) {
        return new StartPoint.Latest();
    }

    /// `share.record.lock.duration.ms`: the lease of a subscription that is created for a group.
    default Duration lease(String group) {
        return Duration.ofSeconds(30);
    }

    /// `share.delivery.count.limit`: of a subscription that is created for a group.
    default int deliveriesMax(String group) {
        return 5;
    }

    /// `share.heartbeat.interval.ms`.
    default Duration heartbeatInterval(String group) {
        return Duration.ofSeconds(5);
    }

    /// `share.session.timeout.ms`: a member that is not heard of for so long is no member any more.
    default Duration sessionTimeout(String group) {
        return Duration.ofSeconds(45);
    }

    /// How many members a group may have.
    default int membersMax() {
        return 200;
    }

    /// How many share sessions may be open; those that were not used for long give way.
    default int sessionsMax() {
        return 2_000;
    }

    /// Whether there is a group of another type with that id.
    default boolean isTaken(String group) {
        return false;
    }
}
