package io.millrace.dispatch;

import io.millrace.delivery.DeliverySpec;
import io.millrace.delivery.RetrySchedule;
import io.millrace.event.transform.Transform;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one dispatcher is like.
///
/// @param name whose events it brings, such as `Subscription/alarms`
/// @param timeout within which the target ends an attempt
/// @param perMinute how many attempts may begin in a minute; `null` for no limit
/// @param retry when an attempt that failed is made again
/// @param deadLetter whether what is given up becomes a dead letter
/// @param transform what is made of each event before; `null` leaves it as it is
public record DispatcherConfig(
        String name,
        Duration timeout,
        @Nullable Integer perMinute,
        RetrySchedule retry,
        boolean deadLetter,
        @Nullable Transform transform) {
    private static final Duration LOCAL_TIMEOUT = Duration.ofSeconds(30);

    /// Within the server nothing is given up that may still work.
    private static final RetrySchedule LOCAL_RETRY =
            new RetrySchedule(
                    List.of(
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(30),
                            Duration.ofMinutes(1)),
                    0.1,
                    Duration.ofDays(365),
                    Integer.MAX_VALUE);

    /// For a sink.
    public static DispatcherConfig of(
            String name, DeliverySpec spec, @Nullable Transform transform) {
        return new DispatcherConfig(
                name,
                spec.limits().timeout(),
                spec.limits().perMinute(),
                spec.retry(),
                spec.deadLetter(),
                transform);
    }

    /// For a place within the server.
    public static DispatcherConfig local(String name, @Nullable Transform transform) {
        return new DispatcherConfig(name, LOCAL_TIMEOUT, null, LOCAL_RETRY, true, transform);
    }
}
