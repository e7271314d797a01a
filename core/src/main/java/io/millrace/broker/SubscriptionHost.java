package io.millrace.broker;

import io.millrace.broker.catalogue.Proposal;
import io.millrace.broker.catalogue.ResourceHost;
import io.millrace.broker.partition.LaneHost;
import io.millrace.broker.partition.ShardGroup;
import io.millrace.broker.stream.StreamSet;
import io.millrace.config.ProblemCollector;
import io.millrace.cursor.RecoveredCursors;
import io.millrace.delivery.Sinks;
import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import io.millrace.group.CursorShards;
import io.millrace.group.Group;
import io.millrace.resource.Circles;
import io.millrace.resource.Delivery;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.Selection;
import io.millrace.resource.SubscriptionResource;
import io.millrace.stream.Mounts;
import io.millrace.stream.Stream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The subscriptions that are set up. What changes them belongs to whoever holds the lock of the
/// resources; the rest is for every thread.
final class SubscriptionHost implements ResourceHost<SubscriptionResource> {
    private final StreamSet streams;
    private final ShardGroup shards;
    private final CursorShards cursors;
    private final RecoveredCursors recovered;
    private final LetterRoom letters;
    private final LaneHost lanes;
    private final Outlets outlets;
    private final @Nullable Sinks sinks;
    private final Group.Means means;
    private final Map<String, HostedSubscription> open = new ConcurrentHashMap<>();

    /// The mounts that all subscriptions have been attached to.
    private @Nullable Mounts attachedTo;

    /// @param recovered cursors from before the start
    SubscriptionHost(
            StreamSet streams,
            ShardGroup shards,
            CursorShards cursors,
            RecoveredCursors recovered,
            LetterRoom letters,
            LaneHost lanes,
            Outlets outlets,
            @Nullable Sinks sinks,
            Group.Means means) {
        this.streams = streams;
        this.shards = shards;
        this.cursors = cursors;
        this.recovered = recovered;
        this.letters = letters;
        this.lanes = lanes;
        this.outlets = outlets;
        this.sinks = sinks;
        this.means = means;
    }

    /// One that is there, or `null`.
    @Nullable HostedSubscription find(String name) {
        return open.get(name);
    }

    /// All, by name.
    List<HostedSubscription> all() {
        return open.values().stream()
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.SUBSCRIPTION;
    }

    @Override
    public Class<SubscriptionResource> type() {
        return SubscriptionResource.class;
    }

    @Override
    public void opened(SubscriptionResource resource, int incarnation) {
        letters.open();
        HostedSubscription subscription = host(resource, incarnation);
        subscription.recover(recovered.notes().get(incarnation));
        attach(subscription);
        subscription.deliver(outlets);
        open.put(resource.name(), subscription);
    }

    private HostedSubscription host(SubscriptionResource resource, int incarnation) {
        return new HostedSubscription(
                resource, incarnation, shards, cursors, letters, lanes, recovered, means);
    }

    /// Has a subscription read every partition that it reaches and does not read yet, and leave
    /// those that are gone.
    private void attach(HostedSubscription subscription) {
        List<CompletableFuture<?>> attached = new ArrayList<>();
        Selection selection = subscription.resource().selection();
        List<Stream> reached =
                streams.mounts().reachedBy(selection.pattern()).stream()
                        .filter(stream -> selection.allows(stream.name()))
                        .toList();
        for (Stream stream : reached) {
            int incarnation = streams.incarnation(stream.name());
            boolean isNew = subscription.isNew(incarnation, recovered);
            for (int i = 0; i < stream.partitions().size(); i++) {
                if (!subscription.group().has(incarnation, i)) {
                    attached.add(
                            subscription.attach(
                                    incarnation,
                                    stream.partitions().get(i),
                                    cursors.of(stream.shards().get(i)),
                                    isNew));
                }
            }
        }
        List<Integer> there =
                reached.stream().map(stream -> streams.incarnation(stream.name())).toList();
        subscription.group().cursors().stream()
                .map(cursor -> cursor.id().stream())
                .distinct()
                .filter(stream -> stream != subscription.incarnation() && !there.contains(stream))
                .forEach(subscription::detach);
        attached.forEach(subscription.group()::await);
    }

    @Override
    public void check(List<Proposal<SubscriptionResource>> proposals, ProblemCollector problems) {
        checkStart(proposals, problems);
        checkCircles(proposals, problems);
        checkSinks(proposals, problems);
    }

    /// The start was used when the subscription was created.
    private static void checkStart(
            List<Proposal<SubscriptionResource>> proposals, ProblemCollector problems) {
        for (Proposal<SubscriptionResource> proposal : proposals) {
            SubscriptionResource before = proposal.before();
            if (before != null && !before.start().equals(proposal.after().start())) {
                problems.add(
                        new Problem(
                                ErrorCode.RESOURCE_CONFLICT,
                                proposal.field("start"),
                                "was %s when the subscription was created and stays so; go elsewhere with seek"
                                        .formatted(before.start().print())));
            }
        }
    }

    /// Together with what is there, no subscriptions may publish to each other in a circle.
    private void checkCircles(
            List<Proposal<SubscriptionResource>> proposals, ProblemCollector problems) {
        if (proposals.stream()
                .noneMatch(each -> each.after().delivery() instanceof Delivery.ToContext)) {
            return;
        }
        Map<String, SubscriptionResource> all = new HashMap<>();
        open.values().forEach(each -> all.put(each.name(), each.resource()));
        proposals.forEach(proposal -> all.put(proposal.after().name(), proposal.after()));
        Circles circles = new Circles(all.values());
        Set<Set<String>> told = new HashSet<>();
        for (Proposal<SubscriptionResource> proposal : proposals) {
            List<String> circle =
                    proposal.after().equals(proposal.before())
                            ? List.of()
                            : circles.through(proposal.after());
            if (!circle.isEmpty() && told.add(Set.copyOf(circle))) {
                problems.add(
                        proposal.field("context"),
                        "would have events go round for ever: %s -> %s; narrow a pattern or the types of one"
                                .formatted(String.join(" -> ", circle), circle.getFirst()));
            }
        }
    }

    /// Sinks have to be where they may be, and there has to be somebody who pushes.
    private void checkSinks(
            List<Proposal<SubscriptionResource>> proposals, ProblemCollector problems) {
        for (Proposal<SubscriptionResource> proposal : proposals) {
            SubscriptionResource before = proposal.before();
            if (!(proposal.after().delivery() instanceof Delivery.Push(var spec))
                    || (before != null && before.delivery().equals(proposal.after().delivery()))) {
                continue;
            }
            Sinks all = sinks;
            if (all == null) {
                problems.add(proposal.field("push"), "this server pushes nowhere");
                continue;
            }
            for (Problem problem : means.threading().await(all.check(spec))) {
                String field = problem.field();
                problems.add(
                        new Problem(
                                problem.code(),
                                proposal.field(field == null ? "push" : field),
                                problem.detail()));
            }
        }
    }

    @Override
    public void prepare(SubscriptionResource resource, int incarnation) {
        letters.open();
    }

    @Override
    public void created(SubscriptionResource resource, int incarnation) {
        HostedSubscription subscription = host(resource, incarnation);
        try {
            attach(subscription);
        } catch (RuntimeException e) {
            subscription.delete();
            throw e;
        }
        subscription.deliver(outlets);
        open.put(resource.name(), subscription);
    }

    @Override
    public void changed(SubscriptionResource before, SubscriptionResource after, int incarnation) {
        HostedSubscription subscription = open.get(after.name());
        if (subscription != null) {
            subscription.change(after, outlets);
            attach(subscription);
        }
    }

    @Override
    public void deleted(SubscriptionResource resource, int incarnation) {
        HostedSubscription subscription = open.remove(resource.name());
        if (subscription != null) {
            subscription.delete();
        }
    }

    @Override
    public void completed() {
        Mounts now = streams.mounts();
        if (now != attachedTo) {
            open.values().forEach(this::attach);
            attachedTo = now;
        }
    }

    /// Ends every wait; cursors stay as they are.
    void close() {
        open.values().forEach(HostedSubscription::close);
    }
}
