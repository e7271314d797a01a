package io.millrace.gateway.kafka.share;

import io.millrace.broker.Broker;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Precondition;
import io.millrace.broker.Publication;
import io.millrace.broker.PublishReply;
import io.millrace.broker.Topics;
import io.millrace.config.DocumentReader;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.gateway.kafka.FakeTable;
import io.millrace.gateway.kafka.FakeTopics;
import io.millrace.gateway.kafka.serial.SerialThread;
import io.millrace.group.Ledger;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.resource.ResourceReader;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A broker with share groups on it, without a network. Topics are those that a test names; they
/// are looked up in memory, and what is in them is the broker's.
final class ShareBed implements AutoCloseable {
    final FakeTopics topics = new FakeTopics();
    private final FakeTable table = new FakeTable();
    private final Path data;
    private final ShareSettings settings;
    private final ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor();
    Broker broker;
    ShareApi api;
    private SerialThread serial;

    ShareBed(Path data, ShareSettings settings) throws IOException {
        this.data = data;
        this.settings = settings;
        this.broker = openBroker();
        this.serial = new SerialThread("share", Clock.system());
        this.api = openApi();
    }

    private Broker openBroker() throws IOException {
        return new Broker(
                data,
                BrokerConfig.forProcessors(4),
                new OpenGuard(),
                new Broker.Ground(new FileDisk(), Clock.system(), new AgentThreads()));
    }

    private ShareApi openApi() {
        return new ShareApi(
                new ShareGround(topics, broker.shares(), table, serial, waiting), settings);
    }

    /// Stops everything and starts it again.
    void reopen() throws IOException {
        serial.close();
        broker.close();
        broker = openBroker();
        serial = new SerialThread("share", Clock.system());
        api = openApi();
    }

    Topics.Topic queue(String name, String fields) {
        put("Queue", name, ",\"durability\":\"buffered\"" + fields);
        return topics.add(name, Topics.Kind.QUEUE, 10);
    }

    Topics.Topic stream(String name, int partitions) {
        put(
                "Stream",
                name,
                ",\"mount\":\"/%s\",\"partitions\":%d,\"durability\":\"buffered\""
                        .formatted(name, partitions));
        return topics.add(name, Topics.Kind.STREAM, partitions);
    }

    void put(String kind, String name, String fields) {
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

    static Event event(String id) {
        return Event.builder().id(id).source("/test").type("t").data(Bytes.utf8(id)).build();
    }

    void enqueue(String queue, Event... jobs) {
        broker.queues().enqueue(Principal.LOCAL, queue, List.of(jobs));
    }

    void publish(String context, Event... events) {
        CompletableFuture<List<Receipt>> stored = new CompletableFuture<>();
        List<Publication> publications =
                List.of(events).stream().map(event -> new Publication(context, event)).toList();
        broker.publish(
                Principal.LOCAL,
                publications,
                new PublishReply() {
                    @Override
                    public void stored(List<Receipt> receipts) {
                        stored.complete(receipts);
                    }

                    @Override
                    public void failed(MillraceException problem) {
                        stored.completeExceptionally(problem);
                    }
                });
        stored.join();
    }

    Ledger ledger(String queue) {
        return broker.queues().status(Principal.LOCAL, queue).ledger();
    }

    ShareClient client(String group, String member, Topics.Topic topic) {
        return new ShareClient(() -> api, group, member, topic);
    }

    @Override
    public void close() {
        serial.close();
        broker.close();
        waiting.close();
    }
}
