package io.millrace.bench.queue;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PublishOptions;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.PublishAck;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// NATS JetStream: a stream with work-queue retention in files, one durable pull consumer for all
/// workers. Jobs are published asynchronously, a batch at a time, and acknowledged one by one, as
/// that is the only way for a consumer with several workers.
final class NatsQueue implements WorkQueue {
    private static final String STREAM = "jobs";
    private static final String SUBJECT = "job";
    private static final int ACKS_PENDING_MAX = 20_000;

    private final String name;
    private final Settings settings;
    private final BrokerProcess process;
    private final String url;

    /// @param server the path of `nats-server`
    /// @param sync what its `sync_interval` is, as in `2m` or `always`
    /// @param window for how long jobs with the same id are refused; zero gives them no ids
    record Settings(Path server, String sync, Duration window) {}

    private NatsQueue(String name, Settings settings, BrokerProcess process, String url) {
        this.name = name;
        this.settings = settings;
        this.process = process;
        this.url = url;
    }

    static NatsQueue start(Path folder, Settings settings)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int port = BrokerProcess.freePort();
        Path configuration = folder.resolve("nats.conf");
        Files.writeString(
                configuration,
                """
                listen: "127.0.0.1:%d"
                jetstream { store_dir: "%s", sync_interval: %s }
                """
                        .formatted(port, folder.resolve("data"), settings.sync()));
        BrokerProcess process =
                BrokerProcess.start(
                        List.of(settings.server().toString(), "-c", configuration.toString()),
                        Map.of(),
                        folder.resolve("nats.log"));
        process.awaitPort(port);
        NatsQueue queue =
                new NatsQueue(
                        "NATS, sync " + settings.sync(),
                        settings,
                        process,
                        "nats://127.0.0.1:" + port);
        queue.create();
        return queue;
    }

    private void create() throws IOException, InterruptedException {
        Connection connection = connect();
        try {
            StreamConfiguration.Builder stream =
                    StreamConfiguration.builder()
                            .name(STREAM)
                            .subjects(SUBJECT)
                            .retentionPolicy(RetentionPolicy.WorkQueue)
                            .storageType(StorageType.File)
                            .replicas(1);
            if (!settings.window().isZero()) {
                stream.duplicateWindow(settings.window());
            }
            connection.jetStreamManagement().addStream(stream.build());
            connection
                    .jetStreamManagement()
                    .addOrUpdateConsumer(
                            STREAM,
                            ConsumerConfiguration.builder()
                                    .durable("workers")
                                    .filterSubject(SUBJECT)
                                    .ackPolicy(AckPolicy.Explicit)
                                    .maxAckPending(ACKS_PENDING_MAX)
                                    .build());
        } catch (JetStreamApiException e) {
            throw new IOException(e);
        } finally {
            connection.close();
        }
    }

    private Connection connect() throws IOException, InterruptedException {
        return Nats.connect(new Options.Builder().server(url).build());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Publisher publisher() throws IOException, InterruptedException {
        Connection connection = connect();
        JetStream stream = connection.jetStream();
        return new NatsPublisher(connection, stream, !settings.window().isZero());
    }

    @Override
    public Worker worker() throws IOException, InterruptedException {
        Connection connection = connect();
        try {
            JetStreamSubscription subscription =
                    connection
                            .jetStream()
                            .subscribe(SUBJECT, PullSubscribeOptions.bind(STREAM, "workers"));
            return new NatsWorker(connection, subscription);
        } catch (JetStreamApiException e) {
            connection.close();
            throw new IOException(e);
        }
    }

    @Override
    public long cpuMillis() {
        return process.cpuMillis();
    }

    @Override
    public void stop() throws InterruptedException {
        process.stop();
    }

    private record NatsPublisher(Connection connection, JetStream stream, boolean withIds)
            implements Publisher {
        @Override
        public void publish(int jobs) throws IOException, InterruptedException {
            List<CompletableFuture<PublishAck>> stored = new ArrayList<>(jobs);
            for (int i = 0; i < jobs; i++) {
                stored.add(
                        withIds
                                ? stream.publishAsync(
                                        SUBJECT,
                                        Jobs.PAYLOAD.clone(),
                                        PublishOptions.builder().messageId(Jobs.nextId()).build())
                                : stream.publishAsync(SUBJECT, Jobs.PAYLOAD.clone()));
            }
            try {
                for (CompletableFuture<PublishAck> each : stored) {
                    each.get();
                }
            } catch (ExecutionException e) {
                throw new IOException("a job was not stored", e);
            }
        }

        @Override
        public void disconnect() throws InterruptedException {
            connection.close();
        }
    }

    private record NatsWorker(Connection connection, JetStreamSubscription subscription)
            implements Worker {
        @Override
        public int work(int jobsMax) {
            List<Message> jobs = subscription.fetch(jobsMax, Duration.ofSeconds(1));
            jobs.forEach(Message::ack);
            return jobs.size();
        }

        @Override
        public void disconnect() throws InterruptedException {
            connection.close();
        }
    }
}
