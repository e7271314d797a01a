package io.millrace.gateway.http;

import io.millrace.broker.GroupStatus;
import io.millrace.broker.Queues;
import io.millrace.broker.ReceiveRequest;
import io.millrace.broker.SettleRequest;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.group.Leased;
import io.millrace.group.SettleResult;
import io.millrace.security.Principal;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// One queue, `known`.
final class TestQueues implements Queues {
    final List<Event> jobs = new CopyOnWriteArrayList<>();
    final Map<String, Bytes> states = new ConcurrentHashMap<>();
    private final TestGroups groups;

    TestQueues(TestGroups groups) {
        this.groups = groups;
    }

    private void check(String name) {
        groups.check(name, ErrorCode.QUEUE_NOT_FOUND);
    }

    @Override
    public List<Enqueued> enqueue(Principal principal, String name, List<Event> added) {
        check(name);
        List<Enqueued> answers = new ArrayList<>();
        for (Event job : added) {
            switch (job.id()) {
                case "twice" -> answers.add(new Enqueued("4-0", true));
                case "long-ago" -> answers.add(new Enqueued(null, true));
                default -> {
                    answers.add(new Enqueued("4-" + jobs.size(), false));
                    jobs.add(job);
                }
            }
        }
        return answers;
    }

    @Override
    public List<Leased> receive(Principal principal, String name, ReceiveRequest request)
            throws InterruptedException {
        check(name);
        return groups.receive(request);
    }

    @Override
    public List<Leased> receiveAndDelete(Principal principal, String name, ReceiveRequest request)
            throws InterruptedException {
        check(name);
        groups.calls.add("delete");
        return groups.receive(request);
    }

    @Override
    public List<SettleResult> settle(
            Principal principal, String name, List<SettleRequest> requests) {
        check(name);
        return groups.settle(requests);
    }

    @Override
    public List<Leased> fetchDeferred(
            Principal principal, String name, List<String> numbers, @Nullable Duration lease) {
        check(name);
        groups.calls.add("deferred " + numbers + " " + lease);
        StoredEvent event =
                new StoredEvent(
                        "known",
                        4,
                        17,
                        TestGroups.NOW,
                        Context.of("/a"),
                        TestGroups.event("d", "1"));
        return List.of(new Leased("t", TestGroups.NOW, 2, 1, TestGroups.NOW, event));
    }

    @Override
    public List<Peeked> peek(Principal principal, String name, @Nullable String after, int max) {
        check(name);
        groups.calls.add("peek " + after + " " + max);
        int from = after == null ? 0 : Integer.parseInt(after.substring(2)) + 1;
        List<Peeked> peeked = new ArrayList<>();
        for (int i = from; i < jobs.size() && peeked.size() < max; i++) {
            StoredEvent job =
                    new StoredEvent("known", 4, i, TestGroups.NOW, Context.of("/s"), jobs.get(i));
            peeked.add(
                    new Peeked(
                            "4-" + i,
                            i == 0 ? "scheduled" : "ready",
                            i == 0 ? TestGroups.NOW : 0,
                            1,
                            0,
                            job));
        }
        return peeked;
    }

    @Override
    public void cancel(Principal principal, String name, String number) {
        check(name);
        if (number.equals("4-99")) {
            throw new MillraceException(ErrorCode.NOT_FOUND, "number", "is not scheduled");
        }
        groups.calls.add("cancel " + number);
    }

    @Override
    public long purge(Principal principal, String name) {
        check(name);
        return 12;
    }

    @Override
    public void pause(Principal principal, String name) {
        check(name);
        groups.calls.add("pause");
    }

    @Override
    public void resume(Principal principal, String name) {
        check(name);
        groups.calls.add("resume");
    }

    @Override
    public GroupStatus status(Principal principal, String name) {
        check(name);
        return TestGroups.status("Queue");
    }

    @Override
    public List<GroupStatus> status(Principal principal) {
        return List.of(TestGroups.status("Queue"));
    }

    @Override
    public @Nullable Bytes groupState(Principal principal, String name, String group) {
        check(name);
        return states.get(group);
    }

    @Override
    public void groupState(Principal principal, String name, String group, @Nullable Bytes state) {
        check(name);
        if (state == null) {
            states.remove(group);
        } else {
            states.put(group, state);
        }
    }
}
