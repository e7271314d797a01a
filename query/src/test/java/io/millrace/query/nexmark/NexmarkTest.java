package io.millrace.query.nexmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.broker.Publication;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import io.millrace.house.Repository;
import io.millrace.house.SourceText;
import io.millrace.query.job.QueryRoom;
import io.millrace.query.job.Rows;
import io.millrace.resource.QueryInput;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The queries of the Nexmark benchmark over events in Millrace give what Flink gives that reads
/// the same events from files. `docs/internals/nexmark.md` says what each of them shows, and where
/// it differs from the benchmark's.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class NexmarkTest {
    private static final long SEED = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BATCH = 400;

    /// More than what events are out of order by: nothing is late on either side.
    private static final Duration DELAY = Duration.ofSeconds(4);

    private static final Map<String, QueryInput> INPUTS =
            Map.of(
                    "person",
                    input(
                            "person",
                            "id BIGINT, name STRING, email STRING, city STRING, state STRING, extra STRING"),
                    "auction",
                    input(
                            "auction",
                            "id BIGINT, item STRING, description STRING, initial_bid BIGINT, reserve BIGINT, "
                                    + "expires TIMESTAMP_LTZ(3), seller BIGINT, category BIGINT, extra STRING"),
                    "bid",
                    input(
                            "bid",
                            "auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, extra STRING"));

    @SuppressWarnings("NullAway.Init") // opened before the tests
    private QueryRoom room;

    @SuppressWarnings("NullAway.Init") // opened before the tests
    private FlinkOnFiles flink;

    private static QueryInput input(String type, String fields) {
        Map<String, String> schema = new LinkedHashMap<>();
        for (String field : fields.split(", ", -1)) {
            schema.put(
                    field.substring(0, field.indexOf(' ')),
                    field.substring(field.indexOf(' ') + 1));
        }
        return new QueryInput(ContextPattern.of("/nexmark/**"), null, List.of(type), null, schema);
    }

    static List<String> queries() {
        return IntStream.rangeClosed(0, 22).mapToObj(number -> "q" + number).toList();
    }

    private static String sql(String query) {
        try (InputStream text =
                NexmarkTest.class.getResourceAsStream("/nexmark/" + query + ".sql")) {
            return new String(
                    Objects.requireNonNull(text, query).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeAll
    void open(@TempDir Path data, @TempDir Path files) throws Exception {
        room = new QueryRoom(data);
        List<AuctionHouse.Happening> events = new AuctionHouse(SEED).events();
        List<Publication> batch = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            batch.add(publication(i, events.get(i)));
            if (batch.size() == BATCH || i == events.size() - 1) {
                room.publish(batch);
                batch.clear();
            }
        }
        flink = new FlinkOnFiles(files, events);
    }

    private static Publication publication(int number, AuctionHouse.Happening happening) {
        return new Publication(
                "/nexmark/%s/%d".formatted(happening.type(), happening.place()),
                Event.builder()
                        .id("n" + number)
                        .source("/auction-house")
                        .type(happening.type())
                        .time(Timestamp.of(happening.time()))
                        .dataContentType("application/json")
                        .data(Bytes.utf8("{" + happening.fields() + "}"))
                        .build());
    }

    @AfterAll
    void close() throws Exception {
        room.close();
        flink.close();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void theQueryGivesWhatFlinkGivesOverFiles(String query) throws Exception {
        Rows rows = room.run(sql(query), INPUTS, DELAY);
        List<List<String>> expected = flink.rows(sql(query));
        assertThat(expected).as("seed %d", SEED).isNotEmpty();
        assertThat(rows.left()).as("seed %d", SEED).containsExactlyInAnyOrderElementsOf(expected);
    }

    /// The benchmark's q10 writes a folder of files for each minute.
    @Test
    void bidsGoToAContextOfTheirMinute() throws Exception {
        room.apply(
                """
                kind: Query
                name: minutes
                inputs:
                  bid:
                    pattern: "/nexmark/**"
                    types: [bid]
                    schema: {auction: BIGINT, bidder: BIGINT, price: BIGINT, extra: STRING}
                sql: >
                  %s
                output: {context: "/minutes/{dt}/{hm}", type: bid, subject: "{auction}"}
                start: earliest
                eventTime: {delay: 4s}
                """
                        .formatted(sql("q10").strip().replace("\n", "\n  ")));
        List<String> expected =
                flink.rows(sql("q10")).stream()
                        .map(row ->
                                "/minutes/%s/%s %s".formatted(row.get(5), row.get(6), row.get(2)))
                        .toList();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(
                                        room.stored("events", "/minutes/**").stream()
                                                .map(NexmarkTest::contextAndPrice)
                                                .toList())
                                .hasSameSizeAs(expected));
        assertThat(
                        room.stored("events", "/minutes/**").stream()
                                .map(NexmarkTest::contextAndPrice)
                                .toList())
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(room.status("minutes").counts().late()).isZero();
    }

    private static String contextAndPrice(StoredEvent stored) {
        String data = Objects.requireNonNull(stored.event().data()).toUtf8();
        return stored.context() + " " + data.replaceAll(".*\"price\":(\\d+).*", "$1");
    }

    /// The benchmark's q12 has windows by the clock.
    @Test
    void windowsByTheClockAreRefused() {
        assertThatThrownBy(() ->
                        room.run(
                                """
                                CREATE TEMPORARY VIEW clocked AS SELECT *, PROCTIME() AS p FROM bid;
                                SELECT bidder, COUNT(*) AS bids
                                FROM TABLE(TUMBLE(TABLE clocked, DESCRIPTOR(p), INTERVAL '10' SECOND))
                                GROUP BY bidder, window_start, window_end
                                """,
                                INPUTS,
                                DELAY))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("event_time");
    }

    @Test
    void thePageHasEveryQuery() {
        SourceText page =
                Objects.requireNonNull(Repository.here().file("docs/internals/nexmark.md"));
        for (String query : queries()) {
            assertThat(page.lines()).anyMatch(line -> line.startsWith("| " + query + " |"));
        }
    }
}
