package io.millrace.dispatch;

import io.millrace.delivery.RetrySchedule;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.transform.Transform;
import io.millrace.group.Leased;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A dispatcher on one thread, between a supply in memory and a target that does as it is told.
final class Scene implements Dispatcher.Listener {
    static final RetrySchedule RETRY =
            new RetrySchedule(
                    List.of(Duration.ofSeconds(1), Duration.ofSeconds(5)),
                    0,
                    Duration.ofHours(1),
                    4);
    static final DispatcherConfig CONFIG =
            new DispatcherConfig("Subscription/s", Duration.ofSeconds(30), null, RETRY, true, null);

    final SimulatedClock clock = new SimulatedClock();
    final SimulatedThreads threads = new SimulatedThreads(new SplittableRandom(1), clock, () -> {});
    final FakeSupply supply = new FakeSupply(Runnable::run, clock, 0);
    final List<Event> answers = new ArrayList<>();
    final List<String> disabled = new ArrayList<>();
    final ScriptedTarget target;
    CompletableFuture<?> publishing = CompletableFuture.completedFuture(null);
    Dispatcher dispatcher;

    Scene(DispatcherConfig config, int eventsMax, int concurrencyMax) {
        this(config, eventsMax, concurrencyMax, Permissions.notNeeded());
    }

    Scene(DispatcherConfig config, int eventsMax, int concurrencyMax, Permissions permissions) {
        this.target = new ScriptedTarget(eventsMax, concurrencyMax);
        this.dispatcher =
                new Dispatcher(
                        config,
                        target,
                        this,
                        permissions,
                        new Ground(clock, threads, new SplittableRandom(2)));
        supply.feeds(dispatcher);
        dispatcher.resume();
    }

    static DispatcherConfig config(@Nullable Integer perMinute) {
        return new DispatcherConfig(CONFIG.name(), CONFIG.timeout(), perMinute, RETRY, true, null);
    }

    static DispatcherConfig config(Transform transform) {
        return new DispatcherConfig(CONFIG.name(), CONFIG.timeout(), null, RETRY, true, transform);
    }

    /// Events with the ids from the first to the last.
    static Event[] events(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(id -> event(id).build())
                .toArray(Event[]::new);
    }

    static io.millrace.event.EventBuilder event(int id) {
        return Event.builder()
                .id(Integer.toString(id))
                .source("/room/4")
                .type("com.example.fire")
                .dataContentType("application/json")
                .data(Bytes.utf8("{\"on\":true}"));
    }

    /// Lets time pass, and what is due happen.
    void pass(Duration time) {
        clock.advance(time.toMillis());
        threads.tick();
    }

    @Override
    public CompletableFuture<?> answered(Leased cause, Event answer) {
        answers.add(answer);
        return publishing;
    }

    @Override
    public void disabled(String reason) {
        disabled.add(reason);
    }
}
