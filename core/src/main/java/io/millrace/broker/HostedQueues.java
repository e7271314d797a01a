package io.millrace.broker;

import io.millrace.broker.queue.HostedQueue;
import io.millrace.broker.queue.JobNumber;
import io.millrace.broker.queue.QueueHost;
import io.millrace.cursor.Held;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.group.Group;
import io.millrace.group.GroupCursor;
import io.millrace.group.Leased;
import io.millrace.group.SettleResult;
import io.millrace.io.Threading;
import io.millrace.keyed.KeyedLog;
import io.millrace.queue.JobRules;
import io.millrace.resource.ResourceKind;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import io.millrace.shard.Partition;
import io.millrace.stream.HistoryReader;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// [Queues] over those that are set up.
final class HostedQueues implements Queues {
    static final int STATE_BYTES_MAX = 256 << 10;
    private static final int STATE_KEY_MAX = 1024;

    private final Guard guard;
    private final QueueHost host;
    private final Emitting emitting;
    private final Supplier<KeyedLog> states;
    private final Threading threading;

    /// @param states of ordered groups
    HostedQueues(
            Guard guard,
            QueueHost host,
            Emitting emitting,
            Supplier<KeyedLog> states,
            Threading threading) {
        this.guard = guard;
        this.host = host;
        this.emitting = emitting;
        this.states = states;
        this.threading = threading;
    }

    private HostedQueue queue(String name) {
        HostedQueue found = host.find(name);
        if (found == null) {
            throw ResourceKind.QUEUE.notFound(name);
        }
        return found;
    }

    /// For whoever puts jobs in.
    private HostedQueue open(Principal principal, String name) {
        HostedQueue found = queue(name);
        guard.publish(principal, found.context());
        return found;
    }

    /// For whoever takes them out.
    private HostedQueue worked(Principal principal, String name) {
        HostedQueue found = queue(name);
        guard.read(principal, io.millrace.event.ContextPattern.of(found.context().path()));
        return found;
    }

    private HostedQueue managed(Principal principal, String name) {
        HostedQueue found = queue(name);
        guard.manage(principal, HostedQueue.KIND, name);
        return found;
    }

    private <T extends @Nullable Object> T await(CompletableFuture<T> future) {
        try {
            return threading.await(future);
        } catch (CompletionException e) {
            throw e.getCause() instanceof MillraceException problem ? problem : e;
        }
    }

    @Override
    public List<Enqueued> enqueue(Principal principal, String name, List<Event> jobs) {
        HostedQueue queue = open(principal, name);
        return await(queue.enqueue(queue.check(jobs), false)).stream()
                .map(job -> new Enqueued(job.number().toString(), job.isDuplicate()))
                .toList();
    }

    private static Duration lease(HostedQueue queue, @Nullable Duration wanted) {
        return wanted == null ? queue.group().config().lease() : wanted;
    }

    @Override
    public List<Leased> receive(Principal principal, String name, ReceiveRequest request)
            throws InterruptedException {
        HostedQueue queue = worked(principal, name);
        return queue.group()
                .receive(request.max(), request.waitMax(), lease(queue, request.lease()), false);
    }

    @Override
    public List<Leased> receiveAndDelete(Principal principal, String name, ReceiveRequest request)
            throws InterruptedException {
        HostedQueue queue = worked(principal, name);
        return queue.group().receive(request.max(), request.waitMax(), lease(queue, null), true);
    }

    @Override
    public List<SettleResult> settle(
            Principal principal, String name, List<SettleRequest> requests) {
        return emitting.settle(principal, worked(principal, name).group(), requests);
    }

    @Override
    public List<Leased> fetchDeferred(
            Principal principal, String name, List<String> numbers, @Nullable Duration lease) {
        HostedQueue queue = worked(principal, name);
        List<Leased> fetched = new ArrayList<>();
        for (String text : numbers) {
            JobNumber number = JobNumber.parse(text);
            GroupCursor cursor = number == null ? null : queue.cursor(number.lane());
            if (number != null && cursor != null) {
                Leased leased =
                        queue.group().takeDeferred(cursor, number.offset(), lease(queue, lease));
                if (leased != null) {
                    fetched.add(leased);
                }
            }
        }
        return fetched;
    }

    @Override
    public List<Peeked> peek(Principal principal, String name, @Nullable String after, int max) {
        HostedQueue queue = worked(principal, name);
        JobNumber begin = after == null ? null : number(after, "after");
        List<Peeked> peeked = new ArrayList<>();
        int lane = begin == null ? JobRules.LANES - 1 : begin.lane();
        long from = begin == null ? 0 : begin.offset() + 1;
        while (lane >= 0 && peeked.size() < max) {
            GroupCursor cursor = queue.cursor(lane);
            if (cursor != null) {
                for (Group.Pending pending :
                        queue.group().pending(cursor, from, max - peeked.size())) {
                    Peeked job = peeked(cursor.partition(), pending);
                    if (job != null) {
                        peeked.add(job);
                    }
                }
            }
            lane--;
            from = 0;
        }
        return peeked;
    }

    private static JobNumber number(String text, String field) {
        JobNumber number = JobNumber.parse(text);
        if (number == null) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID, field, "must be the number of a job such as 4-17");
        }
        return number;
    }

    private static @Nullable Peeked peeked(Partition partition, Group.Pending pending) {
        HistoryReader reader = new HistoryReader();
        reader.add(partition, pending.offset(), null);
        List<StoredEvent> events;
        try {
            events = reader.next(1);
        } catch (MillraceException _) {
            return null;
        }
        if (events.isEmpty() || events.getFirst().offset() != pending.offset()) {
            return null;
        }
        StoredEvent job = events.getFirst();
        String number = new JobNumber(partition.number(), job.offset()).toString();
        Held held = pending.held();
        if (held == null) {
            long due = new JobRules(false, null).dueMillis(job);
            boolean isScheduled = due > job.recordedMillis();
            return new Peeked(
                    number, isScheduled ? "scheduled" : "ready", isScheduled ? due : 0, 0, 0, job);
        }
        String state =
                switch (held.state()) {
                    case LEASED -> "leased";
                    case WAITING -> "delayed";
                    case HELD -> "held";
                    case DEFERRED -> "deferred";
                    case SCHEDULED -> "scheduled";
                };
        boolean isTimed =
                held.state() != Held.State.DEFERRED
                        && held.state() != Held.State.HELD
                        && held.timeMillis() < Long.MAX_VALUE;
        return new Peeked(
                number,
                state,
                isTimed ? held.timeMillis() : 0,
                held.deliveries(),
                held.failures(),
                job);
    }

    @Override
    public void cancel(Principal principal, String name, String number) {
        HostedQueue queue = open(principal, name);
        JobNumber place = number(number, "number");
        GroupCursor cursor = queue.cursor(place.lane());
        if (cursor == null
                || !isScheduled(cursor, place)
                || !queue.group().cancel(cursor, place.offset())) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND,
                    "number",
                    "there is no scheduled job %s in the queue %s".formatted(number, name));
        }
    }

    private static boolean isScheduled(GroupCursor cursor, JobNumber place) {
        Peeked job = null;
        if (place.offset() < cursor.partition().log().readableOffset()
                && place.offset() >= cursor.partition().log().startOffset()) {
            job = peeked(cursor.partition(), new Group.Pending(place.offset(), null));
        }
        return job != null && job.state().equals("scheduled");
    }

    @Override
    public long purge(Principal principal, String name) {
        return managed(principal, name).group().purge();
    }

    @Override
    public void pause(Principal principal, String name) {
        managed(principal, name).pause(true);
    }

    @Override
    public void resume(Principal principal, String name) {
        managed(principal, name).pause(false);
    }

    @Override
    public GroupStatus status(Principal principal, String name) {
        return status(worked(principal, name));
    }

    @Override
    public List<GroupStatus> status(Principal principal) {
        return host.all().stream().map(HostedQueues::status).toList();
    }

    private static GroupStatus status(HostedQueue queue) {
        Group group = queue.group();
        return new GroupStatus(
                HostedQueue.KIND,
                queue.name(),
                group.isPaused() ? GroupStatus.State.PAUSED : GroupStatus.State.ACTIVE,
                null,
                group.ledger(),
                group.waiting(),
                group.perSecond(),
                null);
    }

    private static String stateKey(HostedQueue queue, String group) {
        if (group.isEmpty() || group.length() > STATE_KEY_MAX) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "group",
                    "must have 1 to %d characters".formatted(STATE_KEY_MAX));
        }
        return queue.incarnation() + "/" + group;
    }

    @Override
    public @Nullable Bytes groupState(Principal principal, String name, String group) {
        return states.get().get(stateKey(worked(principal, name), group));
    }

    @Override
    public void groupState(Principal principal, String name, String group, @Nullable Bytes state) {
        String key = stateKey(worked(principal, name), group);
        if (state != null && state.length() > STATE_BYTES_MAX) {
            throw new MillraceException(
                    ErrorCode.BODY_TOO_LARGE,
                    "the state of a group has at most %d bytes".formatted(STATE_BYTES_MAX));
        }
        await(state == null ? states.get().delete(key) : states.get().put(key, state));
    }
}
