package io.millrace.gateway.kafka.group;

import io.millrace.broker.DurableTable;
import io.millrace.broker.Topics;
import io.millrace.gateway.kafka.group.classic.ClassicGroup;
import io.millrace.gateway.kafka.group.classic.ClassicRequests;
import io.millrace.gateway.kafka.group.consumer.Assignments;
import io.millrace.gateway.kafka.group.consumer.Catalog;
import io.millrace.gateway.kafka.group.consumer.ConsumerGroup;
import io.millrace.gateway.kafka.group.consumer.ConsumerRequests;
import io.millrace.gateway.kafka.group.consumer.Migration;
import io.millrace.gateway.kafka.group.state.GroupConfig;
import io.millrace.gateway.kafka.group.state.Reply;
import io.millrace.gateway.kafka.group.state.Turn;
import io.millrace.gateway.kafka.serial.Serial;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the groups: one request or timer after the other on its [Serial], what they change into the
/// table, and the answers out when everything that they could know of is on disk. If the table
/// fails, nothing that waits is answered as done, and the groups are read from it again; so they
/// are if a turn fails by a fault of this program.
final class GroupCoordinator {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCoordinator.class);
    private static final Duration RELOAD_PAUSE = Duration.ofSeconds(1);

    private final Serial serial;
    private final DurableTable table;
    private final Topics topics;
    private final GroupConfig config;
    private final Groups groups;
    private final Assignments assignments = new Assignments();
    private final Map<String, Alarm> alarms = new HashMap<>();

    /// The last write, whose end all answers wait for.
    private CompletableFuture<@Nullable Void> written = CompletableFuture.completedFuture(null);

    private int underWay;
    private boolean isLoaded;
    private boolean hasFailed;
    private long catalogDue;

    private record Alarm(long at, Serial.Timer timer) {}

    GroupCoordinator(Serial serial, DurableTable table, Topics topics, GroupConfig config) {
        this.serial = serial;
        this.table = table;
        this.topics = topics;
        this.config = config;
        this.groups = new Groups(config);
    }

    Groups groups() {
        return groups;
    }

    Assignments assignments() {
        return assignments;
    }

    GroupConfig config() {
        return config;
    }

    /// Reads the table first thing.
    void start() {
        serial.run(this::load);
    }

    private void load() {
        alarms.values().forEach(alarm -> alarm.timer().cancel());
        alarms.clear();
        try {
            groups.load(table::forEach, serial.nowMillis());
        } catch (RuntimeException e) {
            LOG.error("the groups cannot be read, and are tried again", e);
            serial.after(RELOAD_PAUSE, this::load);
            return;
        }
        isLoaded = true;
        hasFailed = false;
        written = CompletableFuture.completedFuture(null);
        groups.all().forEach(this::arm);
        sweepLater();
    }

    private @Nullable Runnable sweep;

    /// What is done now and then, from the start on.
    void sweepWith(Runnable action) {
        sweep = action;
    }

    private Serial.@Nullable Timer sweepTimer;

    private void sweepLater() {
        Serial.Timer before = sweepTimer;
        if (before != null) {
            before.cancel();
        }
        sweepTimer =
                serial.after(
                        config.times().sweep(),
                        () -> {
                            Runnable action = sweep;
                            if (action != null && isLoaded) {
                                action.run();
                            }
                            sweepLater();
                        });
    }

    /// Runs an action as a turn, soon; what it throws as Kafka's exception refuses the reply.
    <T> void submit(Reply<T> reply, Consumer<Turn> action) {
        serial.run(() -> {
            if (!isLoaded) {
                reply.refuse(Errors.COORDINATOR_LOAD_IN_PROGRESS);
                return;
            }
            take(
                    turn -> {
                        try {
                            action.accept(turn);
                        } catch (ApiException e) {
                            turn.refuse(reply, Errors.forException(e));
                        }
                    },
                    reply);
        });
    }

    /// Takes a turn. If it fails in a way that nobody has thought of, nothing of it is written, and
    /// what it may have changed in memory is forgotten with all the rest.
    ///
    /// @param asked who is told that it is the server's fault; `null` for nobody
    private void take(Consumer<Turn> action, @Nullable Reply<?> asked) {
        Turn turn = new Turn(serial.nowMillis());
        try {
            action.accept(turn);
        } catch (RuntimeException e) {
            LOG.error("the groups failed, and are read again", e);
            Turn parked = discard();
            boolean isTold = asked == null || turn.answers(asked) || parked.answers(asked);
            turn.fail(Errors.COORDINATOR_NOT_AVAILABLE);
            parked.release();
            if (asked != null && !isTold) {
                asked.refuse(Errors.UNKNOWN_SERVER_ERROR);
            }
            reloadIfIdle();
            return;
        }
        finish(turn);
    }

    /// Gives up what is in memory, until it is read from the table again.
    ///
    /// @return the refusals of those who wait for other members
    private Turn discard() {
        isLoaded = false;
        Turn parked = new Turn(serial.nowMillis());
        groups.all().forEach(entry -> entry.abandon(parked, Errors.COORDINATOR_NOT_AVAILABLE));
        return parked;
    }

    /// Reads the table again as soon as all that was written before is in it.
    private void reloadIfIdle() {
        if (!isLoaded && underWay == 0) {
            serial.after(RELOAD_PAUSE, this::load);
        }
    }

    /// Writes what a turn has changed, and lets its answers go when that is on disk.
    private void finish(Turn turn) {
        var changes = turn.changes();
        if (!changes.isEmpty()) {
            written = table.write(changes);
        }
        boolean isOnDisk = written.isDone() && !written.isCompletedExceptionally();
        if (changes.isEmpty() && (!turn.hasReplies() || isOnDisk)) {
            turn.release();
            return;
        }
        underWay++;
        var _ = written.whenComplete((_, e) -> serial.run(() -> finished(turn, e)));
    }

    private void finished(Turn turn, @Nullable Throwable failure) {
        underWay--;
        if (failure != null && !hasFailed) {
            LOG.error("the groups cannot be written, and are read again", failure);
            hasFailed = true;
            discard().release();
        }
        if (hasFailed) {
            turn.fail(Errors.COORDINATOR_NOT_AVAILABLE);
        } else {
            turn.release();
        }
        reloadIfIdle();
    }

    /// To be called at the end of each turn that was a group's: changes its protocol if it is time
    /// to, and sees to its next deadline.
    void settle(GroupEntry entry, Turn turn) {
        ConsumerGroup consumer = entry.consumer();
        if (consumer != null && Migration.isToDowngrade(consumer)) {
            entry.become(Migration.downgrade(consumer, config, catalogNow(), turn));
        }
        if (groups.find(entry.id()) == null) {
            Alarm alarm = alarms.remove(entry.id());
            if (alarm != null) {
                alarm.timer().cancel();
            }
        } else {
            arm(entry);
        }
    }

    private void arm(GroupEntry entry) {
        long at = entry.nextDeadline();
        Alarm alarm = alarms.get(entry.id());
        if (at == Long.MAX_VALUE || (alarm != null && alarm.at() <= at)) {
            return;
        }
        if (alarm != null) {
            alarm.timer().cancel();
        }
        long wait = Math.max(at - serial.nowMillis(), 0);
        String id = entry.id();
        alarms.put(id, new Alarm(at, serial.after(Duration.ofMillis(wait), () -> ring(id))));
    }

    private void ring(String id) {
        alarms.remove(id);
        GroupEntry entry = groups.find(id);
        if (entry == null || !isLoaded) {
            return;
        }
        take(
                turn -> {
                    ClassicGroup classic = entry.classic();
                    ConsumerGroup consumer = entry.consumer();
                    if (classic != null) {
                        ClassicRequests.tick(classic, turn);
                    } else if (consumer != null) {
                        ConsumerRequests.tick(consumer, turn);
                    }
                    settle(entry, turn);
                },
                null);
    }

    /// Has the assignments see the topics as they are now.
    Catalog catalogNow() {
        assignments.see(assignments.catalog().next(topics.all(Principal.SERVER)));
        catalogDue = serial.nowMillis() + config.times().metadataRefresh().toMillis();
        return assignments.catalog();
    }

    /// Has the assignments see the topics as they were not long ago.
    void catalogSoon() {
        if (serial.nowMillis() >= catalogDue) {
            catalogNow();
        }
    }

    /// Runs an action on each group as a turn of its own, soon.
    void onEach(BiConsumer<GroupEntry, Turn> action) {
        serial.run(() -> {
            for (GroupEntry entry : List.copyOf(groups.all())) {
                if (isLoaded) {
                    take(
                            turn -> {
                                action.accept(entry, turn);
                                settle(entry, turn);
                            },
                            null);
                }
            }
        });
    }
}
