package io.millrace.gateway.http;

import io.millrace.broker.EventExplanation;
import io.millrace.broker.GroupStatus;
import io.millrace.broker.ReceiveRequest;
import io.millrace.broker.SettleRequest;
import io.millrace.broker.Subscriptions;
import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.filter.Explanation;
import io.millrace.event.transform.TransformPreview;
import io.millrace.event.transform.TransformResult;
import io.millrace.group.Leased;
import io.millrace.group.SettleResult;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import io.millrace.stream.Start;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One subscription, `known`.
record TestSubscriptions(TestGroups groups) implements Subscriptions {
    private void check(String name) {
        groups.check(name, ErrorCode.SUBSCRIPTION_NOT_FOUND);
    }

    @Override
    public List<Leased> receive(Principal principal, String name, ReceiveRequest request)
            throws InterruptedException {
        check(name);
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
        Event event = TestGroups.event("e", "1");
        StoredEvent stored =
                new StoredEvent("events", 0, 17, TestGroups.NOW, Context.of("/a/b"), event);
        return List.of(new Leased("3-2-0-17-5", TestGroups.NOW, 2, 0, TestGroups.NOW, stored));
    }

    @Override
    public void seek(Principal principal, String name, Start start) {
        check(name);
        groups.calls.add("seek " + start);
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
        return TestGroups.status("Subscription");
    }

    @Override
    public List<GroupStatus> status(Principal principal) {
        return List.of(TestGroups.status("Subscription"));
    }

    @Override
    public EventExplanation explain(
            Principal principal, String name, Context context, Event event) {
        check(name);
        groups.calls.add("explain " + context.path() + " " + event.id());
        Explanation part =
                new Explanation("types", "any type", true, true, "t", "t is one", List.of());
        return new EventExplanation(
                true,
                new Explanation("", "all", true, true, null, "all of them match", List.of(part)),
                null);
    }

    @Override
    public EventExplanation explain(Principal principal, String name, Receipt position) {
        check(name);
        groups.calls.add("explain " + position);
        return new EventExplanation(
                false,
                new Explanation("source", "is /x", false, true, null, "there is none", List.of()),
                "it was passed over");
    }

    @Override
    public TransformPreview preview(
            Principal principal, String name, Context context, Event event) {
        check(name);
        return event.id().equals("bad")
                ? new TransformPreview(
                        null,
                        null,
                        new TransformResult.Failed(
                                List.of(
                                        new Problem(
                                                ErrorCode.TRANSFORM_FAILED, "type", "is missing"))))
                : new TransformPreview(
                        "{\"a\":1}", "\"ü\"", new TransformResult.Transformed(event));
    }
}
