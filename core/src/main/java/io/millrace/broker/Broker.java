package io.millrace.broker;

import io.millrace.broker.catalogue.ResourceHost;
import io.millrace.broker.partition.ShardGroup;
import io.millrace.broker.query.HostedQueries;
import io.millrace.broker.query.PastOfQueries;
import io.millrace.broker.query.Queries;
import io.millrace.broker.query.QueryEngines;
import io.millrace.broker.query.QueryGround;
import io.millrace.broker.query.QueryHost;
import io.millrace.broker.query.ServerAddress;
import io.millrace.broker.query.StreamFeeds;
import io.millrace.broker.queue.HostedQueue;
import io.millrace.broker.queue.QueueHost;
import io.millrace.broker.stream.ContextKeeper;
import io.millrace.broker.stream.ContextReading;
import io.millrace.broker.stream.HostedLatest;
import io.millrace.broker.stream.Latest;
import io.millrace.broker.stream.PartitionHealth;
import io.millrace.broker.stream.StreamSet;
import io.millrace.broker.stream.StreamStatus;
import io.millrace.broker.view.CopyTables;
import io.millrace.broker.view.HostedViews;
import io.millrace.broker.view.ViewHost;
import io.millrace.broker.view.Views;
import io.millrace.broker.view.ViewsOfQueries;
import io.millrace.delivery.NoSinks;
import io.millrace.delivery.Sinks;
import io.millrace.dispatch.Dispatchers;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.group.CursorShards;
import io.millrace.group.Group;
import io.millrace.io.Clock;
import io.millrace.io.Disk;
import io.millrace.io.Randomness;
import io.millrace.io.Threading;
import io.millrace.resource.ResourceKind;
import io.millrace.router.Relay;
import io.millrace.router.RelayConfig;
import io.millrace.router.Tail;
import io.millrace.schedule.ScheduleStatus;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import io.millrace.stream.ContextTable;
import io.millrace.stream.Start;
import io.millrace.stream.Stream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The one front door: everything that a gateway, a connector or a query asks of the broker, it
/// asks here.
///
/// Thread-safe. [#publish] never blocks and answers through its reply; the other methods may wait
/// for the disk and belong on a virtual thread.
public final class Broker implements AutoCloseable {
    private final BrokerConfig config;
    private final Guard guard;
    private final Threading threading;
    private final @Nullable Sinks sinks;
    private final Clock clock;
    private final ContextTable contexts;
    private final ShardGroup shards;
    private final StreamSet streams;
    private final ResourceSet resources;
    private final CursorShards cursors;
    private final LetterRoom letters;
    private final Foundation foundation;
    private final SubscriptionHost subscriptionHost;
    private final ScheduleHost scheduleHost;
    private final ViewHost viewHost;
    private final Emitting emitting;
    private final QueueHost queueHost;
    private final Subscriptions subscriptions;
    private final Queues queues;
    private final Views views;
    private final Topics topics;
    private final Shares shares;
    private final QueryHost queryHost;
    private final Queries queries;
    private final Publisher publisher;
    private final HistoryReading reading;
    private final Administration administration;
    private final ContextKeeper keeper;
    private final Latest latest;
    private final Upkeep upkeep;
    private final Set<Tail> tails = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// What the broker stands on.
    ///
    /// @param disk where the data folder is
    /// @param threading where its agents run; closed with the broker
    /// @param sinks where subscriptions may push to; `null` for nowhere; stays the caller's
    /// @param queries what runs queries; `null` for nobody
    /// @param copies where views may be copied to; `null` for nowhere
    public record Ground(
            Disk disk,
            Clock clock,
            Threading threading,
            @Nullable Sinks sinks,
            @Nullable QueryEngines queries,
            @Nullable CopyTables copies) {
        /// Without copies of views.
        public Ground(
                Disk disk,
                Clock clock,
                Threading threading,
                @Nullable Sinks sinks,
                @Nullable QueryEngines queries) {
            this(disk, clock, threading, sinks, queries, null);
        }

        /// Without sinks and queries.
        public Ground(Disk disk, Clock clock, Threading threading) {
            this(disk, clock, threading, null, null, null);
        }

        /// Without queries.
        public Ground(Disk disk, Clock clock, Threading threading, @Nullable Sinks sinks) {
            this(disk, clock, threading, sinks, null, null);
        }
    }

    /// Opens the broker on a data folder that nobody else uses, recovering what is there.
    ///
    /// @throws IOException if the disk refuses
    /// @throws MillraceException PARTITION_CORRUPT if the server's own stream is damaged,
    ///   DATA_FOLDER_TOO_NEW
    public Broker(Path data, BrokerConfig config, Guard guard, Ground ground) throws IOException {
        this.config = config;
        this.guard = guard;
        this.threading = ground.threading();
        this.clock = ground.clock();
        this.sinks = ground.sinks();
        this.foundation = Foundation.open(data, config, guard, ground);
        this.contexts = foundation.contexts();
        this.shards = foundation.shards();
        this.streams = foundation.streams();
        this.cursors = foundation.cursors();
        this.letters = foundation.letters();
        try {
            HostedQueue.Means means = foundation.ofQueues(clock, config.eventBytesMax());
            this.queueHost = new QueueHost(means, letters::open);
            this.publisher = new Publisher(guard, contexts, streams, config.eventBytesMax());
            this.emitting = new Emitting(publisher, threading);
            this.subscriptionHost = hostSubscriptions(ground);
            this.viewHost =
                    new ViewHost(data, ground.disk(), clock, threading, streams, ground.copies());
            this.queryHost = hostQueries(data, ground);
            viewHost.readers(queryHost::readersOf);
            this.scheduleHost = new ScheduleHost(ground, this::emitting, queueHost, letters);
            letters.targets(new LetterTargets(subscriptionHost, queueHost));
            this.resources = new ResourceSet(foundation.catalogue(), hosts());
            resources.open(StreamSet.SYSTEM_STREAM, StreamSet.FIRST_STREAM);
            cursors.complete(foundation.recovered());
        } catch (IOException | RuntimeException e) {
            threading.close();
            throw e;
        }
        this.reading = new HistoryReading(streams);
        this.administration = new Administration(guard, resources);
        this.subscriptions = new HostedSubscriptions(guard, subscriptionHost, streams, emitting);
        this.queues = new HostedQueues(guard, queueHost, emitting, letters::states, threading);
        this.views = new HostedViews(guard, viewHost);
        this.topics = hostTopics();
        views.computePast(new PastOfQueries(queryHost, clock)::at);
        this.queries = new HostedQueries(guard, queryHost);
        this.shares = new HostedShares(guard, streams, queueHost, subscriptionHost, resources);
        this.keeper = new ContextKeeper(data, ground.disk(), contexts, streams);
        this.latest =
                new HostedLatest(
                        guard, contexts, new ContextReading(contexts, streams), keeper, threading);
        this.upkeep = new Upkeep(foundation, keeper, queueHost, subscriptionHost, resources);
        upkeep.begin(threading, clock);
    }

    /// Everything that can be set up, each behind what it may refer to.
    private List<ResourceHost<?>> hosts() {
        return List.of(streams, queueHost, subscriptionHost, scheduleHost, viewHost, queryHost);
    }

    private SubscriptionHost hostSubscriptions(Ground ground) {
        return new SubscriptionHost(
                streams,
                shards,
                cursors,
                foundation.recovered(),
                letters,
                foundation.ownLanes(),
                outlets(ground),
                ground.sinks(),
                foundation.means());
    }

    private QueryHost hostQueries(Path data, Ground ground) {
        return new QueryHost(
                ground.queries(),
                new QueryGround(
                        data.resolve("queries"),
                        clock,
                        new StreamFeeds(streams),
                        new QueryPublishing(this::publish),
                        new ViewsOfQueries(viewHost),
                        config.eventBytesMax(),
                        new ServerAddress()));
    }

    private Topics hostTopics() {
        return new HostedTopics(
                new HostedTopics.Means(
                        guard,
                        streams,
                        queueHost,
                        administration,
                        contexts,
                        config.topics(),
                        clock,
                        threading,
                        config.eventBytesMax(),
                        this::requireOpen));
    }

    private Emitting emitting() {
        return emitting;
    }

    private Outlets outlets(Ground ground) {
        Dispatchers dispatchers =
                new Dispatchers(
                        sinks == null ? new NoSinks() : sinks,
                        new io.millrace.dispatch.Ground(
                                ground.clock(), threading, Randomness.system()));
        return new Outlets(
                dispatchers, threading, this::emitting, () -> queueHost, letters::causes);
    }

    /// Publishes events, all of them or none.
    ///
    /// What is wrong with the request is thrown at once; the reply hears of the rest.
    ///
    /// @param publications at least one
    /// @throws MillraceException CONTEXT_INVALID, CONTEXT_MISSING, CONTEXT_RESERVED, FORBIDDEN,
    ///   EVENT_TOO_LARGE, OVERLOADED, SHUTTING_DOWN; in a batch the field names the member, as in
    ///   `[3].source`
    public void publish(Principal principal, List<Publication> publications, PublishReply reply) {
        requireOpen();
        if (publications.size() == 1) {
            publisher.publishOne(principal, publications.getFirst(), reply);
        } else {
            publisher.publishAll(principal, publications, reply);
        }
    }

    /// Tells queries that run elsewhere where this server is.
    public void reachableAt(URI address) {
        queryHost.reachableAt(address);
    }

    /// Somebody called an address that a sink was given to grant its permission through.
    ///
    /// @param key the last segment of the address
    /// @param allowedRate of `WebHook-Allowed-Rate`, if it is there
    /// @return whether there was such an address
    public boolean calledBack(String key, @Nullable String allowedRate) {
        requireOpen();
        return sinks != null && sinks.calledBack(key, allowedRate);
    }

    private void requireOpen() {
        if (closed) {
            throw new MillraceException(ErrorCode.SHUTTING_DOWN, "the server is stopping");
        }
    }

    /// Reads a stream's history, waiting for events if there are none yet and the request says so.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND, PARTITION_NOT_FOUND, OFFSET_OUT_OF_RANGE,
    ///   PARTITION_CORRUPT, DISK_READ_FAILED, FORBIDDEN
    public ReadResult read(Principal principal, ReadRequest request) throws InterruptedException {
        requireOpen();
        Stream stream = stream(request.stream());
        guard.read(principal, below(stream.mount()));
        return reading.read(stream, request);
    }

    /// The context and everything in it.
    private static ContextPattern below(Context context) {
        return ContextPattern.of(context.path().length() == 1 ? "/**" : context + "/**");
    }

    private Stream stream(String name) {
        Stream stream = streams.named(name);
        if (stream == null) {
            throw ResourceKind.STREAM.notFound(name);
        }
        return stream;
    }

    /// Follows contexts.
    ///
    /// @throws MillraceException OFFSET_OUT_OF_RANGE, FORBIDDEN, SHUTTING_DOWN
    public Tail tail(Principal principal, ContextPattern pattern, Start start) {
        requireOpen();
        guard.read(principal, pattern);
        if (start instanceof Start.At) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "from",
                    "an offset counts in one partition only; a tail follows several");
        }
        Tail tail =
                new Tail(
                        pattern,
                        start,
                        streams::mounts,
                        shards.ports(),
                        threading,
                        config.tail(),
                        tails::remove);
        tails.add(tail);
        if (closed) {
            tail.close();
        }
        return tail;
    }

    /// Live events for a reader with a thread of its own, which hears through `wakeup` that there
    /// is something to drain.
    ///
    /// @throws MillraceException SHUTTING_DOWN
    public Relay relay(RelayConfig bounds, Runnable wakeup) {
        requireOpen();
        return new Relay(bounds, guard, streams::mounts, shards.ports(), wakeup);
    }

    /// The status of one stream.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND
    public StreamStatus status(Principal principal, String stream) {
        return StreamStatus.of(stream(stream));
    }

    /// The status of all streams, by name.
    public List<StreamStatus> status(Principal principal) {
        return streams.mounts().all().stream().map(StreamStatus::of).toList();
    }

    /// The newest and the retained event of each context.
    public Latest latest() {
        return latest;
    }

    /// What can be done with subscriptions.
    public Subscriptions subscriptions() {
        return subscriptions;
    }

    /// What can be done with queues.
    public Queues queues() {
        return queues;
    }

    /// What can be done with views.
    public Views views() {
        return views;
    }

    /// Streams and queues as Kafka's topics.
    public Topics topics() {
        return topics;
    }

    /// What share groups of Kafka's protocol drain.
    public Shares shares() {
        return shares;
    }

    /// What can be done with queries.
    public Queries queries() {
        return queries;
    }

    /// The group of a subscription or queue, `null` if there is none.
    @Nullable Group group(ResourceKind kind, String name) {
        HostedQueue queue = kind == ResourceKind.QUEUE ? queueHost.find(name) : null;
        HostedSubscription subscription =
                kind == ResourceKind.SUBSCRIPTION ? subscriptionHost.find(name) : null;
        return queue != null ? queue.group() : subscription == null ? null : subscription.group();
    }

    /// What could not be delivered.
    public DeadLetters deadLetters() {
        return letters;
    }

    /// When a schedule fires next, and how the last time went.
    ///
    /// @throws MillraceException SCHEDULE_NOT_FOUND
    public ScheduleStatus scheduleStatus(Principal principal, String name) {
        return scheduleHost.status(name);
    }

    /// Streams and whatever else is set up.
    public Administration administration() {
        return administration;
    }

    /// A table of a gateway's own, opened if it is not. Waits for the disk.
    ///
    /// @param name of lower-case letters, digits and `-`
    public DurableTable table(String name) {
        requireOpen();
        return foundation.tables().table(name);
    }

    /// Whether contexts from before the start may still be missing in what [#latest] tells at once;
    /// everything else is ready.
    public boolean isLoadingContexts() {
        return keeper.isLoading();
    }

    /// How many contexts have events.
    public int contextCount() {
        return contexts.active();
    }

    /// Events recorded since the server started.
    public long publishedCount() {
        return contexts.published();
    }

    /// Tails that are open.
    public int tailCount() {
        return tails.size();
    }

    /// Bytes of events that wait to be written.
    public long heldBytes() {
        return shards.ports().stream().mapToLong(port -> port.shard().heldBytes()).sum();
    }

    /// Partitions that take no more events, with their reasons, as `stream/partition: reason`.
    public List<String> failures() {
        return PartitionHealth.failures(streams.mounts());
    }

    /// Stored events that cannot be read, as `stream/partition: where`, as far as anyone has met
    /// them since the start.
    public List<String> damages() {
        return PartitionHealth.damages(streams.mounts());
    }

    /// Size of one event as it is stored, at most.
    public int eventBytesMax() {
        return config.eventBytesMax();
    }

    /// Answers what was accepted, closes all streams and ends the threads.
    @Override
    public void close() {
        if (!closed) {
            // Queries secure what they have done, for which they publish.
            queryHost.close();
            closed = true;
            List.copyOf(tails).forEach(Tail::close);
            subscriptionHost.close();
            queueHost.close();
            viewHost.close();
            cursors.close();
            foundation.queueLanes().closeAll();
            foundation.ownLanes().closeAll();
            letters.close();
            foundation.tables().close();
            keeper.stop();
            resources.quietly(streams::close);
            upkeep.writeSnapshot();
            threading.close();
        }
    }
}
