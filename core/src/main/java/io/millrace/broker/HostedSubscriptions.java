package io.millrace.broker;

import io.millrace.broker.stream.StreamSet;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.event.filter.EventView;
import io.millrace.event.filter.Explanation;
import io.millrace.event.transform.Transform;
import io.millrace.event.transform.TransformPreview;
import io.millrace.group.EventNumber;
import io.millrace.group.GroupCursor;
import io.millrace.group.Leased;
import io.millrace.group.SettleResult;
import io.millrace.resource.ResourceKind;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import io.millrace.shard.Partition;
import io.millrace.stream.HistoryReader;
import io.millrace.stream.Receipt;
import io.millrace.stream.Start;
import io.millrace.stream.StoredEvent;
import io.millrace.stream.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// [Subscriptions] over those that are set up.
final class HostedSubscriptions implements Subscriptions {
    private final Guard guard;
    private final SubscriptionHost host;
    private final StreamSet streams;
    private final Emitting emitting;

    HostedSubscriptions(Guard guard, SubscriptionHost host, StreamSet streams, Emitting emitting) {
        this.guard = guard;
        this.host = host;
        this.streams = streams;
        this.emitting = emitting;
    }

    /// One that the principal may read from.
    private HostedSubscription readable(Principal principal, String name) {
        HostedSubscription found = host.find(name);
        if (found == null) {
            throw ResourceKind.SUBSCRIPTION.notFound(name);
        }
        guard.read(principal, found.resource().selection().pattern());
        return found;
    }

    private HostedSubscription managed(Principal principal, String name) {
        guard.manage(principal, HostedSubscription.KIND, name);
        return readable(principal, name);
    }

    private HostedSubscription pulled(Principal principal, String name) {
        HostedSubscription found = readable(principal, name);
        if (!found.isPull()) {
            throw new MillraceException(
                    ErrorCode.RESOURCE_CONFLICT,
                    "the subscription %s delivers by itself; only one with pull can be received from"
                            .formatted(name));
        }
        return found;
    }

    private static Duration lease(HostedSubscription found, @Nullable Duration wanted) {
        return wanted == null ? found.group().config().lease() : wanted;
    }

    @Override
    public List<Leased> receive(Principal principal, String name, ReceiveRequest request)
            throws InterruptedException {
        HostedSubscription found = pulled(principal, name);
        Duration lease = lease(found, request.lease());
        return found.group().receive(request.max(), request.waitMax(), lease, false);
    }

    @Override
    public List<Leased> fetchDeferred(
            Principal principal, String name, List<String> numbers, @Nullable Duration lease) {
        HostedSubscription found = pulled(principal, name);
        List<Leased> fetched = new ArrayList<>();
        for (String text : numbers) {
            EventNumber number = EventNumber.parse(text);
            GroupCursor cursor = number == null ? null : cursor(found, number);
            if (number != null && cursor != null) {
                Leased leased =
                        found.group().takeDeferred(cursor, number.offset(), lease(found, lease));
                if (leased != null) {
                    fetched.add(leased);
                }
            }
        }
        return fetched;
    }

    private @Nullable GroupCursor cursor(HostedSubscription found, EventNumber number) {
        String stream = number.stream();
        if (stream == null) {
            return found.group().find(found.incarnation(), number.partition());
        }
        return streams.named(stream) == null
                ? null
                : found.group().find(streams.incarnation(stream), number.partition());
    }

    @Override
    public List<SettleResult> settle(
            Principal principal, String name, List<SettleRequest> requests) {
        return emitting.settle(principal, readable(principal, name).group(), requests);
    }

    @Override
    public void seek(Principal principal, String name, Start start) {
        HostedSubscription found = managed(principal, name);
        if (start instanceof Start.At) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "to",
                    "an offset counts in one partition only; a subscription reads several");
        }
        found.group().seek(partition -> offset(start, partition));
    }

    private static long offset(Start start, Partition partition) {
        return Math.min(HistoryReader.offsetOf(start, partition), partition.dispatchedOffset());
    }

    @Override
    public void pause(Principal principal, String name) {
        managed(principal, name).pause();
    }

    @Override
    public void resume(Principal principal, String name) {
        managed(principal, name).resume();
    }

    @Override
    public GroupStatus status(Principal principal, String name) {
        return readable(principal, name).status();
    }

    @Override
    public List<GroupStatus> status(Principal principal) {
        return host.all().stream().map(HostedSubscription::status).toList();
    }

    @Override
    public EventExplanation explain(
            Principal principal, String name, Context context, Event event) {
        Explanation why =
                explain(
                        readable(principal, name),
                        streams.mounts().of(context).name(),
                        context,
                        event);
        return new EventExplanation(why.matches(), why, null);
    }

    /// @param stream in which the event lies, or would
    private static Explanation explain(
            HostedSubscription found, String stream, Context context, Event event) {
        Explanation why = found.interest().explain(context, new EventView(event));
        String only = found.resource().selection().stream();
        if (only == null) {
            return why;
        }
        List<Explanation> parts = new ArrayList<>();
        parts.add(
                Explanation.leaf(
                        "stream",
                        "the stream is \"%s\"".formatted(only),
                        only.equals(stream),
                        stream,
                        "it is \"%s\"".formatted(stream)));
        parts.addAll(why.parts());
        return Explanation.all(why.path(), "stream, " + why.clause(), parts);
    }

    @Override
    public EventExplanation explain(Principal principal, String name, Receipt position) {
        HostedSubscription found = readable(principal, name);
        Stream stream = streams.named(position.stream());
        if (stream == null) {
            throw ResourceKind.STREAM.notFound(position.stream());
        }
        guard.read(principal, ContextPattern.of(stream.mount().path()));
        StoredEvent event = new HistoryReading(streams).one(stream, position);
        String state = found.group().state(streams.incarnation(stream.name()), position);
        Explanation why = explain(found, stream.name(), event.context(), event.event());
        if (!why.matches()) {
            return new EventExplanation(false, why, null);
        }
        return new EventExplanation(
                true, why, state == null ? "the subscription does not read this partition" : state);
    }

    @Override
    public TransformPreview preview(
            Principal principal, String name, Context context, Event event) {
        String transform = readable(principal, name).resource().transform();
        if (transform == null) {
            throw new MillraceException(
                    ErrorCode.RESOURCE_CONFLICT,
                    "the subscription %s has no transform".formatted(name));
        }
        return Transform.of(transform).preview(event, context);
    }
}
