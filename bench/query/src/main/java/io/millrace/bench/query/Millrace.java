package io.millrace.bench.query;

import io.millrace.broker.Broker;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Publication;
import io.millrace.broker.PublishReply;
import io.millrace.broker.query.AdHocQuery;
import io.millrace.broker.query.QueryColumn;
import io.millrace.broker.query.RowReader;
import io.millrace.config.DocumentReader;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.ContextPattern;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.query.FlinkQueries;
import io.millrace.resource.EventTimeRules;
import io.millrace.resource.QueryInput;
import io.millrace.resource.ResourceReader;
import io.millrace.resource.StartPoint;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.node.ObjectNode;

/// A broker in this process with its queries, and what is asked of it. For one thread.
final class Millrace implements Side {
    static final String CONTEXT = "/org/contoso/site/berlin/building/41";
    private static final int BATCH = 500;
    private static final int UNDER_WAY = 16;

    private final Broker broker;
    private final String sql;
    private final int parallelism;

    Millrace(Path data, String sql, int partitions, int parallelism) throws IOException {
        this.sql = sql;
        this.parallelism = parallelism;
        broker =
                new Broker(
                        data,
                        BrokerConfig.forProcessors(Runtime.getRuntime().availableProcessors()),
                        new OpenGuard(),
                        new Broker.Ground(
                                new FileDisk(),
                                Clock.system(),
                                new AgentThreads(),
                                null,
                                new FlinkQueries()));
        apply(
                """
                kind: Stream
                name: readings
                mount: %s
                partitions: %d
                durability: buffered
                retention: {time: forever}
                """
                        .formatted(CONTEXT, partitions));
    }

    Broker broker() {
        return broker;
    }

    void apply(String yaml) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        var documents =
                new ResourceReader().read(Bytes.utf8(yaml), DocumentReader.Format.YAML, problems);
        problems.throwIfAny();
        broker.administration().apply(Principal.LOCAL, documents, false);
    }

    void fill(Readings readings, long events) throws InterruptedException {
        Semaphore free = new Semaphore(UNDER_WAY);
        for (long first = 0; first < events; first += BATCH) {
            List<Publication> batch = new ArrayList<>(BATCH);
            for (long i = first; i < Math.min(events, first + BATCH); i++) {
                batch.add(
                        new Publication(
                                CONTEXT + "/sensor/" + readings.sensor(i), readings.event(i)));
            }
            free.acquire();
            broker.publish(Principal.LOCAL, batch, new Released(free));
        }
        free.acquire(UNDER_WAY);
    }

    private record Released(Semaphore free) implements PublishReply {
        @Override
        public void stored(List<Receipt> receipts) {
            free.release();
        }

        @Override
        public void failed(MillraceException problem) {
            throw problem;
        }
    }

    @Override
    public String name() {
        return "Millrace";
    }

    @Override
    public Answer answer() throws InterruptedException {
        Map<String, String> schema = new LinkedHashMap<>();
        schema.put("sensor", "STRING");
        schema.put("celsius", "DOUBLE");
        schema.put("humidity", "INT");
        EventTimeRules usual = EventTimeRules.usual("bench");
        Adding adding = new Adding();
        broker.queries()
                .run(
                        Principal.LOCAL,
                        new AdHocQuery(
                                sql,
                                Map.of(
                                        "readings",
                                        new QueryInput(
                                                ContextPattern.of(CONTEXT + "/**"),
                                                null,
                                                List.of(),
                                                null,
                                                schema)),
                                new StartPoint.Earliest(),
                                Instant.now().plusSeconds(60),
                                usual,
                                parallelism,
                                Long.MAX_VALUE),
                        adding);
        return new Answer(adding.rows, adding.counted, adding.averages);
    }

    private static final class Adding implements RowReader {
        private long rows;
        private long counted;
        private double averages;

        @Override
        public void progress(String text) {
            // Nobody watches.
        }

        @Override
        public void columns(List<QueryColumn> columns) {
            // They are known.
        }

        @Override
        public boolean row(String op, ObjectNode row) {
            rows++;
            counted += row.get("counted").asLong();
            averages += row.get("average").asDouble();
            return true;
        }

        @Override
        public void idle() {
            // It ends by itself.
        }
    }

    @Override
    public long cpuMillis() {
        return 0;
    }

    @Override
    public void close() {
        broker.close();
    }
}
