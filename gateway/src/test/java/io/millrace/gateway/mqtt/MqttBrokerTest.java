package io.millrace.gateway.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Broker;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Precondition;
import io.millrace.broker.Publication;
import io.millrace.broker.PublishReply;
import io.millrace.broker.ReadRequest;
import io.millrace.broker.ReadResult;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.gateway.mqtt.client.Hello;
import io.millrace.gateway.mqtt.client.TestClient;
import io.millrace.gateway.mqtt.config.MqttConfig;
import io.millrace.gateway.mqtt.session.Authentication;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.log.Durability;
import io.millrace.resource.Cleanup;
import io.millrace.resource.StreamResource;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import io.millrace.stream.Start;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What the tests of real sockets before a real broker share; the broker's clock can be set
/// forward.
abstract class MqttBrokerTest {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final long HOUR = 3_600;

    @TempDir private Path folder;
    private final AtomicLong ahead = new AtomicLong();
    Broker broker;
    MqttGateway gateway;

    @BeforeEach
    void start() throws IOException {
        Clock system = Clock.system();
        Clock clock =
                new Clock() {
                    @Override
                    public long epochMillis() {
                        return system.epochMillis() + ahead.get();
                    }

                    @Override
                    public long nanoTime() {
                        return system.nanoTime();
                    }
                };
        broker =
                new Broker(
                        folder,
                        BrokerConfig.forProcessors(2),
                        new OpenGuard(),
                        new Broker.Ground(new FileDisk(), clock, new AgentThreads()));
        gateway = new MqttGateway(config(), broker, clock, authentication());
        gateway.start();
    }

    /// Two loops wherever this runs, so that sessions of one have to do with those of the other.
    MqttConfig config() {
        return MqttConfig.DEFAULT.withPort(0).withLoops(2);
    }

    Authentication.Factory authentication() {
        return Authentication.none(Principal.LOCAL);
    }

    @AfterEach
    void stop() {
        gateway.close();
        broker.close();
    }

    void restart() throws IOException {
        stop();
        start();
    }

    /// Sets the clock forward.
    void later(Duration time) {
        ahead.addAndGet(time.toMillis());
    }

    TestClient connect(Hello hello) throws IOException {
        return TestClient.connect(gateway.port(), hello);
    }

    /// One whose session ends with it.
    TestClient connect(String clientId) throws IOException {
        return connect(Hello.once(clientId));
    }

    void mount(String name, String mount, int partitions) {
        var _ =
                broker.administration()
                        .put(
                                Principal.LOCAL,
                                new StreamResource(
                                        name,
                                        Context.of(mount),
                                        partitions,
                                        Durability.BUFFERED,
                                        null,
                                        null,
                                        Cleanup.DELETE),
                                Precondition.NONE);
    }

    /// Publishes events without MQTT, all at once, and waits until they are stored.
    void publish(String context, List<String> payloads) {
        List<Publication> all = new ArrayList<>();
        for (String payload : payloads) {
            Event event =
                    Event.builder()
                            .id(payload)
                            .source(context)
                            .type("io.millrace.mqtt.message")
                            .data(Bytes.utf8(payload))
                            .build();
            all.add(new Publication(context, event));
        }
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        broker.publish(
                Principal.LOCAL,
                all,
                new PublishReply() {
                    @Override
                    public void stored(List<Receipt> receipts) {
                        done.complete(null);
                    }

                    @Override
                    public void failed(MillraceException problem) {
                        done.completeExceptionally(problem);
                    }
                });
        var _ = done.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /// The payloads that a stream has in a context.
    List<String> recorded(String stream, String pattern) throws InterruptedException {
        ReadResult read =
                broker.read(
                        Principal.LOCAL,
                        new ReadRequest(
                                stream,
                                null,
                                new Start.First(),
                                10_000,
                                Duration.ZERO,
                                ContextPattern.of(pattern)));
        return read.events().stream().map(MqttBrokerTest::payload).toList();
    }

    static String payload(StoredEvent event) {
        Bytes data = event.event().data();
        return data == null ? "" : data.toUtf8();
    }

    static void assertDelivered(TestClient client, String... payloads) throws InterruptedException {
        for (String payload : payloads) {
            assertThat(client.next().payload()).isEqualTo(payload);
        }
    }
}
