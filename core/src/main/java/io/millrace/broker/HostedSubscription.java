package io.millrace.broker;

import io.millrace.broker.partition.Lane;
import io.millrace.broker.partition.LaneHost;
import io.millrace.broker.partition.ShardGroup;
import io.millrace.cursor.CursorConfig;
import io.millrace.cursor.RecoveredCursors;
import io.millrace.cursor.RetryDelays;
import io.millrace.dispatch.DispatchState;
import io.millrace.dispatch.DispatchStatus;
import io.millrace.dispatch.Dispatcher;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.group.Burying;
import io.millrace.group.Connector;
import io.millrace.group.CursorShard;
import io.millrace.group.CursorShards;
import io.millrace.group.Feed;
import io.millrace.group.Group;
import io.millrace.group.GroupConfig;
import io.millrace.group.GroupCursor;
import io.millrace.log.Durability;
import io.millrace.log.EventRecords;
import io.millrace.log.LogConfig;
import io.millrace.resource.Delivery;
import io.millrace.resource.DeliveryOrder;
import io.millrace.resource.LeasePolicy;
import io.millrace.resource.StartPoint;
import io.millrace.resource.SubscriptionResource;
import io.millrace.router.Interest;
import io.millrace.router.SubscriptionRules;
import io.millrace.shard.Append;
import io.millrace.shard.Partition;
import io.millrace.shard.Shard;
import io.millrace.shard.StreamId;
import io.millrace.stream.Position;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// One subscription at work: its group, and whether that gives anything out.
final class HostedSubscription {
    static final String KIND = "Subscription";
    private static final String PAUSED = "paused";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /// Few events come here, and they go when they are settled.
    private static final LogConfig LANE_CONFIG =
            new LogConfig(
                    Durability.SYNCED,
                    16 << 20,
                    Duration.ofHours(1),
                    Duration.ofMinutes(1),
                    null,
                    false,
                    Duration.ofDays(1));

    private final int incarnation;
    private final ShardGroup shards;
    private final CursorShards cursors;
    private final Group group;
    private final LaneHost lanes;
    private final RecoveredCursors recovered;
    private final Group.Means means;
    private @Nullable Lane lane;
    private volatile @Nullable Dispatcher dispatcher;
    private volatile SubscriptionResource resource;
    private volatile @Nullable String disabledBecause;

    HostedSubscription(
            SubscriptionResource resource,
            int incarnation,
            ShardGroup shards,
            CursorShards cursors,
            Burying burying,
            LaneHost lanes,
            RecoveredCursors recovered,
            Group.Means means) {
        this.lanes = lanes;
        this.recovered = recovered;
        this.means = means;
        this.resource = resource;
        this.incarnation = incarnation;
        this.shards = shards;
        this.cursors = cursors;
        Interest interest = interest(resource);
        this.group =
                new Group(
                        incarnation,
                        config(resource),
                        feed(resource, interest),
                        own(resource),
                        burying,
                        means);
    }

    private static Interest interest(SubscriptionResource resource) {
        var wanted = resource.selection();
        return new Interest(wanted.pattern(), wanted.types(), wanted.source(), wanted.filters());
    }

    private Feed feed(SubscriptionResource resource, Interest interest) {
        return new Feed(
                new SubscriptionRules(interest, resource.order() == DeliveryOrder.KEY),
                connector(interest));
    }

    /// What is sent to this subscription alone is wanted, whatever its filters say of it.
    private Feed own(SubscriptionResource resource) {
        Interest everything = Interest.of(ContextPattern.of("/**"));
        return new Feed(
                new SubscriptionRules(everything, resource.order() == DeliveryOrder.KEY),
                lanes.connector());
    }

    private Connector connector(Interest interest) {
        return cursor -> shards.port(cursor.home().shard()).router().connect(interest, cursor);
    }

    private static GroupConfig config(SubscriptionResource resource) {
        LeasePolicy leasing =
                resource.delivery() instanceof Delivery.Pull(LeasePolicy policy)
                        ? policy
                        : LeasePolicy.DEFAULT;
        int failuresMax =
                resource.delivery() instanceof Delivery.Pull
                        ? leasing.failuresMax()
                        : Integer.MAX_VALUE;
        CursorConfig cursor =
                new CursorConfig(
                        resource.outstandingMax(),
                        1,
                        failuresMax,
                        new RetryDelays(leasing.retry().toArray(Duration[]::new)),
                        resource.order() == DeliveryOrder.KEY);
        return new GroupConfig(KIND, resource.name(), leasing.lease(), cursor, false);
    }

    String name() {
        return resource.name();
    }

    int incarnation() {
        return incarnation;
    }

    SubscriptionResource resource() {
        return resource;
    }

    Interest interest() {
        return interest(resource);
    }

    Group group() {
        return group;
    }

    /// Begins as it was left.
    ///
    /// @param note what it has remembered
    void recover(@Nullable String note) {
        if (!lanes.existing(new StreamId(name(), incarnation)).isEmpty()) {
            ownLane();
        }
        if (note == null) {
            return;
        }
        if (!note.equals(PAUSED)) {
            disabledBecause = note;
        }
        group.pause(true);
    }

    /// Whether partitions of a stream that are not read yet came later than the subscription. To be
    /// asked before any of them is attached.
    boolean isNew(int stream, RecoveredCursors known) {
        return stream > incarnation
                || known.knows(incarnation, stream)
                || group.cursors().stream().anyMatch(cursor -> cursor.id().stream() == stream);
    }

    /// Begins to read a partition: where the subscription says, or from the beginning if the
    /// partition came later than the subscription.
    CompletableFuture<GroupCursor> attach(
            int stream, Partition partition, CursorShard home, boolean isNew) {
        ToLongFunction<Partition> start =
                isNew ? each -> each.log().startOffset() : start(resource.start());
        return group.attach(stream, partition, home, recovered, start);
    }

    /// Where reading begins; for the shard's thread.
    static ToLongFunction<Partition> start(StartPoint point) {
        return switch (point) {
            case StartPoint.Earliest() -> partition -> partition.log().startOffset();
            case StartPoint.Latest() -> Partition::dispatchedOffset;
            case StartPoint.Since(var moment) ->
                    partition -> partition.log().offsetAt(moment.toEpochMilli());
            case StartPoint.Position(String text) -> {
                Position position = Position.parse(text);
                yield partition -> {
                    long next = position.next(partition);
                    return next == Position.UNKNOWN
                            ? partition.log().startOffset()
                            : Math.clamp(
                                    next,
                                    partition.log().startOffset(),
                                    partition.dispatchedOffset());
                };
            }
        };
    }

    /// Where events go that are for this subscription alone: dead letters that are sent again.
    private synchronized Lane ownLane() {
        Lane known = lane;
        if (known != null) {
            return known;
        }
        Shard shard = shards.of(incarnation, 0);
        Lane opened = lanes.open(new StreamId(name(), incarnation), 0, LANE_CONFIG, shard);
        // Should the cursor not get to the disk now, it does so with what comes next.
        lane = opened;
        group.await(
                group.attach(
                        incarnation,
                        opened.partition(),
                        cursors.of(shard),
                        recovered,
                        partition -> partition.log().startOffset()));
        return opened;
    }

    /// Delivers an event to this subscription alone.
    CompletableFuture<@Nullable Void> sendAgain(Context context, Event event) {
        Lane own = ownLane();
        CompletableFuture<@Nullable Void> stored = new CompletableFuture<>();
        Append append =
                new Append(
                        own.partition(),
                        List.of(
                                new Append.Entry(
                                        context,
                                        event,
                                        EventRecords.encode(event, context, false))),
                        new Append.Reply() {
                            @Override
                            public void stored(Append done, long baseOffset) {
                                stored.complete(null);
                            }

                            @Override
                            public void failed(Append done, MillraceException problem) {
                                stored.completeExceptionally(problem);
                            }
                        });
        if (!own.shard().offer(append)) {
            stored.completeExceptionally(
                    new MillraceException(
                            ErrorCode.OVERLOADED, "too much waits to be written; try again"));
        }
        return stored;
    }

    private synchronized void closeLane(boolean andDelete) {
        if (lane != null) {
            lanes.close(lane);
            lane = null;
        }
        if (andDelete) {
            lanes.delete(new StreamId(name(), incarnation));
        }
    }

    /// Begins to deliver, where consumers do not ask.
    ///
    /// @param outlets makes what does
    void deliver(Outlets outlets) {
        Dispatcher opened = outlets.open(resource, this::disable);
        dispatcher = opened;
        group.outlet(opened);
        if (opened != null && !group.isPaused()) {
            opened.resume();
        }
    }

    private void stopDelivering() {
        Dispatcher before = dispatcher;
        dispatcher = null;
        group.outlet(null);
        if (before != null) {
            means.threading().await(before.close(PATIENCE));
        }
    }

    /// Leaves a stream that is gone, or out of reach now.
    void detach(int stream) {
        Dispatcher running = dispatcher;
        if (running != null) {
            group.cursors().stream()
                    .filter(cursor -> cursor.id().stream() == stream)
                    .forEach(running::remove);
        }
        group.detach(stream);
    }

    void change(SubscriptionResource changed, Outlets outlets) {
        boolean isRedirected =
                !changed.delivery().equals(resource.delivery())
                        || !Objects.equals(changed.transform(), resource.transform());
        resource = changed;
        Interest interest = interest(changed);
        group.configure(config(changed), feed(changed, interest), own(changed));
        if (isRedirected) {
            stopDelivering();
            deliver(outlets);
        }
    }

    boolean isPull() {
        return resource.delivery() instanceof Delivery.Pull;
    }

    void pause() {
        cursors.note(incarnation, PAUSED);
        disabledBecause = null;
        group.pause(true);
        Dispatcher running = dispatcher;
        if (running != null) {
            running.pause();
        }
    }

    void resume() {
        cursors.note(incarnation, "");
        disabledBecause = null;
        group.pause(false);
        Dispatcher running = dispatcher;
        if (running != null) {
            running.resume();
        }
    }

    /// Gives nothing out any more until somebody resumes it.
    ///
    /// @param reason as a sentence
    void disable(String reason) {
        group.pause(true);
        disabledBecause = reason;
        cursors.note(incarnation, reason);
    }

    GroupStatus status() {
        String disabled = disabledBecause;
        Dispatcher running = dispatcher;
        DispatchStatus delivery = running == null ? null : running.status();
        GroupStatus.State state =
                disabled != null
                        ? GroupStatus.State.DISABLED
                        : group.isPaused()
                                ? GroupStatus.State.PAUSED
                                : delivery != null && delivery.state() == DispatchState.PENDING
                                        ? GroupStatus.State.PENDING
                                        : GroupStatus.State.ACTIVE;
        return new GroupStatus(
                KIND,
                name(),
                state,
                disabled == null && delivery != null ? delivery.reason() : disabled,
                group.ledger(),
                group.waiting(),
                group.perSecond(),
                delivery == null ? null : delivery.lastFailure());
    }

    void delete() {
        stopDelivering();
        group.delete();
        closeLane(true);
    }

    void close() {
        stopDelivering();
        group.close();
    }
}
