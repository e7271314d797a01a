package io.millrace.broker;

import io.millrace.broker.catalogue.Wanted;
import io.millrace.broker.queue.HostedQueue;
import io.millrace.broker.queue.QueueHost;
import io.millrace.broker.share.GroupShare;
import io.millrace.broker.share.Share;
import io.millrace.broker.share.ShareName;
import io.millrace.broker.stream.StreamSet;
import io.millrace.event.ContextPattern;
import io.millrace.event.filter.Filters;
import io.millrace.resource.Delivery;
import io.millrace.resource.DeliveryOrder;
import io.millrace.resource.LeasePolicy;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.Selection;
import io.millrace.resource.SubscriptionResource;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import io.millrace.stream.Stream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// [Shares] over the queues and subscriptions that are set up.
final class HostedShares implements Shares {
    private final Guard guard;
    private final StreamSet streams;
    private final QueueHost queues;
    private final SubscriptionHost subscriptions;
    private final ResourceSet resources;

    HostedShares(
            Guard guard,
            StreamSet streams,
            QueueHost queues,
            SubscriptionHost subscriptions,
            ResourceSet resources) {
        this.guard = guard;
        this.streams = streams;
        this.queues = queues;
        this.subscriptions = subscriptions;
        this.resources = resources;
    }

    @Override
    public Share open(Principal principal, String group, Topics.Topic topic, NewShare wanted) {
        Share known = find(principal, group, topic);
        if (known != null) {
            return known;
        }
        SubscriptionResource created = resource(group, topic, wanted);
        // Whoever may read may have a cursor, as the offsets of a consumer group are.
        guard.read(principal, created.selection().pattern());
        resources.apply(List.of(new Wanted(created, "")), Precondition.NONE, false);
        Share opened = find(principal, group, topic);
        if (opened == null) {
            throw ResourceKind.SUBSCRIPTION.notFound(created.name());
        }
        return opened;
    }

    private SubscriptionResource resource(String group, Topics.Topic topic, NewShare wanted) {
        Stream stream = stream(topic);
        String mount = stream.mount().path();
        ContextPattern pattern = ContextPattern.of(mount.length() == 1 ? "/**" : mount + "/**");
        // Streams that are mounted below are topics of their own.
        return resource(ShareName.of(group, topic.name()), pattern, stream.name(), wanted);
    }

    private static SubscriptionResource resource(
            String name, ContextPattern pattern, @Nullable String stream, NewShare wanted) {
        return new SubscriptionResource(
                name,
                new Selection(pattern, stream, List.of(), null, Filters.NONE),
                wanted.start(),
                DeliveryOrder.NONE,
                SubscriptionResource.OUTSTANDING_DEFAULT,
                null,
                null,
                new Delivery.Pull(
                        new LeasePolicy(
                                wanted.lease(), wanted.deliveriesMax(), List.of(Duration.ZERO))));
    }

    @Override
    public String openPattern(
            Principal principal,
            String share,
            String filter,
            ContextPattern pattern,
            NewShare wanted) {
        guard.read(principal, pattern);
        HostedSubscription named = subscriptions.find(share);
        if (named != null
                && named.isPull()
                && named.resource().selection().pattern().equals(pattern)) {
            return share;
        }
        String name = ShareName.of(share, filter);
        if (subscriptions.find(name) == null) {
            SubscriptionResource created = resource(name, pattern, null, wanted);
            resources.apply(List.of(new Wanted(created, "")), Precondition.NONE, false);
        }
        return name;
    }

    @Override
    public void forgetPattern(Principal principal, String share, String filter) {
        String name = ShareName.of(share, filter);
        HostedSubscription found = subscriptions.find(name);
        if (found != null) {
            guard.read(principal, found.resource().selection().pattern());
            resources.delete(ResourceKind.SUBSCRIPTION, name, Precondition.NONE);
        }
    }

    private Stream stream(Topics.Topic topic) {
        Stream stream = streams.named(topic.resource());
        if (stream == null) {
            throw ResourceKind.STREAM.notFound(topic.resource());
        }
        return stream;
    }

    @Override
    public @Nullable Share find(Principal principal, String group, Topics.Topic topic) {
        return switch (topic.kind()) {
            case QUEUE -> ofQueue(principal, topic.resource());
            case STREAM -> ofStream(principal, group, topic);
        };
    }

    private Share ofQueue(Principal principal, String name) {
        HostedQueue queue = queues.find(name);
        if (queue == null) {
            throw ResourceKind.QUEUE.notFound(name);
        }
        guard.read(principal, ContextPattern.of(queue.context().path()));
        return new GroupShare(queue.group(), queue.incarnation(), false);
    }

    private @Nullable Share ofStream(Principal principal, String group, Topics.Topic topic) {
        Stream stream = stream(topic);
        HostedSubscription found = subscriptions.find(ShareName.of(group, topic.name()));
        if (found == null) {
            found = named(group, stream);
        }
        if (found == null) {
            return null;
        }
        guard.read(principal, found.resource().selection().pattern());
        return new GroupShare(found.group(), streams.incarnation(stream.name()), true);
    }

    private @Nullable HostedSubscription named(String group, Stream stream) {
        HostedSubscription found = subscriptions.find(group);
        boolean fits =
                found != null
                        && found.isPull()
                        && found.resource().selection().allows(stream.name())
                        && found.resource().selection().pattern().reaches(stream.mount());
        return fits ? found : null;
    }

    @Override
    public boolean forget(Principal principal, String group, Topics.Topic topic) {
        String name = ShareName.of(group, topic.name());
        HostedSubscription found = subscriptions.find(name);
        if (found == null) {
            return false;
        }
        guard.read(principal, found.resource().selection().pattern());
        resources.delete(ResourceKind.SUBSCRIPTION, name, Precondition.NONE);
        return true;
    }
}
