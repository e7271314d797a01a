package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.broker.stream.ContextListing;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.log.Durability;
import io.millrace.resource.Cleanup;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.StreamResource;
import io.millrace.router.Tail;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import io.millrace.stream.Start;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class BrokerTest {
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

    private static Event event(String id) {
        return Event.builder().id(id).source("/test").type("t").data(Bytes.utf8(id)).build();
    }

    private CompletableFuture<List<Receipt>> publish(String context, String... ids) {
        CompletableFuture<List<Receipt>> answer = new CompletableFuture<>();
        List<Publication> publications = new ArrayList<>();
        for (String id : ids) {
            publications.add(new Publication(context, event(id)));
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
        return answer;
    }

    private List<String> readAll(String stream) throws InterruptedException {
        ReadRequest request =
                new ReadRequest(stream, null, new Start.First(), 10_000, Duration.ZERO, null);
        return broker.read(Principal.LOCAL, request).events().stream()
                .map(stored -> stored.event().id())
                .toList();
    }

    private StreamResource stream(String name, String mount, Durability durability) {
        return new StreamResource(
                name, Context.of(mount), 2, durability, Duration.ofDays(1), null, Cleanup.DELETE);
    }

    @Test
    void whatWasAcknowledgedIsThereAfterAnotherStart() throws Exception {
        publish("/a", "1", "2").get();
        publish("/a", "3").get();
        reopen();
        assertThat(readAll("events")).containsExactly("1", "2", "3");
    }

    @Test
    void theDeepestMountGetsTheEventAndKeepsItAfterAnotherStart() throws Exception {
        broker.administration()
                .put(
                        Principal.LOCAL,
                        stream("tickets", "/org/tickets", Durability.BUFFERED),
                        Precondition.NONE);
        assertThat(publish("/org/tickets/4", "in").get().getFirst().stream()).isEqualTo("tickets");
        assertThat(publish("/org/other", "out").get().getFirst().stream()).isEqualTo("events");
        reopen();
        assertThat(readAll("tickets")).containsExactly("in");
        assertThat(readAll("events")).containsExactly("out");
    }

    @Test
    void aDeletedStreamIsGoneWithItsEventsAndItsNameIsFree() throws Exception {
        StreamResource wanted = stream("tickets", "/org/tickets", Durability.SYNCED);
        broker.administration().put(Principal.LOCAL, wanted, Precondition.NONE);
        publish("/org/tickets", "old").get();
        broker.administration()
                .delete(Principal.LOCAL, ResourceKind.STREAM, "tickets", Precondition.NONE);
        broker.administration().put(Principal.LOCAL, wanted, Precondition.NONE);
        publish("/org/tickets", "new").get();
        reopen();
        assertThat(readAll("tickets")).containsExactly("new");
    }

    @Test
    void filesThatNobodyKnowsAreNoNewStreams() throws Exception {
        broker.close();
        // Left by a deletion that failed, and whose record was compacted away since.
        for (int incarnation = 1; incarnation < 20; incarnation++) {
            Files.createDirectories(data.resolve("streams").resolve("tickets." + incarnation));
        }
        open();
        createTickets();
        assertThat(data.resolve("streams").resolve("tickets.20")).isDirectory();
    }

    @Test
    void aTakenMountIsRefusedAndNothingIsChanged() {
        StreamResource wanted = stream("second", "/", Durability.SYNCED);
        MillraceException refused =
                catchThrowableOfType(
                        MillraceException.class,
                        () ->
                                broker.administration()
                                        .put(Principal.LOCAL, wanted, Precondition.NONE));
        assertThat(refused.code()).isEqualTo(ErrorCode.RESOURCE_CONFLICT);
        assertThat(refused.problems().getFirst().field()).isEqualTo("mount");
        assertThat(broker.administration().streams(Principal.LOCAL))
                .extracting(StreamResource::name)
                .containsExactly("events", "millrace");
    }

    @Test
    void nobodyButTheServerPublishesInItsContexts() {
        MillraceException refused =
                catchThrowableOfType(MillraceException.class, () -> publish("/millrace/x", "1"));
        assertThat(refused.code()).isEqualTo(ErrorCode.CONTEXT_RESERVED);
    }

    @Test
    void aBatchWithOneBadMemberStoresNothing() throws Exception {
        List<Publication> batch =
                List.of(new Publication("/a", event("1")), new Publication("/a/../b", event("2")));
        MillraceException refused =
                catchThrowableOfType(
                        MillraceException.class,
                        () -> broker.publish(Principal.LOCAL, batch, new Ignored()));
        assertThat(refused.problems().getFirst().field()).isEqualTo("[1].context");
        assertThat(readAll("events")).isEmpty();
    }

    private record Ignored() implements PublishReply {
        @Override
        public void stored(List<Receipt> receipts) {}

        @Override
        public void failed(MillraceException problem) {}
    }

    /// Publishers run while tails begin at the first event: each tail crosses the seam of history
    /// and live at another moment, and must see every event of every context once and in order.
    @Test
    void nothingIsLostOrDoubledAtTheSeamOfHistoryAndLive() throws Exception {
        int events = 4000;
        Thread publisher =
                Thread.ofVirtual()
                        .start(() -> {
                            for (int i = 0; i < events; i++) {
                                publish("/seam/" + i % 7, Integer.toString(i)).join();
                            }
                        });
        for (int round = 0; round < 8; round++) {
            try (Tail tail = tail(new Start.First())) {
                List<Integer> seen = take(tail, events / 8 * (round + 1));
                assertInOrderPerContext(seen);
            }
        }
        publisher.join();
        try (Tail tail = tail(new Start.First())) {
            assertThat(take(tail, events)).doesNotHaveDuplicates().hasSize(events);
        }
    }

    @Test
    void aTailResumesExactlyWhereItStopped() throws Exception {
        for (int i = 0; i < 500; i++) {
            publish("/seam/" + i % 7, Integer.toString(i)).join();
        }
        List<Integer> seen = new ArrayList<>();
        Start start = new Start.First();
        while (seen.size() < 500) {
            try (Tail tail = tail(start)) {
                for (Tail.Item item : tail.next(WAIT)) {
                    seen.add(Integer.valueOf(item.event().event().id()));
                    start = Start.parse(String.valueOf(item.position()));
                    if (seen.size() % 37 == 0) {
                        break;
                    }
                }
            }
        }
        assertThat(seen).doesNotHaveDuplicates().hasSize(500);
    }

    private Tail tail(Start start) {
        return broker.tail(Principal.LOCAL, ContextPattern.of("/seam/*"), start);
    }

    private static List<Integer> take(Tail tail, int count) throws InterruptedException {
        List<Integer> seen = new ArrayList<>();
        while (seen.size() < count) {
            List<Tail.Item> items = tail.next(WAIT);
            assertThat(items).isNotEmpty();
            items.forEach(item -> seen.add(Integer.valueOf(item.event().event().id())));
        }
        return seen;
    }

    private static void assertInOrderPerContext(List<Integer> seen) {
        for (int context = 0; context < 7; context++) {
            int residue = context;
            List<Integer> own = seen.stream().filter(i -> i % 7 == residue).toList();
            for (int i = 0; i < own.size(); i++) {
                assertThat(own.get(i)).isEqualTo(residue + 7 * i);
            }
        }
    }

    @Test
    void aReaderThatDoesNotTakeIsCutOffAndCanComeBack() throws Exception {
        String last;
        try (Tail tail = tail(new Start.Next())) {
            publish("/seam/0", "0").get();
            last = String.valueOf(tail.next(WAIT).getFirst().position());
            // The first came from the log; with nothing more there, the tail is live.
            assertThat(tail.next(Duration.ofMillis(1))).isEmpty();
            List<CompletableFuture<List<Receipt>>> answers = new ArrayList<>();
            for (int i = 1; i < 20_000; i++) {
                answers.add(publish("/seam/" + i % 7, Integer.toString(i)));
            }
            answers.forEach(CompletableFuture::join);
            publish("/seam/0", "20000").get();
            MillraceException cut = null;
            while (cut == null) {
                cut = catchThrowableOfType(MillraceException.class, () -> tail.next(WAIT));
            }
            assertThat(cut.code()).isEqualTo(ErrorCode.SLOW_CONSUMER);
        }
        try (Tail again = tail(Start.parse(last))) {
            assertThat(take(again, 20_000)).doesNotHaveDuplicates().contains(20_000);
        }
    }

    @Test
    void theTreeOfContextsCountsWhatIsBelow() throws Exception {
        publish("/org/a/1", "1").get();
        publish("/org/a/2", "2").get();
        publish("/org/b", "3").get();
        ContextListing listing =
                broker.latest().children(Principal.LOCAL, Context.of("/org"), 100, null);
        assertThat(listing.children())
                .extracting(ContextListing.Child::name, ContextListing.Child::published)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", 2L),
                        org.assertj.core.groups.Tuple.tuple("b", 1L));
        StoredEvent latest = broker.latest().newest(Principal.LOCAL, Context.of("/org/b"));
        assertThat(latest).isNotNull().extracting(stored -> stored.event().id()).isEqualTo("3");
    }

    /// A tail that is still in history when a stream is created must give out its first events.
    @Test
    void aTailGivesOutAllOfAStreamThatWasCreatedAfterIt() throws Exception {
        publish("/org/a", "1").get();
        try (Tail tail =
                broker.tail(Principal.LOCAL, ContextPattern.of("/org/**"), new Start.First())) {
            createTickets();
            publish("/org/tickets/1", "2").get();
            publish("/org/tickets/1", "3").get();
            assertThat(ids(tail, 3)).containsExactly("1", "2", "3");
        }
    }

    /// Offsets begin anew then; they must not be taken for those that were given out before.
    @Test
    void aTailGivesOutAllOfAStreamThatWasDeletedAndCreatedAgain() throws Exception {
        createTickets();
        try (Tail tail =
                broker.tail(Principal.LOCAL, ContextPattern.of("/org/**"), new Start.Next())) {
            publish("/org/tickets/1", "1", "2").get();
            assertThat(ids(tail, 2)).containsExactly("1", "2");
            assertThat(tail.next(Duration.ofMillis(1))).isEmpty();
            broker.administration()
                    .delete(Principal.LOCAL, ResourceKind.STREAM, "tickets", Precondition.NONE);
            createTickets();
            publish("/org/tickets/1", "3").get();
            assertThat(ids(tail, 1)).containsExactly("3");
        }
    }

    /// Both wait in the tail's feed: each event's position is in the stream that it came from.
    @Test
    void positionsOfADeletedStreamSayNothingAboutTheNextOfItsName() throws Exception {
        ContextPattern pattern = ContextPattern.of("/org/**");
        createTickets();
        String position;
        try (Tail tail = broker.tail(Principal.LOCAL, pattern, new Start.Next())) {
            publish("/org/tickets/1", "1").get();
            assertThat(ids(tail, 1)).containsExactly("1");
            assertThat(tail.next(Duration.ofMillis(1))).isEmpty();
            publish("/org/tickets/1", "2").get();
            broker.administration()
                    .delete(Principal.LOCAL, ResourceKind.STREAM, "tickets", Precondition.NONE);
            createTickets();
            publish("/org/tickets/1", "3", "4", "5").get();
            List<Tail.Item> items = tail.next(WAIT);
            assertThat(items)
                    .extracting(item -> item.event().event().id())
                    .containsExactly("2", "3", "4", "5");
            position = String.valueOf(items.getFirst().position());
        }
        try (Tail again = broker.tail(Principal.LOCAL, pattern, Start.parse(position))) {
            assertThat(ids(again, 3)).containsExactly("3", "4", "5");
        }
    }

    private void createTickets() {
        broker.administration()
                .put(
                        Principal.LOCAL,
                        stream("tickets", "/org/tickets", Durability.SYNCED),
                        Precondition.NONE);
    }

    private static List<String> ids(Tail tail, int count) throws InterruptedException {
        List<String> ids = new ArrayList<>();
        while (ids.size() < count) {
            tail.next(WAIT).forEach(item -> ids.add(item.event().event().id()));
        }
        return ids;
    }

    @Test
    void aPositionWithATAtTheEleventhPlaceIsNoTime() {
        String position = "b:5.2;events:20.13.12.9";
        assertThat(Start.parse(position)).isInstanceOf(Start.Resume.class);
        assertThat(Start.parse("2026-03-01t12:00:00z")).isInstanceOf(Start.Since.class);
    }
}
