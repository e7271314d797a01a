package io.millrace.broker;

import io.millrace.broker.catalogue.ResourceHost;
import io.millrace.broker.queue.HostedQueue;
import io.millrace.broker.queue.QueueHost;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.io.Clock;
import io.millrace.io.Threading;
import io.millrace.keyed.KeyedLog;
import io.millrace.resource.ResourceKind;
import io.millrace.schedule.ScheduleProgress;
import io.millrace.schedule.ScheduleResource;
import io.millrace.schedule.ScheduleRunner;
import io.millrace.schedule.ScheduleStatus;
import io.millrace.schedule.ScheduleTarget;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The schedules that are set up: what fires them, and how far each has come. The runner starts
/// with the first of them.
final class ScheduleHost implements ResourceHost<ScheduleResource> {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleHost.class);

    private final Clock clock;
    private final Threading threading;
    private final Supplier<Emitting> emitting;
    private final QueueHost queues;
    private final LetterRoom room;
    private final Map<String, Integer> incarnations = new ConcurrentHashMap<>();
    private @Nullable ScheduleRunner runner;

    /// @param room keeps how far they have come
    ScheduleHost(
            Broker.Ground ground, Supplier<Emitting> emitting, QueueHost queues, LetterRoom room) {
        this.clock = ground.clock();
        this.threading = ground.threading();
        this.emitting = emitting;
        this.queues = queues;
        this.room = room;
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.SCHEDULE;
    }

    @Override
    public Class<ScheduleResource> type() {
        return ScheduleResource.class;
    }

    private synchronized ScheduleRunner runner() {
        ScheduleRunner known = runner;
        if (known == null) {
            known = ScheduleRunner.start(clock, threading, this::fire, this::recorded);
            runner = known;
        }
        return known;
    }

    private CompletableFuture<@Nullable Void> fire(
            ScheduleResource schedule, Event event, long dueMillis) {
        CompletableFuture<@Nullable Void> fired = new CompletableFuture<>();
        threading.after(
                "fire-schedule",
                Duration.ZERO,
                () -> {
                    try {
                        var _ =
                                send(schedule, event)
                                        .whenComplete((_, problem) -> {
                                            if (problem == null) {
                                                fired.complete(null);
                                            } else {
                                                fired.completeExceptionally(problem);
                                            }
                                        });
                    } catch (RuntimeException e) {
                        fired.completeExceptionally(e);
                    }
                });
        return fired;
    }

    private CompletableFuture<?> send(ScheduleResource schedule, Event event) {
        return switch (schedule.target()) {
            case ScheduleTarget.ToContext(var context) ->
                    emitting.get()
                            .future(
                                    Principal.LOCAL,
                                    List.of(new Publication(context.path(), event)));
            case ScheduleTarget.ToQueue(String name) -> {
                HostedQueue queue = queues.find(name);
                if (queue == null) {
                    throw new MillraceException(
                            ErrorCode.QUEUE_NOT_FOUND, "there is no queue " + name);
                }
                yield queue.enqueue(queue.check(List.of(event)), false);
            }
        };
    }

    /// What is lost of it in a crash fires again, as the same event.
    private void recorded(String schedule, ScheduleProgress progress) {
        Integer incarnation = incarnations.get(schedule);
        if (incarnation == null) {
            return;
        }
        Long last = progress.lastMillis();
        String text = progress.servedMillis() + " " + (last == null ? "" : last);
        var _ =
                room.progress()
                        .put(incarnation.toString(), Bytes.utf8(text))
                        .whenComplete((_, problem) -> {
                            if (problem != null) {
                                LOG.warn(
                                        "How far the schedule {} has come was not recorded: {}",
                                        schedule,
                                        problem.getMessage());
                            }
                        });
    }

    private static @Nullable ScheduleProgress progress(KeyedLog log, int incarnation) {
        Bytes recorded = log.get(Integer.toString(incarnation));
        if (recorded == null) {
            return null;
        }
        String[] parts = recorded.toUtf8().split(" ", -1);
        return new ScheduleProgress(
                Long.parseLong(parts[0]), parts[1].isEmpty() ? null : Long.valueOf(parts[1]));
    }

    @Override
    public void opened(ScheduleResource resource, int incarnation) {
        room.open();
        incarnations.put(resource.name(), incarnation);
        runner().put(resource, progress(room.progress(), incarnation));
    }

    @Override
    public void prepare(ScheduleResource resource, int incarnation) {
        room.open();
    }

    @Override
    public void created(ScheduleResource resource, int incarnation) {
        incarnations.put(resource.name(), incarnation);
        runner().put(resource, null);
    }

    @Override
    public void changed(ScheduleResource before, ScheduleResource after, int incarnation) {
        runner().put(after, progress(room.progress(), incarnation));
    }

    @Override
    public void deleted(ScheduleResource resource, int incarnation) {
        incarnations.remove(resource.name());
        var _ =
                runner().remove(resource.name())
                        .thenCompose(_ -> room.progress().delete(Integer.toString(incarnation)));
    }

    /// The latest about a schedule.
    ///
    /// @throws MillraceException SCHEDULE_NOT_FOUND
    ScheduleStatus status(String name) {
        ScheduleStatus status = incarnations.containsKey(name) ? runner().status(name) : null;
        if (status == null) {
            throw ResourceKind.SCHEDULE.notFound(name);
        }
        return status;
    }
}
