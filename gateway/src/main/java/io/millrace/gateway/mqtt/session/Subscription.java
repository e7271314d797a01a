package io.millrace.gateway.mqtt.session;

import io.millrace.event.Context;
import io.millrace.gateway.mqtt.message.MessageFormat;
import io.millrace.gateway.mqtt.message.TopicFilter;
import io.millrace.stream.PartitionName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One subscription of a session (MQTT 5.0, section 3.8). Two are the same only if they are one
/// object.
public final class Subscription {
    private final Options options;
    private final TopicFilter filter;

    /// Whose it is, while the session is attached to a loop.
    private @Nullable Subscriber subscriber;

    /// From where on it counts, in partitions in which its session was behind when it came; what
    /// was published before is not for it.
    private Map<PartitionName, Long> since = Map.of();

    /// What a client says about a subscription.
    ///
    /// @param filter as it was written, with the share's name if there is one
    /// @param retainHandling 0 sends retained messages, 1 only if the subscription is new, 2 never
    /// @param identifier 0 for none
    /// @param format how events are to be sent
    public record Options(
            String filter,
            int qos,
            boolean noLocal,
            boolean retainAsPublished,
            int retainHandling,
            int identifier,
            MessageFormat format) {}

    public Subscription(TopicFilter filter, Options options) {
        this.filter = filter;
        this.options = options;
    }

    public Options options() {
        return options;
    }

    public TopicFilter filter() {
        return filter;
    }

    public @Nullable Subscriber subscriber() {
        return subscriber;
    }

    void subscriber(@Nullable Subscriber attached) {
        subscriber = attached;
    }

    /// See [#since(Map)].
    public Map<PartitionName, Long> since() {
        return since;
    }

    /// From where on it counts in some partitions.
    public void since(Map<PartitionName, Long> offsets) {
        since = offsets;
    }

    /// Whether it is for an event of the past too.
    boolean reachesBack(PartitionName partition, long offset) {
        return since.isEmpty() || offset >= since.getOrDefault(partition, 0L);
    }

    /// Whether it covers a context.
    boolean covers(Context context) {
        return filter.covers(context) && filter.pattern().matches(context);
    }
}
