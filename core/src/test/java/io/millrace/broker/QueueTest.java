package io.millrace.broker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.broker.Queues.Enqueued;
import io.millrace.broker.Queues.Peeked;
import io.millrace.config.DocumentReader;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
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
import io.millrace.letter.DeadLetter;
import io.millrace.letter.LetterSearch;
import io.millrace.resource.ResourceReader;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.stream.Start;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class QueueTest {
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

    private void queue(String name, String fields) {
        String document = "{\"kind\":\"Queue\",\"name\":\"" + name + "\"" + fields + "}";
        broker.administration()
                .put(
                        Principal.LOCAL,
                        new ResourceReader()
                                .readOne(
                                        Bytes.utf8(document),
                                        DocumentReader.Format.JSON,
                                        "Queue",
                                        name),
                        Precondition.NONE);
    }

    private static EventBuilder job(String id) {
        return Event.builder().id(id).source("/test").type("t").data(Bytes.utf8(id));
    }

    private List<Enqueued> put(Event... jobs) {
        return broker.queues().enqueue(Principal.LOCAL, "q", List.of(jobs));
    }

    private List<Leased> receive(int max) throws InterruptedException {
        return broker.queues().receive(Principal.LOCAL, "q", new ReceiveRequest(max, WAIT, null));
    }

    private List<Leased> receiveNow(int max) throws InterruptedException {
        return broker.queues()
                .receive(Principal.LOCAL, "q", new ReceiveRequest(max, Duration.ZERO, null));
    }

    private List<SettleResult.Outcome> settle(List<Leased> leased, SettleAction action) {
        return broker
                .queues()
                .settle(
                        Principal.LOCAL,
                        "q",
                        leased.stream()
                                .map(each -> new SettleRequest(each.token(), action, null))
                                .toList())
                .stream()
                .map(SettleResult::outcome)
                .toList();
    }

    private static List<String> ids(List<Leased> leased) {
        return leased.stream().map(each -> each.event().event().id()).toList();
    }

    private Ledger ledger() {
        Ledger ledger = broker.queues().status(Principal.LOCAL, "q").ledger();
        assertThat(ledger.isBalanced()).as("%s", ledger).isTrue();
        return ledger;
    }

    private List<DeadLetter> letters() {
        return broker.deadLetters().search(Principal.LOCAL, LetterSearch.ALL, null, 100).letters();
    }

    private static TimestampValue in(Duration time) {
        return new TimestampValue(Timestamp.of(Instant.now().plus(time)));
    }

    @Test
    void jobsAreDoneOnceEach() throws Exception {
        queue("q", "");
        put(job("1").build(), job("2").build());
        put(job("3").build());
        List<Leased> leased = receive(10);
        assertThat(ids(leased)).containsExactly("1", "2", "3");
        assertThat(settle(leased, new SettleAction.Complete()))
                .containsOnly(SettleResult.Outcome.DONE);
        assertThat(receiveNow(10)).isEmpty();
        assertThat(ledger().settled()).isEqualTo(3);
    }

    @Test
    void jobsAreStillThereAfterAnotherStart() throws Exception {
        queue("q", "");
        put(job("1").build(), job("2").build(), job("3").build());
        settle(receive(1), new SettleAction.Complete());
        List<Leased> second = receive(1);
        reopen();
        assertThat(settle(second, new SettleAction.Complete()))
                .containsOnly(SettleResult.Outcome.DONE);
        assertThat(ids(receive(10))).containsExactly("3");
    }

    @Test
    void higherPrioritiesGoFirst() throws Exception {
        queue("q", "");
        put(
                job("low").extension("priority", new IntegerValue(0)).build(),
                job("usual").build(),
                job("high").extension("priority", new IntegerValue(9)).build(),
                job("also").extension("priority", new StringValue("5")).build());
        List<String> order = new ArrayList<>();
        while (order.size() < 4) {
            order.addAll(ids(receive(10)));
        }
        assertThat(order).containsExactly("high", "also", "usual", "low");
        reopen();
        put(job("more").extension("priority", new IntegerValue(9)).build());
        assertThat(ids(receive(10))).containsExactly("more");
    }

    @Test
    void aPriorityOutsideTheRangeIsRefused() {
        queue("q", "");
        MillraceException problem =
                catchThrowableOfType(
                        MillraceException.class,
                        () ->
                                put(
                                        job("1").build(),
                                        job("2").extension("priority", new IntegerValue(10))
                                                .build()));
        assertThat(problem.code()).isEqualTo(ErrorCode.EVENT_INVALID);
        assertThat(problem.problems().getFirst().field()).isEqualTo("[1].priority");
        assertThat(ledger().accepted()).isZero();
    }

    @Test
    void duplicatesAreNoticedAlsoAfterAnotherStart() throws Exception {
        queue("q", "");
        List<Enqueued> first = put(job("1").build(), job("1").build());
        assertThat(first).extracting(Enqueued::duplicate).containsExactly(false, true);
        settle(receive(1), new SettleAction.Complete());
        reopen();
        List<Enqueued> again = put(job("1").build(), job("2").build());
        assertThat(again).extracting(Enqueued::duplicate).containsExactly(true, false);
        assertThat(again.getFirst().number()).isEqualTo(first.getFirst().number());
        assertThat(ids(receive(10))).containsExactly("2");
    }

    @Test
    void aScheduledJobIsNeverEarlyAndCanBeCancelled() throws Exception {
        queue("q", "");
        Instant due = Instant.now().plusMillis(700);
        TimestampValue time = new TimestampValue(Timestamp.of(due));
        put(
                job("later").extension("scheduledtime", time).build(),
                job("far").extension("scheduledtime", in(Duration.ofHours(1))).build(),
                job("now").build());
        assertThat(ids(receive(10))).containsExactly("now");
        List<Peeked> waiting = broker.queues().peek(Principal.LOCAL, "q", null, 10);
        assertThat(waiting).filteredOn(p -> p.state().equals("scheduled")).hasSize(2);
        broker.queues().cancel(Principal.LOCAL, "q", "4-1");
        reopen();
        List<Leased> leased = receive(10);
        assertThat(Instant.now()).isAfterOrEqualTo(due);
        assertThat(ids(leased)).containsExactly("later");
        Enqueued unseen =
                put(job("unseen").extension("scheduledtime", in(Duration.ofHours(1))).build())
                        .getFirst();
        broker.queues().cancel(Principal.LOCAL, "q", requireNonNull(unseen.number()));
        MillraceException problem =
                catchThrowableOfType(
                        MillraceException.class,
                        () ->
                                broker.queues()
                                        .cancel(
                                                Principal.LOCAL,
                                                "q",
                                                requireNonNull(unseen.number())));
        assertThat(problem.code()).isEqualTo(ErrorCode.NOT_FOUND);
        put(job("last").build());
        assertThat(ids(receive(10))).containsExactly("last");
        assertThat(ledger().settled()).isEqualTo(2);
    }

    @Test
    void aJobThatFailsTooOftenIsWithTheDeadLettersAndCanBeSentAgain() throws Exception {
        queue("q", ",\"deliveriesMax\":2");
        put(job("1").build());
        settle(receive(1), new SettleAction.Release(Duration.ZERO, true));
        assertThat(settle(receive(1), new SettleAction.Release(Duration.ZERO, true)))
                .containsOnly(SettleResult.Outcome.DEAD_LETTERED);
        assertThat(receiveNow(1)).isEmpty();
        List<DeadLetter> letters = letters();
        assertThat(letters).hasSize(1);
        DeadLetter letter = letters.getFirst();
        assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.ATTEMPTS_EXHAUSTED);
        assertThat(letter.attempts()).isEqualTo(2);
        assertThat(letter.event()).isEqualTo(job("1").build());
        assertThat(ledger().deadLettered()).isEqualTo(1);
        DeadLetters.Outcome outcome =
                broker.deadLetters()
                        .resubmit(
                                Principal.LOCAL,
                                List.of(letter.id()),
                                new DeadLetters.Resubmission(null, null, null, Duration.ZERO));
        assertThat(outcome.problems()).isEmpty();
        assertThat(ids(receive(1))).containsExactly("1");
        assertThat(letters()).isEmpty();
    }

    @Test
    void aRejectedJobIsADeadLetterWithItsReason() throws Exception {
        queue("q", "");
        put(job("1").build());
        settle(receive(1), new SettleAction.Reject("no such customer"));
        assertThat(letters().getFirst().detail()).isEqualTo("no such customer");
        reopen();
        assertThat(letters()).hasSize(1);
        assertThat(receiveNow(1)).isEmpty();
    }

    @Test
    void expiredJobsAreDeadLetters() throws Exception {
        queue("q", "");
        put(
                job("old").extension("expirytime", in(Duration.ofSeconds(-1))).build(),
                job("new").build());
        assertThat(ids(receive(10))).containsExactly("new");
        Awaitility.await().until(() -> letters().size() == 1);
        assertThat(letters().getFirst().reason()).isEqualTo(DeadLetter.Reason.EXPIRED);
        Awaitility.await().until(() -> ledger().deadLettered() == 1);
    }

    @Test
    void oneOfAGroupAtATime() throws Exception {
        queue("q", ",\"ordered\":true");
        put(
                job("a1").extension("partitionkey", new StringValue("a")).build(),
                job("a2").extension("partitionkey", new StringValue("a")).build(),
                job("b1").extension("partitionkey", new StringValue("b")).build());
        List<Leased> first = receive(10);
        assertThat(ids(first)).containsExactly("a1", "b1");
        assertThat(receiveNow(10)).isEmpty();
        settle(first.subList(0, 1), new SettleAction.Complete());
        assertThat(ids(receive(10))).containsExactly("a2");
    }

    @Test
    void aGroupHasAStateOfItsOwn() throws Exception {
        queue("q", ",\"ordered\":true");
        assertThat(broker.queues().groupState(Principal.LOCAL, "q", "a")).isNull();
        broker.queues().groupState(Principal.LOCAL, "q", "a", Bytes.utf8("step 2"));
        reopen();
        assertThat(broker.queues().groupState(Principal.LOCAL, "q", "a"))
                .isEqualTo(Bytes.utf8("step 2"));
        broker.queues().groupState(Principal.LOCAL, "q", "a", null);
        assertThat(broker.queues().groupState(Principal.LOCAL, "q", "a")).isNull();
    }

    @Test
    void deferredJobsAreFetchedByNumber() throws Exception {
        queue("q", "");
        String number = put(job("1").build()).getFirst().number();
        settle(receive(1), new SettleAction.Defer());
        assertThat(receiveNow(1)).isEmpty();
        reopen();
        List<Leased> fetched =
                broker.queues().fetchDeferred(Principal.LOCAL, "q", List.of(number), null);
        assertThat(ids(fetched)).containsExactly("1");
        assertThat(settle(fetched, new SettleAction.Complete()))
                .containsOnly(SettleResult.Outcome.DONE);
    }

    @Test
    void aFullQueueRefusesOrDropsItsOldest() throws Exception {
        queue("q", ",\"lengthMax\":2");
        put(job("1").build(), job("2").build());
        MillraceException problem =
                catchThrowableOfType(MillraceException.class, () -> put(job("3").build()));
        assertThat(problem.code()).isEqualTo(ErrorCode.QUEUE_FULL);
        queue("q", ",\"lengthMax\":2,\"overflow\":\"drop-oldest\"");
        put(job("4").build());
        Awaitility.await().until(() -> letters().size() == 1);
        assertThat(letters().getFirst().event().id()).isEqualTo("1");
        assertThat(letters().getFirst().reason()).isEqualTo(DeadLetter.Reason.QUEUE_FULL);
        Awaitility.await().until(() -> ledger().deadLettered() == 1);
        List<String> left = new ArrayList<>(ids(receive(10)));
        while (left.size() < 2) {
            left.addAll(ids(receive(10)));
        }
        assertThat(left).containsExactly("2", "4");
    }

    @Test
    void receivedAndDeletedJobsAreDone() throws Exception {
        queue("q", "");
        put(job("1").build(), job("2").build());
        assertThat(
                        ids(
                                broker.queues()
                                        .receiveAndDelete(
                                                Principal.LOCAL,
                                                "q",
                                                new ReceiveRequest(10, WAIT, null))))
                .containsExactly("1", "2");
        assertThat(ledger().settled()).isEqualTo(2);
        reopen();
        assertThat(receiveNow(10)).isEmpty();
    }

    @Test
    void aCompletedJobEmitsAnEventOnceAndWithItsCause() throws Exception {
        queue("q", "");
        put(job("1").build());
        Leased job = receive(1).getFirst();
        Publication emitted =
                new Publication("/done", Event.builder().id("e").source("/w").type("done").build());
        SettleRequest complete =
                new SettleRequest(job.token(), new SettleAction.Complete(), emitted);
        assertThat(broker.queues().settle(Principal.LOCAL, "q", List.of(complete)))
                .extracting(SettleResult::outcome)
                .containsExactly(SettleResult.Outcome.DONE);
        assertThat(broker.queues().settle(Principal.LOCAL, "q", List.of(complete)))
                .extracting(SettleResult::outcome)
                .containsExactly(SettleResult.Outcome.SETTLED_BEFORE);
        List<StoredEvent> events =
                broker.read(
                                Principal.LOCAL,
                                new ReadRequest(
                                        "events", null, new Start.First(), 10, Duration.ZERO, null))
                        .events();
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().event().extensions())
                .containsEntry("causationid", new StringValue("1"));
    }

    @Test
    void purgingLeavesWhatIsLeased() throws Exception {
        queue("q", "");
        put(job("1").build(), job("2").build(), job("3").build());
        List<Leased> leased = receive(1);
        assertThat(broker.queues().purge(Principal.LOCAL, "q")).isEqualTo(2);
        assertThat(receiveNow(10)).isEmpty();
        assertThat(settle(leased, new SettleAction.Complete()))
                .containsOnly(SettleResult.Outcome.DONE);
        assertThat(ledger().pending()).isZero();
    }

    @Test
    void workersShareWhatThereIs() throws Exception {
        queue("q", ",\"durability\":\"buffered\"");
        int count = 5_000;
        List<Thread> workers = new ArrayList<>();
        List<String> done = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 4; i++) {
            workers.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (done.size() < count) {
                                        List<Leased> leased =
                                                broker.queues()
                                                        .receive(
                                                                Principal.LOCAL,
                                                                "q",
                                                                new ReceiveRequest(
                                                                        50,
                                                                        Duration.ofMillis(200),
                                                                        null));
                                        settle(leased, new SettleAction.Complete());
                                        done.addAll(ids(leased));
                                    }
                                } catch (InterruptedException _) {
                                    Thread.currentThread().interrupt();
                                }
                            }));
        }
        for (int i = 0; i < count; i += 100) {
            Event[] jobs = new Event[100];
            for (int k = 0; k < 100; k++) {
                jobs[k] = job(Integer.toString(i + k)).build();
            }
            put(jobs);
        }
        for (Thread worker : workers) {
            worker.join();
        }
        assertThat(done).hasSize(count).doesNotHaveDuplicates();
    }
}
