package io.millrace.broker.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.millrace.broker.Broker;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Precondition;
import io.millrace.broker.Publication;
import io.millrace.broker.PublishReply;
import io.millrace.config.DocumentReader;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.format.JsonFormat;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReader;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import io.millrace.view.ViewChange;
import io.millrace.view.ViewEntry;
import io.millrace.view.ViewFollower;
import io.millrace.view.ViewOrigin;
import io.millrace.view.ViewPage;
import io.millrace.view.ViewRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ViewTest {
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final ViewQuery EVERYTHING =
            new ViewQuery(ViewRange.ALL, null, 1_000, List.of());

    private static final String ROOMS =
            """
            {"from": {"pattern": "/org/**", "types": ["climate"]}, "key": "{context}"}
            """;

    @TempDir Path data;
    @TempDir Path copies;
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

    private void put(ResourceKind kind, String name, String document) {
        broker.administration()
                .put(
                        Principal.LOCAL,
                        new ResourceReader()
                                .readOne(
                                        Bytes.utf8(document),
                                        DocumentReader.Format.JSON,
                                        kind.word(),
                                        name),
                        Precondition.NONE);
    }

    private void view(String name, String document) {
        put(ResourceKind.VIEW, name, document);
    }

    private Views views() {
        return broker.views();
    }

    private void publish(String context, String id, @Nullable String json) {
        var event = Event.builder().id(id).source("/test").type("climate");
        if (json != null) {
            event.dataContentType("application/json").data(Bytes.utf8(json));
        }
        CompletableFuture<List<Receipt>> answer = new CompletableFuture<>();
        broker.publish(
                Principal.LOCAL,
                List.of(new Publication(context, event.build())),
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
        answer.join();
    }

    private @Nullable String value(String view, String key) {
        ViewEntry entry = views().get(Principal.LOCAL, view, key);
        if (entry == null) {
            return null;
        }
        Bytes data = new JsonFormat().read(entry.value()).data();
        return data == null ? null : data.toUtf8();
    }

    /// Something that has to be there.
    private static <T> T there(@Nullable T value) {
        return java.util.Objects.requireNonNull(value);
    }

    private ViewEntry entry(String view, String key) {
        return there(views().get(Principal.LOCAL, view, key));
    }

    private void awaitValue(String view, String key, @Nullable String value) {
        await().atMost(WAIT).until(() -> java.util.Objects.equals(value(view, key), value));
    }

    private ViewStatus status(String view) {
        return views().status(Principal.LOCAL, view);
    }

    private void awaitCurrent(String view) {
        await().atMost(WAIT)
                .until(() ->
                        status(view).state() == ViewStatus.State.CURRENT
                                && status(view).lagEvents() == 0);
    }

    private List<String> keys(String view, ViewQuery query) {
        return views().list(Principal.LOCAL, view, query).items().stream()
                .map(ViewEntry::key)
                .toList();
    }

    @Test
    void itHoldsTheLatestOfHistoryAndOfWhatComes() {
        publish("/org/a", "1", "{\"t\":1}");
        publish("/org/a", "2", "{\"t\":2}");
        publish("/elsewhere", "3", "{\"t\":3}");
        view("rooms", ROOMS);
        awaitValue("rooms", "/org/a", "{\"t\":2}");
        publish("/org/a", "4", "{\"t\":4}");
        publish("/org/b", "5", "{\"t\":5}");
        awaitValue("rooms", "/org/b", "{\"t\":5}");
        awaitValue("rooms", "/org/a", "{\"t\":4}");
        assertThat(keys("rooms", EVERYTHING)).containsExactly("/org/a", "/org/b");
        ViewOrigin origin = there(entry("rooms", "/org/a").origin());
        assertThat(origin.context()).isEqualTo("/org/a");
        assertThat(origin.stream()).isEqualTo("events");
    }

    @Test
    void anEventWithoutDataRemovesTheKey() {
        view("rooms", ROOMS);
        publish("/org/a", "1", "{\"t\":1}");
        awaitValue("rooms", "/org/a", "{\"t\":1}");
        publish("/org/a", "2", null);
        awaitValue("rooms", "/org/a", null);
    }

    @Test
    void keysAreMadeOfPartsAndWhatLacksOneIsCounted() throws Exception {
        view(
                "skus",
                """
                {"from": {"stream": "events"}, "key": "{segment.shop}/{data.item.sku}"}
                """);
        publish("/org/shop/4/sales", "1", "{\"item\":{\"sku\":17}}");
        publish("/org/shop", "2", "{\"item\":{\"sku\":18}}");
        publish("/org/shop/4", "3", "{\"item\":{}}");
        awaitValue("skus", "4/17", "{\"item\":{\"sku\":17}}");
        await().atMost(WAIT).until(() -> status("skus").skipped() == 2);
        reopen();
        awaitCurrent("skus");
        assertThat(status("skus").skipped()).isEqualTo(2);
        assertThat(keys("skus", EVERYTHING)).containsExactly("4/17");
    }

    @Test
    void itGoesOnAfterAnotherStartWithWhatCameMeanwhile() throws Exception {
        view("rooms", ROOMS);
        publish("/org/a", "1", "{\"t\":1}");
        awaitValue("rooms", "/org/a", "{\"t\":1}");
        reopen();
        assertThat(value("rooms", "/org/a")).isEqualTo("{\"t\":1}");
        publish("/org/a", "2", "{\"t\":2}");
        awaitValue("rooms", "/org/a", "{\"t\":2}");
        assertThat(status("rooms").updates()).isEqualTo(1);
    }

    @Test
    void aStreamThatComesLaterIsReadToo() {
        view("rooms", ROOMS);
        put(ResourceKind.STREAM, "deep", "{\"mount\":\"/org/deep\",\"partitions\":2}");
        publish("/org/deep/a", "1", "{\"t\":1}");
        awaitValue("rooms", "/org/deep/a", "{\"t\":1}");
    }

    @Test
    void anotherKeyMakesItAnewWhileTheOldOneIsRead() throws Exception {
        publish("/org/a", "1", "{\"t\":1}");
        view("rooms", ROOMS);
        awaitValue("rooms", "/org/a", "{\"t\":1}");
        awaitCurrent("rooms");
        try (ViewFollower follower =
                views().follow(Principal.LOCAL, "rooms", ViewRange.ALL, List.of())) {
            assertThat(follower.next(10, WAIT)).extracting(ViewChange::key).contains("/org/a");
            view("rooms", ROOMS.replace("{context}", "{id}"));
            awaitValue("rooms", "1", "{\"t\":1}");
            assertThat(keys("rooms", EVERYTHING)).containsExactly("1");
            List<ViewChange> changes = new ArrayList<>();
            while (changes.size() < 2) {
                changes.addAll(follower.next(10, WAIT));
            }
            assertThat(changes.get(0).entry()).isNull();
            assertThat(changes).extracting(ViewChange::key).containsExactly("/org/a", "1");
        }
        reopen();
        awaitCurrent("rooms");
        assertThat(keys("rooms", EVERYTHING)).containsExactly("1");
        try (var files = Files.walk(data.resolve("views"))) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(1);
        }
    }

    @Test
    void deletingItDeletesItsFilesAndEndsWhoFollows() throws Exception {
        view("rooms", ROOMS);
        awaitCurrent("rooms");
        try (ViewFollower follower =
                views().follow(Principal.LOCAL, "rooms", ViewRange.ALL, List.of())) {
            broker.administration()
                    .delete(Principal.LOCAL, ResourceKind.VIEW, "rooms", Precondition.NONE);
            assertThat(
                            catchThrowableOfType(
                                            MillraceException.class, () -> follower.next(10, WAIT))
                                    .code())
                    .isEqualTo(ErrorCode.VIEW_NOT_FOUND);
        }
        try (var files = Files.list(data.resolve("views"))) {
            assertThat(files).isEmpty();
        }
        assertThatThrownBy(() -> value("rooms", "a")).hasMessageContaining("no view rooms");
    }

    @Test
    void aFollowerHearsWhatIsThereAndThenTheLatestOfEachChange() throws Exception {
        view("rows", "{}");
        ViewFeed feed = views().feed("rows", "averages");
        feed.upsert("a", Bytes.utf8("{\"n\":1}"), 1);
        feed.upsert("c", Bytes.utf8("{\"n\":1}"), 1);
        ViewRange range = new ViewRange(null, "a", "c");
        try (ViewFollower follower =
                views().follow(Principal.LOCAL, "rows", range, List.of("n=1"))) {
            assertThat(follower.next(10, WAIT)).extracting(ViewChange::key).containsExactly("a");
            assertThat(follower.isLive()).isTrue();
            feed.upsert("b", Bytes.utf8("{\"n\":0}"), 2);
            feed.upsert("b", Bytes.utf8("{\"n\":1}"), 3);
            feed.upsert("a", Bytes.utf8("{\"n\":1}"), 4);
            feed.upsert("c", Bytes.utf8("{\"n\":5}"), 4);
            assertThat(follower.next(10, WAIT))
                    .extracting(ViewChange::key, ViewChange::millis)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple("b", 3L));
            feed.upsert("b", Bytes.utf8("{\"n\":2}"), 5);
            assertThat(follower.next(10, WAIT))
                    .extracting(ViewChange::entry)
                    .containsOnlyNulls()
                    .hasSize(1);
            assertThat(follower.next(10, Duration.ZERO)).isEmpty();
        }
        assertThat(status("rows").followers()).isZero();
        assertThat(status("rows").query()).isEqualTo("averages");
    }

    @Test
    void aSlowFollowerIsCutOff() throws Exception {
        view("rows", "{}");
        ViewFeed feed = views().feed("rows");
        try (ViewFollower follower =
                views().follow(Principal.LOCAL, "rows", ViewRange.ALL, List.of())) {
            for (int i = 0; i < 70_000; i++) {
                feed.upsert(Integer.toString(i), Bytes.utf8("{}"), 1);
            }
            assertThat(
                            catchThrowableOfType(
                                            MillraceException.class, () -> follower.next(10, WAIT))
                                    .code())
                    .isEqualTo(ErrorCode.SLOW_CONSUMER);
        }
    }

    @Test
    void theSameRowAgainChangesNothing() {
        view("rows", "{}");
        ViewFeed feed = views().feed("rows");
        feed.upsert("a", Bytes.utf8("{\"n\":1}"), 1);
        String etag = entry("rows", "a").etag();
        feed.upsert("a", Bytes.utf8("{\"n\":1}"), 2);
        feed.delete("b", 3);
        ViewEntry entry = entry("rows", "a");
        assertThat(entry.etag()).isEqualTo(etag);
        assertThat(entry.updatedMillis()).isEqualTo(1);
        assertThat(status("rows").updates()).isEqualTo(1);
        feed.upsert("a", Bytes.utf8("{\"n\":2}"), 4);
        assertThat(entry("rows", "a").etag()).isNotEqualTo(etag);
    }

    @Test
    void whatIsFlushedSurvivesTheProcess() throws Exception {
        view("rows", "{}");
        ViewFeed feed = views().feed("rows");
        feed.upsert("a", Bytes.utf8("{\"n\":1}"), 1);
        feed.flush();
        Path file;
        try (var files = Files.walk(data.resolve("views"))) {
            file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        Path crashed = Files.copy(file, copies.resolve("1.view"));
        try (var store = io.millrace.view.MvViewStore.open(crashed)) {
            assertThat(there(store.get("a")).value().toUtf8()).isEqualTo("{\"n\":1}");
        }
    }

    @Test
    void pagesFollowEachOtherAndFiltersLookAtRows() {
        view("rows", "{}");
        ViewFeed feed = views().feed("rows");
        IntStream.range(0, 100)
                .forEach(i ->
                        feed.upsert(
                                "k%02d".formatted(i),
                                Bytes.utf8("{\"n\":%d,\"o\":{\"t\":\"x\"}}".formatted(i % 2)),
                                i));
        ViewRange k = new ViewRange("k", null, "k90");
        List<String> all = new ArrayList<>();
        String after = null;
        do {
            ViewPage page =
                    views().list(
                                    Principal.LOCAL,
                                    "rows",
                                    new ViewQuery(k, after, 7, List.of("n=1", "o.t=x")));
            page.items().forEach(entry -> all.add(entry.key()));
            after = page.next();
        } while (after != null);
        assertThat(all).hasSize(45).startsWith("k01", "k03").endsWith("k89").isSorted();
        assertThat(
                        keys(
                                "rows",
                                new ViewQuery(
                                        new ViewRange("k1", "k15", null), "k17", 1_000, List.of())))
                .containsExactly("k18", "k19");
    }

    @Test
    void eventsAreFilteredByExpressions() {
        view("rooms", ROOMS);
        publish("/org/a", "1", "{\"t\":1}");
        publish("/org/b", "2", "{\"t\":2}");
        awaitValue("rooms", "/org/b", "{\"t\":2}");
        awaitValue("rooms", "/org/a", "{\"t\":1}");
        assertThat(keys("rooms", new ViewQuery(ViewRange.ALL, null, 10, List.of("id = '2'"))))
                .containsExactly("/org/b");
        assertThatThrownBy(() ->
                        keys("rooms", new ViewQuery(ViewRange.ALL, null, 10, List.of("id ="))))
                .isInstanceOf(MillraceException.class);
    }

    @Test
    void waitingEndsWithTheChange() throws Exception {
        view("rows", "{}");
        ViewFeed feed = views().feed("rows");
        CompletableFuture<@Nullable ViewEntry> waiting =
                CompletableFuture.supplyAsync(() -> waitFor(null));
        feed.upsert("a", Bytes.utf8("{\"n\":1}"), 1);
        ViewEntry first = there(waiting.get());
        assertThat(first.value().toUtf8()).isEqualTo("{\"n\":1}");
        CompletableFuture<@Nullable ViewEntry> again =
                CompletableFuture.supplyAsync(() -> waitFor(first.etag()));
        feed.upsert("b", Bytes.utf8("{\"n\":2}"), 1);
        feed.upsert("a", Bytes.utf8("{\"n\":2}"), 1);
        assertThat(there(again.get()).value().toUtf8()).isEqualTo("{\"n\":2}");
        assertThat(
                        views().waitForChange(
                                        Principal.LOCAL,
                                        "rows",
                                        "a",
                                        there(again.get()).etag(),
                                        Duration.ofMillis(10)))
                .isEqualTo(again.get());
    }

    private @Nullable ViewEntry waitFor(@Nullable String etag) {
        try {
            return views().waitForChange(Principal.LOCAL, "rows", "a", etag, WAIT);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void thePastIsComputedFromTheLog() throws Exception {
        view("rooms", ROOMS);
        publish("/org/a", "1", "{\"t\":1}");
        awaitValue("rooms", "/org/a", "{\"t\":1}");
        long first = entry("rooms", "/org/a").updatedMillis();
        await().until(() -> System.currentTimeMillis() > first + 2);
        publish("/org/a", "2", "{\"t\":2}");
        awaitValue("rooms", "/org/a", "{\"t\":2}");
        ViewEntry then =
                views().asOf(Principal.LOCAL, "rooms", "/org/a", Instant.ofEpochMilli(first + 1));
        assertThat(there(then).value().toUtf8()).contains("\"id\":\"1\"");
        assertThat(
                        views().asOf(
                                        Principal.LOCAL,
                                        "rooms",
                                        "/org/a",
                                        Instant.ofEpochMilli(first - 1)))
                .isNull();
        assertThat(views().asOf(Principal.LOCAL, "rooms", "/org/a", Instant.now()))
                .isEqualTo(entry("rooms", "/org/a"));
    }

    @Test
    void thePastOfRowsIsForTheQueryToTell() {
        view("rows", "{}");
        Instant time = Instant.EPOCH;
        assertThat(
                        catchThrowableOfType(
                                        MillraceException.class,
                                        () -> views().asOf(Principal.LOCAL, "rows", "a", time))
                                .code())
                .isEqualTo(ErrorCode.VIEW_PAST_UNKNOWN);
        views().computePast((_, key, _) -> new ViewEntry(key, Bytes.utf8("{}"), 0, null));
        assertThat(there(views().asOf(Principal.LOCAL, "rows", "a", time)).key()).isEqualTo("a");
    }

    @Test
    void aViewOfAStreamTakesNoRowsAndAStreamThatFeedsOneStays() {
        put(ResourceKind.STREAM, "deep", "{\"mount\":\"/org/deep\"}");
        view("rooms", "{\"from\":{\"stream\":\"deep\"},\"key\":\"{id}\"}");
        assertThatThrownBy(() -> views().feed("rooms")).hasMessageContaining("has a from");
        assertThatThrownBy(() ->
                        broker.administration()
                                .delete(
                                        Principal.LOCAL,
                                        ResourceKind.STREAM,
                                        "deep",
                                        Precondition.NONE))
                .hasMessageContaining("the view rooms needs it");
        assertThatThrownBy(() -> view("bad", "{\"from\":{\"stream\":\"nope\"},\"key\":\"{id}\"}"))
                .hasMessageContaining("no stream nope");
    }
}
