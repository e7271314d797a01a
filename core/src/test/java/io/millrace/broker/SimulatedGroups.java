package io.millrace.broker;

import static io.millrace.broker.BrokerModel.check;

import io.millrace.broker.Queues.Enqueued;
import io.millrace.config.DocumentReader;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.AttributeValue.TimestampValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.Timestamp;
import io.millrace.group.Group;
import io.millrace.group.Leased;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReader;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Makes queues and subscriptions, puts jobs and events in, changes and deletes them, and holds the
/// broker to its answers.
final class SimulatedGroups {
    private static final int GROUPS_MAX = 4;
    private static final int[] PRIORITIES = {0, 4, 4, 4, 9};

    private final GroupMachine machine;
    private final SimulatedWorkers workers;
    private final Random random;
    private final List<ModelGroup> groups = new ArrayList<>();
    private final List<Group.StandBy> standing = new ArrayList<>();
    private final Map<String, Event> published = new HashMap<>();
    private final List<String> ids = new ArrayList<>();
    private int made;
    private boolean hasBufferedStream;

    SimulatedGroups(GroupMachine machine, SimulatedWorkers workers) {
        this.machine = machine;
        this.workers = workers;
        this.random = machine.random;
    }

    /// All that may exist.
    List<ModelGroup> all() {
        return List.copyOf(groups);
    }

    /// Those that exist.
    List<ModelGroup> sure() {
        return groups.stream().filter(group -> !group.isDoubtful).toList();
    }

    /// One that exists.
    @Nullable ModelGroup any() {
        if (groups.isEmpty()) {
            return null;
        }
        ModelGroup group = groups.get(random.nextInt(groups.size()));
        if (machine.group(group) == null) {
            check(group.isDoubtful, "%s is gone", group);
            return null;
        }
        return group;
    }

    /// An event that was there before the subscription looked.
    @Nullable ModelItem stranger(ModelGroup group, Leased leased) {
        Event event = published.get(leased.event().event().id());
        if (group.isQueue() || event == null || !wants(group, event)) {
            return null;
        }
        ModelItem item = new ModelItem(event, event.partitionKey(), 0, Long.MAX_VALUE, 0);
        item.mayBeFinished = true;
        group.items.add(item);
        group.placed(item, ModelGroup.place(leased));
        return item;
    }

    private static boolean wants(ModelGroup group, Event event) {
        return group.type == null || group.type.equals(event.type());
    }

    void standDown() {
        standing.clear();
    }

    void crashed(boolean isLost) {
        for (ModelGroup group : groups) {
            group.crashed(
                    isLost,
                    item ->
                            group.isQueue()
                                    ? group.isSynced
                                    : item.place == null || !item.place.startsWith("b/"));
            if (machine.hasJumped) {
                group.items.forEach(item -> item.isRemembered = false);
            }
        }
        groups.removeIf(group -> machine.group(group) == null && group.isDoubtful);
        groups.forEach(group -> check(machine.group(group) != null, "%s is gone", group));
        for (ModelGroup group : groups) {
            Group there = machine.group(group);
            if (there != null && group.isPaused != null) {
                check(there.isPaused() == group.isPaused, "%s is paused or not", group);
            }
        }
    }

    void resumeAll() {
        for (ModelGroup group : groups) {
            if (machine.group(group) != null) {
                pause(group, false);
            }
        }
    }

    /// Puts jobs or events in.
    void put() {
        ModelGroup group = any();
        if (group == null || random.nextInt(3) == 0) {
            publish();
        } else if (group.isQueue()) {
            enqueue(group);
        } else {
            publish();
        }
    }

    private String freshId() {
        String id = "e" + made++;
        ids.add(id);
        return id;
    }

    private Event freshEvent() {
        EventBuilder builder =
                Event.builder()
                        .id(freshId())
                        .source("/s")
                        .type(random.nextBoolean() ? "t" : "u")
                        .data(Bytes.utf8("x".repeat(random.nextInt(100))));
        if (random.nextBoolean()) {
            builder.extension("partitionkey", "k" + random.nextInt(3));
        }
        return builder.build();
    }

    private void publish() {
        String context = hasBufferedStream && random.nextInt(3) == 0 ? "/b/x" : "/a/x";
        Event event = freshEvent();
        published.put(event.id(), event);
        Map<ModelGroup, ModelItem> wanted = new HashMap<>();
        for (ModelGroup group : groups) {
            if (!group.isQueue()
                    && !group.isDoubtful
                    && machine.group(group) != null
                    && wants(group, event)) {
                ModelItem item = new ModelItem(event, event.partitionKey(), 0, Long.MAX_VALUE, 0);
                group.items.add(item);
                wanted.put(group, item);
            }
        }
        machine.note("publish %s to %s", event.id(), context);
        PublishReply reply =
                new PublishReply() {
                    @Override
                    public void stored(List<Receipt> receipts) {
                        Receipt at = receipts.getFirst();
                        String place = at.stream() + "/" + at.partition() + "/" + at.offset();
                        machine.note("%s is at %s", event.id(), place);
                        wanted.forEach((group, item) -> {
                            if (item.place == null) {
                                group.placed(item, place);
                            }
                        });
                    }

                    @Override
                    public void failed(MillraceException problem) {
                        machine.note("%s failed: %s", event.id(), problem.getMessage());
                    }
                };
        try {
            machine.broker()
                    .publish(Principal.LOCAL, List.of(new Publication(context, event)), reply);
        } catch (MillraceException e) {
            workers.blame(e);
        }
    }

    private ModelItem job(ModelGroup group) {
        boolean isAgain = !group.items.isEmpty() && random.nextInt(5) == 0;
        long nanos = machine.clock.nanoTime();
        if (isAgain) {
            int back = Math.min(6, group.items.size());
            ModelItem known = group.items.get(group.items.size() - 1 - random.nextInt(back));
            return new ModelItem(
                    known.event, known.key, known.dueMillis, known.expiryMillis, nanos);
        }
        long millis = machine.clock.epochMillis();
        long due = random.nextInt(4) == 0 ? millis + random.nextLong(900_000) : 0;
        long expiry = random.nextInt(8) == 0 ? millis + random.nextLong(1_800_000) : Long.MAX_VALUE;
        String key = random.nextBoolean() ? "k" + random.nextInt(3) : null;
        EventBuilder builder =
                Event.builder()
                        .id(freshId())
                        .source("/s")
                        .type("t")
                        .data(Bytes.utf8("x".repeat(random.nextInt(100))))
                        .extension(
                                "priority",
                                new IntegerValue(PRIORITIES[random.nextInt(PRIORITIES.length)]));
        if (key != null) {
            builder.extension("partitionkey", key);
        }
        if (due > 0) {
            builder.extension("scheduledtime", time(due));
        }
        if (expiry < Long.MAX_VALUE) {
            builder.extension("expirytime", time(expiry));
        }
        return new ModelItem(builder.build(), key, due, expiry, nanos);
    }

    private static TimestampValue time(long millis) {
        return new TimestampValue(Timestamp.of(Instant.ofEpochMilli(millis)));
    }

    private void enqueue(ModelGroup group) {
        List<ModelItem> jobs = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            jobs.add(job(group));
        }
        List<ModelItem> before = List.copyOf(group.items);
        group.items.addAll(jobs);
        List<Enqueued> answers;
        try {
            answers =
                    machine.broker()
                            .queues()
                            .enqueue(
                                    Principal.LOCAL,
                                    group.name,
                                    jobs.stream().map(job -> job.event).toList());
        } catch (MillraceException e) {
            if (e.code() == ErrorCode.QUEUE_FULL) {
                group.items.removeAll(jobs);
            } else {
                workers.blame(e);
            }
            return;
        }
        for (int i = 0; i < jobs.size(); i++) {
            enqueued(group, jobs.get(i), answers.get(i), before);
        }
    }

    private void enqueued(
            ModelGroup group, ModelItem job, Enqueued answer, List<ModelItem> before) {
        String place = group.name + "/" + String.valueOf(answer.number()).replace('-', '/');
        machine.note("%s is at %s, duplicate: %s", job.event.id(), place, answer.duplicate());
        if (answer.duplicate()) {
            if (job.place == null) {
                group.items.remove(job);
            }
            ModelItem first = group.find(place, job.event.id());
            check(first != null, "%s is no duplicate of what is at %s", job, place);
            if (first != null) {
                first.isStored = true;
            }
            return;
        }
        if (job.place == null && group.at(place) == null) {
            group.placed(job, place);
        }
        long windowNanos = group.windowMillis * 1_000_000;
        for (ModelItem other : before) {
            // One at the same place is this very job: who took it out before its answer came took
            // it for another of that id, whose own answer was an error.
            check(
                    !other.event.id().equals(job.event.id())
                            || place.equals(other.place)
                            || !other.isStored
                            || !other.isRemembered
                            || machine.hasJumped
                            || machine.clock.nanoTime() - other.putNanos >= windowNanos,
                    "%s was not noticed as a duplicate of %s",
                    job,
                    other);
        }
    }

    /// Makes, changes or deletes something, or gives an order.
    void administer() {
        ModelGroup group = any();
        int dice = random.nextInt(20);
        if (groups.size() < GROUPS_MAX && (group == null || dice < 5)) {
            create();
        } else if (group == null || group.isDoubtful) {
            return;
        } else if (dice < 8) {
            pause(group, random.nextBoolean());
        } else if (dice < 9) {
            delete(group);
        } else if (dice < 12) {
            change(group);
        } else if (dice < 14) {
            standBy(group);
        } else if (!group.isQueue()) {
            workers.seek(group, random.nextBoolean());
        } else if (dice < 17) {
            workers.fetchDeferred(group);
        } else if (dice < 19) {
            workers.cancel(group);
        } else {
            purge(group);
        }
    }

    private void standBy(ModelGroup group) {
        Group there = machine.group(group);
        if (!standing.isEmpty() && random.nextBoolean()) {
            standing.removeLast().close();
        } else if (there != null) {
            standing.add(there.standBy());
        }
    }

    private void apply(String kind, String name, String json) {
        String document = "{\"kind\":\"%s\",\"name\":\"%s\"%s}".formatted(kind, name, json);
        machine.note("put %s", document);
        machine.broker()
                .administration()
                .put(
                        Principal.LOCAL,
                        new ResourceReader()
                                .readOne(
                                        Bytes.utf8(document),
                                        DocumentReader.Format.JSON,
                                        kind,
                                        name),
                        Precondition.NONE);
    }

    private String queue(ModelGroup group) {
        String limit =
                switch (random.nextInt(6)) {
                    case 0 -> {
                        group.isShedding = true;
                        yield ",\"lengthMax\":5,\"overflow\":\"drop-oldest\"";
                    }
                    case 1 -> ",\"lengthMax\":8";
                    default -> "";
                };
        return (",\"durability\":\"%s\",\"ordered\":%s,"
                        + "\"deliveriesMax\":%d,\"duplicateWindow\":\"%dms\",\"lease\":\"%ds\"%s")
                .formatted(
                        group.isSynced ? "synced" : "buffered",
                        group.isOrdered,
                        2 + random.nextInt(4),
                        group.windowMillis,
                        10 + random.nextInt(100),
                        limit);
    }

    private String subscription(ModelGroup group) {
        return (",\"pattern\":\"/**\",\"source\":\"/s\",\"order\":\"%s\",\"outstanding\":%d,"
                                + "\"pull\":{\"lease\":\"60s\",\"deliveriesMax\":%d}%s")
                        .formatted(
                                group.isOrdered ? "key" : "none",
                                5 + random.nextInt(30),
                                2 + random.nextInt(4),
                                group.type == null ? "" : ",\"types\":[\"" + group.type + "\"]")
                + group.start;
    }

    private void create() {
        if (!hasBufferedStream && random.nextInt(4) == 0) {
            try {
                apply("Stream", "b", ",\"mount\":\"/b\",\"durability\":\"buffered\"");
                hasBufferedStream = true;
            } catch (MillraceException e) {
                workers.blame(e);
            }
            return;
        }
        boolean isQueue = random.nextInt(3) > 0;
        ModelGroup group =
                new ModelGroup(
                        isQueue ? ResourceKind.QUEUE : ResourceKind.SUBSCRIPTION,
                        (isQueue ? "q" : "s") + made++,
                        random.nextBoolean(),
                        random.nextInt(3) > 0,
                        random.nextInt(3) == 0 ? 20_000 : 600_000,
                        random.nextBoolean() ? "t" : null);
        group.isDoubtful = true;
        groups.add(group);
        try {
            group.start = random.nextBoolean() ? ",\"start\":\"earliest\"" : "";
            apply(
                    isQueue ? "Queue" : "Subscription",
                    group.name,
                    isQueue ? queue(group) : subscription(group));
            group.isDoubtful = false;
        } catch (MillraceException e) {
            workers.blame(e);
        }
    }

    private void change(ModelGroup group) {
        try {
            apply(
                    group.isQueue() ? "Queue" : "Subscription",
                    group.name,
                    group.isQueue() ? queue(group) : subscription(group));
        } catch (MillraceException e) {
            workers.blame(e);
        }
    }

    private void delete(ModelGroup group) {
        machine.note("delete %s", group);
        group.isDoubtful = true;
        try {
            machine.broker()
                    .administration()
                    .delete(Principal.LOCAL, group.kind, group.name, Precondition.NONE);
            groups.remove(group);
            check(machine.group(group) == null, "%s is there", group);
        } catch (MillraceException e) {
            workers.blame(e);
        }
    }

    private void pause(ModelGroup group, boolean paused) {
        group.isPaused = null;
        machine.note("%s %s", paused ? "pause" : "resume", group);
        try {
            if (group.isQueue() && paused) {
                machine.broker().queues().pause(Principal.LOCAL, group.name);
            } else if (group.isQueue()) {
                machine.broker().queues().resume(Principal.LOCAL, group.name);
            } else if (paused) {
                machine.broker().subscriptions().pause(Principal.LOCAL, group.name);
            } else {
                machine.broker().subscriptions().resume(Principal.LOCAL, group.name);
            }
            group.isPaused = paused;
        } catch (MillraceException e) {
            workers.blame(e);
        }
    }

    private void purge(ModelGroup group) {
        long start = workers.now++;
        group.items.forEach(item -> {
            item.mayBeFinished |= !item.isFinished;
            item.wasDeferred = true;
        });
        try {
            long purged = machine.broker().queues().purge(Principal.LOCAL, group.name);
            machine.note("purged %d of %s", purged, group);
        } catch (MillraceException e) {
            workers.blame(e);
        }
        // What was given back meanwhile may have been so before it was purged.
        group.items.stream()
                .filter(item -> item.touched > start)
                .forEach(item -> item.mayBeFinished |= !item.isFinished);
    }
}
