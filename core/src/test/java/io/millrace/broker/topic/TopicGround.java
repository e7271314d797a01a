package io.millrace.broker.topic;

import io.millrace.broker.Broker;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Precondition;
import io.millrace.broker.Publication;
import io.millrace.broker.PublishReply;
import io.millrace.broker.ReadRequest;
import io.millrace.broker.ReceiveRequest;
import io.millrace.broker.SettleRequest;
import io.millrace.broker.Topics;
import io.millrace.config.DocumentReader;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.group.Leased;
import io.millrace.group.SettleAction;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.log.Isolation;
import io.millrace.log.ProducedBatch;
import io.millrace.resource.ResourceReader;
import io.millrace.security.Guard;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import io.millrace.stream.Start;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/// A broker with topics on a real disk, and what tests do with it.
final class TopicGround implements AutoCloseable {
    private final Path data;
    private final Guard guard;
    private Broker broker;

    TopicGround(Path data) throws IOException {
        this(data, new OpenGuard());
    }

    TopicGround(Path data, Guard guard) throws IOException {
        this.data = data;
        this.guard = guard;
        this.broker = open();
    }

    private Broker open() throws IOException {
        return new Broker(
                data,
                BrokerConfig.forProcessors(8),
                guard,
                new Broker.Ground(new FileDisk(), Clock.system(), new AgentThreads()));
    }

    Broker broker() {
        return broker;
    }

    Topics topics() {
        return broker.topics();
    }

    void reopen() throws IOException {
        broker.close();
        broker = open();
    }

    Topics.Topic topic(String name) {
        return Objects.requireNonNull(topics().find(Principal.LOCAL, name), name);
    }

    /// The data of an event as text.
    static String text(StoredEvent stored) {
        Bytes data = stored.event().data();
        return data == null ? "-" : data.toUtf8();
    }

    void create(String name, Map<String, String> configs) {
        topics().create(Principal.LOCAL, new Topics.NewTopic(name, 1, configs), false);
    }

    /// Appends and waits for the base offset.
    long append(String topic, ProducedBatch batch) {
        return await(appended(topic, 0, batch));
    }

    CompletableFuture<Long> appended(String topic, int partition, ProducedBatch batch) {
        return appended(Principal.LOCAL, topic, partition, batch);
    }

    CompletableFuture<Long> appended(
            Principal principal, String topic, int partition, ProducedBatch batch) {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        topics().append(principal, topic, partition, batch, new Told(answer));
        return answer;
    }

    long mark(String topic, long producer, int epoch, boolean isCommit) {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        topics().mark(
                        topic,
                        0,
                        new Topics.TransactionMarker(producer, (short) epoch, 0, isCommit),
                        new Told(answer));
        return await(answer);
    }

    private record Told(CompletableFuture<Long> answer) implements Topics.Reply {
        @Override
        public void stored(long baseOffset, long startOffset) {
            answer.complete(baseOffset);
        }

        @Override
        public void failed(MillraceException problem) {
            answer.completeExceptionally(problem);
        }
    }

    /// What was wrong is thrown.
    static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MillraceException problem) {
                throw problem;
            }
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The values of the records that a fetch gives, as `offset:value`, markers left out.
    List<String> fetch(String topic, long offset, Isolation isolation) throws IOException {
        Topics.Fetched fetched =
                topics().fetch(Principal.LOCAL, topic, 0, offset, 1 << 20, isolation);
        try (var region = fetched.region()) {
            ByteBuffer bytes = ByteBuffer.allocate(region.size());
            region.read(bytes, 0);
            List<String> values = new ArrayList<>();
            for (RecordBatch batch : MemoryRecords.readableRecords(bytes.flip()).batches()) {
                for (Record record : batch) {
                    if (!batch.isControlBatch() && record.offset() >= offset) {
                        values.add(record.offset() + ":" + text(record.value()));
                    }
                }
            }
            return values;
        }
    }

    private static String text(ByteBuffer bytes) {
        return new String(
                io.millrace.event.Bytes.copyOf(bytes).toArray(),
                java.nio.charset.StandardCharsets.UTF_8);
    }

    void subscribe(String name, String json) {
        String document = "{\"kind\":\"Subscription\",\"name\":\"" + name + "\"," + json + "}";
        apply("Subscription", name, document);
    }

    void apply(String kind, String name, String document) {
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

    /// What a consumer of a subscription gets, which it settles.
    List<String> consume(String subscription, int max, Duration wait) throws InterruptedException {
        List<Leased> leased =
                broker.subscriptions()
                        .receive(
                                Principal.LOCAL, subscription, new ReceiveRequest(max, wait, null));
        if (!leased.isEmpty()) {
            broker.subscriptions()
                    .settle(
                            Principal.LOCAL,
                            subscription,
                            leased.stream()
                                    .map(each ->
                                            new SettleRequest(
                                                    each.token(),
                                                    new SettleAction.Complete(),
                                                    null))
                                    .toList());
        }
        return leased.stream().map(each -> text(each.event())).toList();
    }

    /// What HTTP would read.
    List<StoredEvent> events(String stream) throws InterruptedException {
        ReadRequest request =
                new ReadRequest(stream, null, new Start.First(), 10_000, Duration.ZERO, null);
        return broker.read(Principal.LOCAL, request).events();
    }

    List<Receipt> publish(String context, Event event) {
        CompletableFuture<List<Receipt>> answer = new CompletableFuture<>();
        broker.publish(
                Principal.LOCAL,
                List.of(new Publication(context, event)),
                new PublishReply() {
                    @Override
                    public void stored(List<Receipt> receipts) {
                        answer.complete(receipts);
                    }

                    @Override
                    public void failed(MillraceException problem) {
                        answer.completeExceptionally(problem);
                    }
                });
        return await(answer);
    }

    @Override
    public void close() {
        broker.close();
    }
}
