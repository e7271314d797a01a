package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.DocumentReader;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.group.Leased;
import io.millrace.group.SettleAction;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.resource.ResourceReader;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.stream.Start;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Subscriptions that deliver within the server, and schedules.
@Timeout(60)
final class OutletTest {
    @TempDir Path data;
    private Broker broker;

    @BeforeEach
    void open() throws IOException {
        broker =
                new Broker(
                        data,
                        BrokerConfig.forProcessors(8),
                        new OpenGuard(),
                        new Broker.Ground(new FileDisk(), Clock.system(), new AgentThreads()));
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private void put(String kind, String name, String fields) {
        String document = "{\"kind\":\"%s\",\"name\":\"%s\"%s}".formatted(kind, name, fields);
        broker.administration()
                .put(
                        Principal.LOCAL,
                        new ResourceReader()
                                .readOne(
                                        Bytes.utf8(document),
                                        DocumentReader.Format.JSON,
                                        kind,
                                        name),
                        Precondition.NONE);
    }

    private void publish(String context, String... ids) {
        List<Publication> publications = new ArrayList<>();
        for (String id : ids) {
            publications.add(
                    new Publication(
                            context,
                            Event.builder()
                                    .id(id)
                                    .source("/test")
                                    .type("t")
                                    .dataContentType("application/json")
                                    .data(Bytes.utf8("{\"n\":1}"))
                                    .build()));
        }
        CompletableFuture<Boolean> stored = new CompletableFuture<>();
        broker.publish(
                Principal.LOCAL,
                publications,
                new PublishReply() {
                    @Override
                    public void stored(List<io.millrace.stream.Receipt> receipts) {
                        stored.complete(true);
                    }

                    @Override
                    public void failed(io.millrace.error.MillraceException problem) {
                        stored.completeExceptionally(problem);
                    }
                });
        assertThat(stored.join()).isTrue();
    }

    private List<Leased> jobs(int max, Duration wait) throws InterruptedException {
        return broker.queues().receive(Principal.LOCAL, "q", new ReceiveRequest(max, wait, null));
    }

    private List<Leased> jobs(int count) throws InterruptedException {
        List<Leased> all = new ArrayList<>();
        while (all.size() < count) {
            List<Leased> some = jobs(10, Duration.ofSeconds(10));
            assertThat(some).isNotEmpty();
            all.addAll(some);
        }
        return all;
    }

    private static List<String> ids(List<Leased> leased) {
        return leased.stream().map(each -> each.event().event().id()).toList();
    }

    private void complete(List<Leased> leased) {
        broker.queues()
                .settle(
                        Principal.LOCAL,
                        "q",
                        leased.stream()
                                .map(each ->
                                        new SettleRequest(
                                                each.token(), new SettleAction.Complete(), null))
                                .toList());
    }

    @Test
    void anEventBecomesOneJobHoweverOftenItIsRead() throws Exception {
        put("Queue", "q", "");
        put("Subscription", "s", ",\"pattern\":\"/a\",\"queue\":\"q\"");
        publish("/a", "1", "2");
        publish("/b", "3");
        List<Leased> leased = jobs(2);
        assertThat(ids(leased)).containsExactlyInAnyOrder("1", "2");
        complete(leased);
        broker.subscriptions().seek(Principal.LOCAL, "s", new Start.First());
        publish("/a", "4");
        assertThat(ids(jobs(1))).containsExactly("4");
        Awaitility.await()
                .until(() ->
                        broker.subscriptions().status(Principal.LOCAL, "s").ledger().settled()
                                == 3);
        broker.close();
        open();
        broker.subscriptions().seek(Principal.LOCAL, "s", new Start.First());
        publish("/a", "5");
        assertThat(ids(jobs(1))).containsExactly("5");
    }

    @Test
    void anEventIsPublishedAgainElsewhereAndTransformed() throws Exception {
        put("Queue", "q", "");
        put(
                "Subscription",
                "copy",
                ",\"pattern\":\"/a\",\"context\":\"/copies\","
                        + "\"transform\":\"$merge([$, {'subject': 'twice ' & $string(data.n * 2)}])\"");
        put("Subscription", "jobs", ",\"pattern\":\"/copies\",\"queue\":\"q\"");
        publish("/a", "1");
        Leased job = jobs(1).getFirst();
        assertThat(job.event().event().subject()).isEqualTo("twice 2");
        assertThat(job.event().event().extensions()).containsKey("causationid");
    }

    @Test
    void aScheduleFillsAQueue() throws Exception {
        put("Queue", "q", "");
        put(
                "Schedule",
                "often",
                ",\"every\":\"1s\",\"target\":{\"queue\":\"q\"},\"job\":{\"type\":\"com.example.tick\"}");
        Instant before = Instant.now();
        List<Leased> ticks = jobs(2);
        assertThat(Duration.between(before, Instant.now())).isGreaterThan(Duration.ofMillis(500));
        assertThat(ticks.getFirst().event().event().type()).isEqualTo("com.example.tick");
        assertThat(broker.scheduleStatus(Principal.LOCAL, "often").last()).isNotNull();
    }

    @Test
    void aSubscriptionGoesWhenItsTimeIsOver() {
        put(
                "Subscription",
                "short",
                ",\"pattern\":\"/a\",\"expires\":\"" + Instant.now().plusMillis(300) + "\"");
        Awaitility.await().until(() -> broker.subscriptions().status(Principal.LOCAL).isEmpty());
    }
}
