package io.millrace.query.job;

import io.millrace.broker.Broker;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Publication;
import io.millrace.broker.PublishReply;
import io.millrace.broker.ReadRequest;
import io.millrace.broker.query.AdHocQuery;
import io.millrace.broker.query.QueryCapacity;
import io.millrace.broker.query.QueryStatus;
import io.millrace.config.DocumentReader;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.query.FlinkQueries;
import io.millrace.resource.EventTimeRules;
import io.millrace.resource.QueryInput;
import io.millrace.resource.ResourceReader;
import io.millrace.resource.StartPoint;
import io.millrace.router.TailConfig;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.shard.ShardConfig;
import io.millrace.stream.Receipt;
import io.millrace.stream.Start;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A broker with its query engine, for tests.
public final class QueryRoom implements AutoCloseable {
    private final Broker broker;
    private final AtomicInteger ids = new AtomicInteger();

    public QueryRoom(Path data) throws IOException {
        this(data, QueryCapacity.DEFAULT);
    }

    QueryRoom(Path data, QueryCapacity capacity) throws IOException {
        broker =
                new Broker(
                        data,
                        new BrokerConfig(
                                1, ShardConfig.DEFAULT, TailConfig.DEFAULT, 1 << 20, 100_000),
                        new OpenGuard(),
                        new Broker.Ground(
                                new FileDisk(),
                                Clock.system(),
                                new AgentThreads(),
                                null,
                                new FlinkQueries().with(capacity)));
    }

    public Broker broker() {
        return broker;
    }

    /// Applies documents.
    public void apply(String yaml) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        var documents =
                new ResourceReader().read(Bytes.utf8(yaml), DocumentReader.Format.YAML, problems);
        problems.throwIfAny();
        broker.administration().apply(Principal.LOCAL, documents, false);
    }

    /// Publishes an event and waits until it is stored.
    public void publish(String context, String type, Instant time, String json) {
        Event event =
                Event.builder()
                        .id("e" + ids.incrementAndGet())
                        .source("/test")
                        .type(type)
                        .time(Timestamp.of(time))
                        .dataContentType("application/json")
                        .data(Bytes.utf8(json))
                        .build();
        publish(List.of(new Publication(context, event)));
    }

    public void publish(List<Publication> publications) {
        CountDownLatch stored = new CountDownLatch(1);
        List<MillraceException> problems = new ArrayList<>();
        broker.publish(
                Principal.LOCAL,
                publications,
                new PublishReply() {
                    @Override
                    public void stored(List<Receipt> receipts) {
                        stored.countDown();
                    }

                    @Override
                    public void failed(MillraceException problem) {
                        problems.add(problem);
                        stored.countDown();
                    }
                });
        try {
            if (!stored.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("not stored in time");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (!problems.isEmpty()) {
            throw problems.getFirst();
        }
    }

    /// Everything that is stored in a stream's contexts.
    public List<StoredEvent> stored(String stream, String pattern) {
        try {
            return broker.read(
                            Principal.LOCAL,
                            new ReadRequest(
                                    stream,
                                    null,
                                    new Start.First(),
                                    100_000,
                                    Duration.ZERO,
                                    ContextPattern.of(pattern)))
                    .events();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public QueryStatus status(String query) {
        return broker.queries().status(Principal.LOCAL, query);
    }

    /// Rows of a statement over everything that is stored now, each as `+I {json}`.
    public List<String> rows(String sql, Duration delay) {
        return run(sql, Map.of(), delay).changes();
    }

    /// Runs a statement over everything that is stored now.
    public Rows run(String sql, Map<String, QueryInput> inputs, Duration delay) {
        Rows rows = new Rows();
        EventTimeRules usual = EventTimeRules.usual("x");
        try {
            broker.queries()
                    .run(
                            Principal.LOCAL,
                            new AdHocQuery(
                                    sql,
                                    inputs,
                                    new StartPoint.Earliest(),
                                    Instant.now().plusSeconds(60),
                                    new EventTimeRules(
                                            delay,
                                            usual.idle(),
                                            usual.lateness(),
                                            usual.ahead(),
                                            null),
                                    1,
                                    1_000_000),
                            rows);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return rows;
    }

    @Override
    public void close() {
        broker.close();
    }
}
