package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.config.DocumentReader;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.group.Leased;
import io.millrace.group.Ledger;
import io.millrace.group.SettleAction;
import io.millrace.group.SettleResult;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReader;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import io.millrace.stream.Start;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class SubscriptionTest {
    private static final Duration WAIT = Duration.ofSeconds(10);

    @TempDir Path data;
    private Broker broker;

    @BeforeEach
    void open() throws IOException {
        open(8);
    }

    private void open(int processors) throws IOException {
        broker =
                new Broker(
                        data,
                        BrokerConfig.forProcessors(processors),
                        new OpenGuard(),
                        new Broker.Ground(new FileDisk(), Clock.system(), new AgentThreads()));
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private void reopen(int processors) throws IOException {
        broker.close();
        open(processors);
    }

    private void subscribe(String name, String json) {
        String document = "{\"kind\":\"Subscription\",\"name\":\"" + name + "\"," + json + "}";
        broker.administration()
                .put(
                        Principal.LOCAL,
                        new ResourceReader()
                                .readOne(
                                        Bytes.utf8(document),
                                        DocumentReader.Format.JSON,
                                        "Subscription",
                                        name),
                        Precondition.NONE);
    }

    private List<Receipt> publish(String context, String type, String... ids) throws Exception {
        CompletableFuture<List<Receipt>> answer = new CompletableFuture<>();
        List<Publication> publications = new ArrayList<>();
        for (String id : ids) {
            Event event =
                    Event.builder().id(id).source("/test").type(type).data(Bytes.utf8(id)).build();
            publications.add(new Publication(context, event));
        }
        broker.publish(
                Principal.LOCAL,
                publications,
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
        return answer.get();
    }

    private List<Leased> receive(String name, int max) throws InterruptedException {
        return broker.subscriptions()
                .receive(Principal.LOCAL, name, new ReceiveRequest(max, WAIT, null));
    }

    private List<Leased> receiveNow(String name, int max) throws InterruptedException {
        return broker.subscriptions()
                .receive(Principal.LOCAL, name, new ReceiveRequest(max, Duration.ZERO, null));
    }

    private List<SettleResult.Outcome> settle(
            String name, List<Leased> leased, SettleAction action) {
        return broker
                .subscriptions()
                .settle(
                        Principal.LOCAL,
                        name,
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

    private Ledger ledger(String name) {
        Ledger ledger = broker.subscriptions().status(Principal.LOCAL, name).ledger();
        assertThat(ledger.isBalanced()).as("%s", ledger).isTrue();
        return ledger;
    }

    @Test
    void eventsAreReceivedOnceAndSettled() throws Exception {
        subscribe("all", "\"pattern\":\"/a/**\"");
        publish("/a/x", "t", "1", "2");
        publish("/b", "t", "3");
        List<Leased> leased = receive("all", 10);
        assertThat(ids(leased)).containsExactly("1", "2");
        assertThat(receiveNow("all", 10)).isEmpty();
        assertThat(ledger("all").leased()).isEqualTo(2);
        assertThat(settle("all", leased, new SettleAction.Complete()))
                .containsOnly(SettleResult.Outcome.DONE);
        assertThat(settle("all", leased, new SettleAction.Complete()))
                .containsOnly(SettleResult.Outcome.SETTLED_BEFORE);
        Ledger ledger = ledger("all");
        assertThat(ledger.settled()).isEqualTo(2);
        assertThat(ledger.pending()).isZero();
    }

    @Test
    void aLeaseOfAnotherSubscriptionIsUnknown() throws Exception {
        subscribe("mine", "\"pattern\":\"/a/**\"");
        subscribe("other", "\"pattern\":\"/a/**\"");
        publish("/a", "t", "1");
        List<Leased> mine = receive("mine", 1);
        List<Leased> foreign = receive("other", 1);
        assertThat(settle("mine", foreign, new SettleAction.Complete()))
                .containsExactly(SettleResult.Outcome.UNKNOWN);
        assertThat(settle("mine", mine, new SettleAction.Complete()))
                .containsExactly(SettleResult.Outcome.DONE);
        assertThat(settle("other", foreign, new SettleAction.Complete()))
                .containsExactly(SettleResult.Outcome.DONE);
    }

    @Test
    void aStartAtTheEarliestReadsWhatWasThere() throws Exception {
        publish("/a", "t", "1", "2", "3");
        subscribe("old", "\"pattern\":\"/**\",\"start\":\"earliest\",\"types\":[\"t\"]");
        subscribe("new", "\"pattern\":\"/**\"");
        assertThat(ids(receiveNow("old", 10))).containsExactly("1", "2", "3");
        assertThat(receiveNow("new", 10)).isEmpty();
    }

    @Test
    void aNewSubscriptionGetsNothingOld() throws Exception {
        for (int i = 0; i < 40; i++) {
            publish("/a/" + i, "t", "old-" + i);
        }
        for (int i = 0; i < 20; i++) {
            subscribe("new-" + i, "\"pattern\":\"/a/**\"");
            assertThat(ledger("new-" + i).unread()).isZero();
        }
    }

    @Test
    void aConsumerThatWaitsIsGivenWhatComes() throws Exception {
        subscribe("all", "\"pattern\":\"/a\"");
        CompletableFuture<List<Leased>> received = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        received.complete(receive("all", 10));
                    } catch (InterruptedException e) {
                        received.completeExceptionally(e);
                    }
                });
        while (broker.subscriptions().status(Principal.LOCAL, "all").waiting() == 0) {
            Thread.onSpinWait();
        }
        publish("/a", "t", "1");
        assertThat(ids(received.get())).containsExactly("1");
    }

    @Test
    void whatIsNotWantedIsFilteredAndCounted() throws Exception {
        subscribe("some", "\"pattern\":\"/a\",\"types\":[\"wanted\"]");
        publish("/a", "other", "1", "2");
        publish("/a", "wanted", "3");
        publish("/a", "other", "4");
        List<Leased> leased = receiveNow("some", 10);
        assertThat(ids(leased)).containsExactly("3");
        settle("some", leased, new SettleAction.Complete());
        assertThat(receiveNow("some", 10)).isEmpty();
        Ledger ledger = ledger("some");
        assertThat(ledger.filtered()).isEqualTo(3);
        assertThat(ledger.accepted()).isEqualTo(4);
    }

    /// What lies in other contexts of the same partitions is not known to until it is looked at.
    @Test
    void whatWasAcceptedIsNeverTakenBack() throws Exception {
        subscribe("some", "\"pattern\":\"/a\",\"types\":[\"wanted\"],\"outstanding\":2");
        for (int i = 0; i < 20; i++) {
            publish("/b/" + i, "wanted", "b" + i);
            publish("/a", i % 2 == 0 ? "wanted" : "other", "a" + i);
        }
        assertThat(ledger("some").accepted()).isZero();
        assertThat(ledger("some").pending()).isZero();
        Ledger before = ledger("some");
        assertThat(before.unread()).isBetween(20L, 40L);
        for (int i = 0; i < 10; i++) {
            List<Leased> leased = receive("some", 1);
            Ledger between = ledger("some");
            settle("some", leased, new SettleAction.Complete());
            if (i == 3) {
                subscribe("some", "\"pattern\":\"/a\",\"types\":[\"wanted\"]");
            } else if (i == 6) {
                reopen(3);
            }
            Ledger now = ledger("some");
            assertThat(between.accepted()).isGreaterThanOrEqualTo(before.accepted());
            assertThat(now.accepted()).isGreaterThanOrEqualTo(between.accepted());
            assertThat(now.accepted() + now.unread()).isLessThanOrEqualTo(40);
            before = now;
        }
        assertThat(receiveNow("some", 1)).isEmpty();
        Ledger end = ledger("some");
        assertThat(end.accepted()).isEqualTo(20);
        assertThat(end.filtered()).isEqualTo(10);
        assertThat(end.unread()).isZero();
    }

    @Test
    void theStartCannotBeChanged() throws Exception {
        subscribe("old", "\"pattern\":\"/a\",\"start\":\"earliest\"");
        subscribe("old", "\"pattern\":\"/b\",\"start\":\"earliest\"");
        MillraceException problem =
                catchThrowableOfType(
                        MillraceException.class, () -> subscribe("old", "\"pattern\":\"/a\""));
        assertThat(problem.code()).isEqualTo(ErrorCode.RESOURCE_CONFLICT);
        assertThat(problem.problems().getFirst().field()).isEqualTo("start");
        publish("/b", "t", "1");
        assertThat(ids(receive("old", 1))).as("nothing was changed").containsExactly("1");
    }

    @Test
    void deferredEventsAreFetchedByNumber() throws Exception {
        subscribe("all", "\"pattern\":\"/a\"");
        publish("/a", "t", "1", "2");
        List<Leased> leased = receive("all", 2);
        List<String> numbers = leased.stream().map(each -> each.number().toString()).toList();
        settle("all", leased, new SettleAction.Defer());
        assertThat(receiveNow("all", 2)).isEmpty();
        reopen(3);
        assertThat(fetch("all", "events-0-99", "other-0-1", "0-0", "x")).isEmpty();
        List<Leased> first = fetch("all", numbers.getFirst());
        assertThat(ids(first)).containsExactly("1");
        assertThat(fetch("all", numbers.getFirst())).as("it is leased").isEmpty();
        assertThat(settle("all", first, new SettleAction.Complete()))
                .containsOnly(SettleResult.Outcome.DONE);
        assertThat(ids(fetch("all", numbers.toArray(String[]::new)))).containsExactly("2");
        assertThat(ledger("all").leased()).isEqualTo(1);
    }

    private List<Leased> fetch(String name, String... numbers) {
        return broker.subscriptions().fetchDeferred(Principal.LOCAL, name, List.of(numbers), null);
    }

    @Test
    void anotherStartFindsEverythingAsItWas() throws Exception {
        subscribe("all", "\"pattern\":\"/**\",\"types\":[\"t\"]");
        publish("/a", "t", "1", "2", "3", "4");
        publish("/b", "t", "5");
        List<Leased> leased = new ArrayList<>();
        while (leased.size() < 2) {
            leased.addAll(receive("all", 2 - leased.size()));
        }
        settle("all", leased.subList(0, 1), new SettleAction.Complete());
        reopen(16);
        assertThat(settle("all", leased.subList(1, 2), new SettleAction.Complete()))
                .containsOnly(SettleResult.Outcome.DONE);
        Set<String> rest = new HashSet<>();
        while (rest.size() < 3) {
            rest.addAll(ids(receive("all", 10)));
        }
        List<String> all = new ArrayList<>(rest);
        all.addAll(ids(leased));
        assertThat(all).containsExactlyInAnyOrder("1", "2", "3", "4", "5");
        reopen(4);
        assertThat(ledger("all").leased()).isEqualTo(3);
    }

    @Test
    void aPausedSubscriptionGivesNothingAlsoAfterAnotherStart() throws Exception {
        subscribe("all", "\"pattern\":\"/a\"");
        broker.subscriptions().pause(Principal.LOCAL, "all");
        publish("/a", "t", "1");
        assertThat(receiveNow("all", 1)).isEmpty();
        reopen(8);
        assertThat(broker.subscriptions().status(Principal.LOCAL, "all").state())
                .isEqualTo(GroupStatus.State.PAUSED);
        assertThat(receiveNow("all", 1)).isEmpty();
        broker.subscriptions().resume(Principal.LOCAL, "all");
        assertThat(ids(receive("all", 1))).containsExactly("1");
    }

    @Test
    void seekingBackGivesEverythingAgain() throws Exception {
        subscribe("all", "\"pattern\":\"/a\"");
        publish("/a", "t", "1", "2");
        settle("all", receive("all", 10), new SettleAction.Complete());
        broker.subscriptions().seek(Principal.LOCAL, "all", new Start.First());
        assertThat(ids(receive("all", 10))).containsExactly("1", "2");
        broker.subscriptions().seek(Principal.LOCAL, "all", new Start.Next());
        assertThat(receiveNow("all", 10)).isEmpty();
    }

    @Test
    void streamsThatComeLaterAreReadFromTheirBeginning() throws Exception {
        subscribe("all", "\"pattern\":\"/a/**\"");
        broker.administration()
                .put(
                        Principal.LOCAL,
                        new ResourceReader()
                                .readOne(
                                        Bytes.utf8(
                                                "{\"kind\":\"Stream\",\"name\":\"x\",\"mount\":\"/a/x\"}"),
                                        DocumentReader.Format.JSON,
                                        "Stream",
                                        "x"),
                        Precondition.NONE);
        publish("/a/x", "t", "1");
        assertThat(ids(receive("all", 1))).containsExactly("1");
        publish("/a/x", "t", "2");
        broker.administration()
                .delete(Principal.LOCAL, ResourceKind.STREAM, "x", Precondition.NONE);
        assertThat(receiveNow("all", 10)).isEmpty();
        publish("/a/x", "t", "3");
        assertThat(ids(receive("all", 1))).containsExactly("3");
    }

    @Test
    void aReleasedEventComesAgainAndADelayedOneLater() throws Exception {
        subscribe("all", "\"pattern\":\"/a\"");
        publish("/a", "t", "1");
        List<Leased> first = receive("all", 1);
        settle("all", first, new SettleAction.Release(Duration.ZERO, false));
        List<Leased> second = receive("all", 1);
        assertThat(second.getFirst().deliveries()).isEqualTo(2);
        assertThat(settle("all", first, new SettleAction.Complete()))
                .containsOnly(SettleResult.Outcome.GIVEN_TO_ANOTHER);
        long before = System.currentTimeMillis();
        settle("all", second, new SettleAction.Release(Duration.ofMillis(300), false));
        List<Leased> third = receive("all", 1);
        assertThat(System.currentTimeMillis() - before).isGreaterThanOrEqualTo(300);
        assertThat(third.getFirst().deliveries()).isEqualTo(3);
    }

    @Test
    void aLeaseThatEndsGivesTheEventToAnother() throws Exception {
        subscribe("all", "\"pattern\":\"/a\"");
        publish("/a", "t", "1");
        List<Leased> first =
                broker.subscriptions()
                        .receive(
                                Principal.LOCAL,
                                "all",
                                new ReceiveRequest(1, WAIT, Duration.ofMillis(50)));
        List<Leased> second = receive("all", 1);
        assertThat(ids(second)).isEqualTo(ids(first));
        assertThat(second.getFirst().failures()).isEqualTo(1);
    }

    @Test
    void aBacklogIsReadInOrderWithoutGapOrRepetition() throws Exception {
        subscribe("all", "\"pattern\":\"/a\"");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String[] ids = new String[100];
            for (int k = 0; k < 100; k++) {
                ids[k] = Integer.toString(i * 100 + k);
                expected.add(ids[k]);
            }
            publish("/a", "t", ids);
        }
        List<String> got = new ArrayList<>();
        while (got.size() < expected.size()) {
            List<Leased> leased = receive("all", 700);
            assertThat(leased).isNotEmpty();
            got.addAll(ids(leased));
            settle("all", leased, new SettleAction.Complete());
        }
        assertThat(got).isEqualTo(expected);
        assertThat(ledger("all").settled()).isEqualTo(5000);
    }

    @Test
    void aDeletedSubscriptionIsNotThere() throws Exception {
        subscribe("all", "\"pattern\":\"/a\"");
        broker.administration()
                .delete(Principal.LOCAL, ResourceKind.SUBSCRIPTION, "all", Precondition.NONE);
        MillraceException problem =
                catchThrowableOfType(MillraceException.class, () -> receiveNow("all", 1));
        assertThat(problem.code()).isEqualTo(ErrorCode.SUBSCRIPTION_NOT_FOUND);
        publish("/a", "t", "1");
        subscribe("all", "\"pattern\":\"/a\"");
        assertThat(receiveNow("all", 1)).isEmpty();
    }

    private String refusal(String documents) {
        MillraceException refusal =
                catchThrowableOfType(MillraceException.class, () -> apply(documents));
        assertThat(refusal).as(documents).isNotNull();
        assertThat(refusal.code()).isEqualTo(ErrorCode.RESOURCE_INVALID);
        return String.valueOf(refusal.getMessage());
    }

    private void apply(String documents) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        var read =
                new ResourceReader()
                        .read(Bytes.utf8(documents), DocumentReader.Format.YAML, problems);
        problems.throwIfAny();
        broker.administration().apply(Principal.LOCAL, read, false);
    }

    private static String republish(String name, String pattern, String context) {
        return "---\n{kind: Subscription, name: %s, pattern: %s, context: %s}\n"
                .formatted(name, pattern, context);
    }

    @Test
    void circlesAreRefusedAtCreationAtChangesAndTogether() {
        String a = republish("a", "/a/**", "/b/1");
        String b = republish("b", "/b/*", "/c");
        String c = republish("c", "/c", "/a/1");
        assertThat(refusal(a + b + c))
                .containsOnlyOnce(
                        "[0].context: would have events go round for ever: a -> b -> c -> a;");
        assertThat(broker.administration().list(Principal.LOCAL, ResourceKind.SUBSCRIPTION))
                .isEmpty();
        apply(c + a);
        assertThat(refusal(b))
                .contains("context: would have events go round for ever: b -> c -> a -> b;");
        apply(b.replace("/c", "/d"));
        assertThat(refusal(b)).contains("b -> c -> a -> b");
        assertThat(refusal(b + republish("other", "/o", "/p"))).contains("b -> c -> a -> b");
        // What ends the circle counts, if it comes together with what would close it.
        apply(b + republish("c", "/c", "/elsewhere"));
        assertThat(refusal(c)).contains("c -> a -> b -> c");
        broker.administration()
                .delete(Principal.LOCAL, ResourceKind.SUBSCRIPTION, "a", Precondition.NONE);
        apply(c);
    }
}
