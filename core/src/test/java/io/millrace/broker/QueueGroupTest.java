package io.millrace.broker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Queues.Peeked;
import io.millrace.config.DocumentReader;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.AttributeValue.StringValue;
import io.millrace.event.AttributeValue.TimestampValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.Timestamp;
import io.millrace.group.Leased;
import io.millrace.group.Ledger;
import io.millrace.group.SettleAction;
import io.millrace.group.SettleResult;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.resource.ResourceReader;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Groups of jobs over several priorities, and the books of jobs that were taken back.
@Timeout(60)
final class QueueGroupTest {
    private static final Duration WAIT = Duration.ofSeconds(10);

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

    private void reopen() throws IOException {
        broker.close();
        open();
    }

    private void queue(String fields) {
        String document = "{\"kind\":\"Queue\",\"name\":\"q\"" + fields + "}";
        broker.administration()
                .put(
                        Principal.LOCAL,
                        new ResourceReader()
                                .readOne(
                                        Bytes.utf8(document),
                                        DocumentReader.Format.JSON,
                                        "Queue",
                                        "q"),
                        Precondition.NONE);
    }

    private static EventBuilder job(String id) {
        return Event.builder().id(id).source("/test").type("t").data(Bytes.utf8(id));
    }

    private static TimestampValue in(Duration span) {
        return new TimestampValue(Timestamp.of(Instant.now().plus(span)));
    }

    private List<Queues.Enqueued> put(Event... jobs) {
        return broker.queues().enqueue(Principal.LOCAL, "q", List.of(jobs));
    }

    private List<Leased> receive(int max) throws InterruptedException {
        return broker.queues().receive(Principal.LOCAL, "q", new ReceiveRequest(max, WAIT, null));
    }

    private List<Leased> receiveNow(int max) throws InterruptedException {
        return broker.queues()
                .receive(Principal.LOCAL, "q", new ReceiveRequest(max, Duration.ZERO, null));
    }

    private void settle(List<Leased> leased, SettleAction action) {
        List<SettleResult> results =
                broker.queues()
                        .settle(
                                Principal.LOCAL,
                                "q",
                                leased.stream()
                                        .map(each -> new SettleRequest(each.token(), action, null))
                                        .toList());
        assertThat(results).allMatch(each -> each.outcome() == SettleResult.Outcome.DONE);
    }

    private static List<String> ids(List<Leased> leased) {
        return leased.stream().map(each -> each.event().event().id()).toList();
    }

    private Ledger ledger() {
        Ledger ledger = broker.queues().status(Principal.LOCAL, "q").ledger();
        assertThat(ledger.isBalanced()).isTrue();
        return ledger;
    }

    private static Event of(String group, String id, int priority) {
        return job(id).extension("partitionkey", new StringValue(group))
                .extension("priority", new IntegerValue(priority))
                .build();
    }

    @Test
    void oneOfAGroupAtATimeOverAllPriorities() throws Exception {
        queue(",\"ordered\":true,\"retry\":[\"1h\"]");
        put(of("a", "low", 1), of("a", "middle", 4), of("b", "other", 1));
        List<Leased> first = new ArrayList<>(receive(10));
        if (first.size() < 2) {
            first.addAll(receive(10));
        }
        assertThat(ids(first)).containsExactly("middle", "other");
        put(of("a", "high", 9));
        assertThat(receiveNow(10)).isEmpty();
        reopen();
        assertThat(receiveNow(10)).isEmpty();
        settle(first.subList(0, 1), new SettleAction.Complete());
        List<Leased> high = receive(10);
        assertThat(ids(high)).containsExactly("high");
        settle(high, new SettleAction.Release(Duration.ZERO, true));
        assertThat(receiveNow(10)).as("while the failed one waits").isEmpty();
        reopen();
        assertThat(receiveNow(10)).as("after a restart").isEmpty();
        assertThat(states()).containsExactly("delayed", "held", "leased");
    }

    private List<String> states() {
        return broker.queues().peek(Principal.LOCAL, "q", null, 10).stream()
                .map(Peeked::state)
                .toList();
    }

    @Test
    void whatWasSetAsideHoldsNoGroupBack() throws Exception {
        queue(",\"ordered\":true");
        put(of("a", "low", 1), of("a", "high", 9));
        List<Leased> high = receive(10);
        assertThat(ids(high)).containsExactly("high");
        settle(high, new SettleAction.Defer());
        assertThat(ids(receive(10))).containsExactly("low");
    }

    @Test
    void aCancelledJobIsSettledAtOnce() throws Exception {
        queue("");
        put(job("ready").build());
        String number =
                put(job("later").extension("scheduledtime", in(Duration.ofHours(1))).build())
                        .getFirst()
                        .number();
        assertThat(ledger().pending()).isEqualTo(2);
        broker.queues().cancel(Principal.LOCAL, "q", requireNonNull(number));
        assertThat(ledger().pending()).isEqualTo(1);
        assertThat(ledger().settled()).isEqualTo(1);
        reopen();
        assertThat(ledger().settled()).isEqualTo(1);
        assertThat(ids(receive(10))).containsExactly("ready");
        assertThat(receiveNow(10)).isEmpty();
        assertThat(ledger().settled()).isEqualTo(1);
        assertThat(ledger().accepted()).isEqualTo(2);
        assertThat(broker.queues().purge(Principal.LOCAL, "q")).isZero();
    }

    @Test
    void aPurgeCountsNoCancelledJobTwice() throws Exception {
        queue("");
        String number =
                put(job("later").extension("scheduledtime", in(Duration.ofHours(1))).build())
                        .getFirst()
                        .number();
        put(job("ready").build());
        broker.queues().cancel(Principal.LOCAL, "q", requireNonNull(number));
        assertThat(broker.queues().purge(Principal.LOCAL, "q")).isEqualTo(1);
        assertThat(ledger().settled()).isEqualTo(2);
        assertThat(ledger().accepted()).isEqualTo(2);
    }
}
