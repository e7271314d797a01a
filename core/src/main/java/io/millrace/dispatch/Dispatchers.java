package io.millrace.dispatch;

import io.millrace.delivery.DeliverySpec;
import io.millrace.delivery.Sinks;
import io.millrace.event.transform.Transform;
import org.jspecify.annotations.Nullable;

/// Makes dispatchers, which begin paused. Thread-safe.
public final class Dispatchers {
    private final Sinks sinks;
    private final Ground ground;

    /// @param sinks stay the caller's
    public Dispatchers(Sinks sinks, Ground ground) {
        this.sinks = sinks;
        this.ground = ground;
    }

    /// One that pushes to an HTTP sink, after asking for its permission where that is wanted.
    ///
    /// @param name whose events they are, such as `Subscription/alarms`
    /// @param spec with all its secrets
    /// @param transform `null` leaves events as they are
    /// @throws IllegalArgumentException if secrets are missing
    public Dispatcher toSink(
            String name,
            DeliverySpec spec,
            @Nullable Transform transform,
            Dispatcher.Listener listener) {
        return new Dispatcher(
                DispatcherConfig.of(name, spec, transform),
                new SinkTarget(sinks.open(spec)),
                listener,
                spec.handshake()
                        ? Permissions.by(later -> sinks.ask(spec, later))
                        : Permissions.notNeeded(),
                ground);
    }

    /// One that puts events into another context, or jobs into a queue.
    ///
    /// @param transform `null` leaves events as they are
    public Dispatcher toPlace(
            String name,
            LocalTarget place,
            @Nullable Transform transform,
            Dispatcher.Listener listener) {
        return new Dispatcher(
                DispatcherConfig.local(name, transform),
                place,
                listener,
                Permissions.notNeeded(),
                ground);
    }
}
