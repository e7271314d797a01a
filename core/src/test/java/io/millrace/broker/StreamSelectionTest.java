package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.share.Share;
import io.millrace.config.DocumentReader;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.group.Leased;
import io.millrace.group.SettleAction;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReader;
import io.millrace.resource.StartPoint;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Subscriptions to the events of one stream, where another is mounted below.
@Timeout(60)
final class StreamSelectionTest {
    private static final Duration WAIT = Duration.ofSeconds(10);

    @TempDir Path data;
    private Broker broker;

    @BeforeEach
    void open() throws IOException {
        broker =
                new Broker(
                        data,
                        BrokerConfig.forProcessors(4),
                        new OpenGuard(),
                        new Broker.Ground(new FileDisk(), Clock.system(), new AgentThreads()));
        stream("outer", "/a");
        stream("inner", "/a/b");
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private void stream(String name, String mount) {
        put("Stream", name, "\"mount\":\"%s\",\"partitions\":2".formatted(mount));
    }

    private void subscribe(String name, String stream) {
        put("Subscription", name, "\"pattern\":\"/a/**\",\"stream\":\"%s\"".formatted(stream));
    }

    private void put(String kind, String name, String fields) {
        String document = "{\"kind\":\"%s\",\"name\":\"%s\",%s}".formatted(kind, name, fields);
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

    private static Event event(String id) {
        return Event.builder().id(id).source("/s").type("t").build();
    }

    private Receipt publish(String context, String id) {
        CompletableFuture<List<Receipt>> answer = new CompletableFuture<>();
        broker.publish(
                Principal.LOCAL,
                List.of(new Publication(context, event(id))),
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
        return answer.join().getFirst();
    }

    /// So many events, which are settled.
    private List<String> consume(String name, int count) throws InterruptedException {
        List<String> ids = new ArrayList<>();
        while (ids.size() < count) {
            List<Leased> leased =
                    broker.subscriptions()
                            .receive(Principal.LOCAL, name, new ReceiveRequest(10, WAIT, null));
            assertThat(leased).as("after %s", ids).isNotEmpty();
            leased.forEach(each -> ids.add(each.event().event().id()));
            broker.subscriptions()
                    .settle(
                            Principal.LOCAL,
                            name,
                            leased.stream()
                                    .map(each ->
                                            new SettleRequest(
                                                    each.token(),
                                                    new SettleAction.Complete(),
                                                    null))
                                    .toList());
        }
        return ids;
    }

    @Test
    void onlyEventsOfTheStreamComeAndNoOthersWait() throws Exception {
        subscribe("s", "outer");
        publish("/a/b/c", "inner 1");
        publish("/a/x", "outer 1");
        publish("/a/b", "inner 2");
        publish("/a", "outer 2");
        assertThat(consume("s", 2)).containsExactlyInAnyOrder("outer 1", "outer 2");
        GroupStatus status = broker.subscriptions().status(Principal.LOCAL).getFirst();
        assertThat(status.ledger().pending()).isZero();
        subscribe("s", "inner");
        publish("/a/y", "outer 3");
        publish("/a/b", "inner 3");
        assertThat(consume("s", 1)).containsExactly("inner 3");
    }

    @Test
    void theStreamMayComeLater() throws Exception {
        subscribe("s", "late");
        publish("/a/late", "before");
        stream("late", "/a/late");
        publish("/a/late", "after");
        assertThat(consume("s", 1)).containsExactly("after");
    }

    @Test
    void anExplanationNamesTheStream() {
        subscribe("s", "outer");
        Subscriptions subscriptions = broker.subscriptions();
        Context inner = Context.of("/a/b/c");
        EventExplanation no = subscriptions.explain(Principal.LOCAL, "s", inner, event("1"));
        assertThat(no.wanted()).isFalse();
        assertThat(no.why().toText()).contains("> no   stream: the stream is \"outer\"");
        assertThat(subscriptions.explain(Principal.LOCAL, "s", publish("/a/b", "1")).wanted())
                .isFalse();
        assertThat(subscriptions.explain(Principal.LOCAL, "s", publish("/a", "2")).wanted())
                .isTrue();
    }

    @Test
    void aShareGroupHasTheEventsOfItsTopicOnly() {
        Topics.Topic outer = Objects.requireNonNull(broker.topics().find(Principal.LOCAL, "outer"));
        Shares.NewShare wanted =
                new Shares.NewShare(new StartPoint.Earliest(), Duration.ofSeconds(30), 5);
        Share share = broker.shares().open(Principal.LOCAL, "g", outer, wanted);
        assertThat(share.progress()).extracting(Share.Progress::partition).containsOnly(0, 1);
        assertThat(broker.administration().list(Principal.LOCAL, ResourceKind.SUBSCRIPTION))
                .singleElement()
                .satisfies(each ->
                        assertThat(each.toJson().path("stream").asString()).isEqualTo("outer"));
        subscribe("h", "inner");
        Share another = broker.shares().open(Principal.LOCAL, "h", outer, wanted);
        assertThat(another.progress()).hasSize(2);
        assertThat(broker.subscriptions().status(Principal.LOCAL)).hasSize(3);
    }
}
