package io.millrace.connect.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.broker.Broker;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.view.ViewFeed;
import io.millrace.broker.view.ViewStatus;
import io.millrace.config.DocumentReader;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReader;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Views that are copied to a real PostgreSQL, which is lost and comes back.
@Tag("slow")
class PostgresCopyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TABLE = "\"Ta;ble\"\"s\"";

    @TempDir Path folder;
    private @Nullable LocalPostgres postgres;
    private @Nullable Broker broker;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        String missing = LocalPostgres.missing();
        assumeTrue(missing == null, () -> "PostgreSQL is not tried: " + missing);
        Path place = java.nio.file.Files.createTempDirectory("millrace-postgres");
        postgres = new LocalPostgres(place);
        start();
    }

    private void start() throws IOException {
        broker =
                new Broker(
                        folder.resolve("data"),
                        BrokerConfig.forProcessors(1),
                        new OpenGuard(),
                        new Broker.Ground(
                                new FileDisk(),
                                Clock.system(),
                                new AgentThreads(),
                                null,
                                null,
                                new PostgresTables()));
    }

    @AfterEach
    void close() throws IOException {
        if (broker != null) {
            broker.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    private Broker broker() {
        return Objects.requireNonNull(broker);
    }

    private LocalPostgres postgres() {
        return Objects.requireNonNull(postgres);
    }

    private void apply(String yaml) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        var documents =
                new ResourceReader().read(Bytes.utf8(yaml), DocumentReader.Format.YAML, problems);
        problems.throwIfAny();
        broker().administration().apply(Principal.LOCAL, documents, false);
    }

    private void copied(String password) {
        apply(
                """
                kind: View
                name: prices
                copyTo: {url: "%s", table: 'Ta;ble"s', user: millrace, password: "%s", ssl: disable}
                """
                        .formatted(postgres().url(), password));
    }

    private ViewFeed feed() {
        return broker().views().feed("prices", "a test");
    }

    private void put(String key, String value) {
        feed().upsert(key, Bytes.utf8(value), 1_700_000_000_000L);
    }

    private ViewStatus.Copy copy() {
        return Objects.requireNonNull(broker().views().status(Principal.LOCAL, "prices").copy());
    }

    private TreeMap<String, String> rows() throws SQLException {
        return postgres().rows("SELECT key, value ->> 'n' FROM " + TABLE);
    }

    private void awaitRows(Map<String, String> expected) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(rows()).as(copy().toString()).isEqualTo(expected));
    }

    @Test
    void aViewIsCopiedAndFollowed() throws SQLException {
        copied("x");
        put("a", "{\"n\":1}");
        put("b", "{\"n\":2}");
        put("it's \"ü", "{\"n\":3}");
        awaitRows(Map.of("a", "1", "b", "2", "it's \"ü", "3"));
        put("a", "{\"n\":4}");
        feed().delete("b", 1);
        // The database has no such text; the others go on, and the old row does not stay.
        put("it's \"ü", "{\"n\":\"\\u0000\"}");
        put("c", "{\"n\":5}");
        awaitRows(Map.of("a", "4", "c", "5"));
        await().atMost(PATIENCE).until(() -> copy().current() && copy().problem() == null);
        assertThat(
                        postgres()
                                .rows(
                                        "SELECT key, extract(epoch FROM updated)::bigint::text FROM "
                                                + TABLE))
                .containsEntry("a", "1700000000");
    }

    @Test
    void aLostConnectionIsMadeAnew() throws Exception {
        copied("x");
        put("a", "{\"n\":1}");
        put("b", "{\"n\":2}");
        awaitRows(Map.of("a", "1", "b", "2"));
        postgres()
                .execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'Millrace'");
        put("a", "{\"n\":3}");
        awaitRows(Map.of("a", "3", "b", "2"));
        postgres().crash();
        put("a", "{\"n\":4}");
        put("c", "{\"n\":5}");
        feed().delete("b", 1);
        await().atMost(PATIENCE).until(() -> copy().problem() != null && !copy().current());
        postgres().start();
        awaitRows(Map.of("a", "4", "c", "5"));
        await().atMost(PATIENCE).until(() -> copy().current() && copy().problem() == null);
    }

    @Test
    void afterARestartTheTwoAreTheSame() throws Exception {
        copied("x");
        for (int i = 0; i < 1_200; i++) {
            put("k" + i, "{\"n\":1}");
        }
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(rows()).as(copy().toString()).hasSize(1_200));
        broker().close();
        postgres().execute("DELETE FROM %s WHERE key = 'k7'".formatted(TABLE));
        postgres()
                .execute("INSERT INTO %s VALUES ('stranger', '{\"n\":9}', now())".formatted(TABLE));
        start();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(rows())
                                .hasSize(1_200)
                                .containsKey("k7")
                                .doesNotContainKey("stranger"));
    }

    @Test
    void whatIsWrongIsSaid() throws SQLException {
        postgres().execute("CREATE TABLE other (id int)");
        copied("top secret");
        String document =
                broker().administration()
                        .get(Principal.LOCAL, ResourceKind.VIEW, "prices")
                        .toJson()
                        .toString();
        assertThat(document).contains("\"password\":\"***\"").doesNotContain("top secret");
        assertThatThrownBy(() ->
                        apply(
                                """
                                kind: View
                                name: prices
                                copyTo: {url: "postgresql://elsewhere/db", table: t, user: millrace, password: "***"}
                                """))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("copyTo.password");
        assertThatThrownBy(() ->
                        apply(
                                "{kind: View, name: v, copyTo: {url: 'postgresql://h/d?a=x',"
                                        + " table: t, user: u}}"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("copyTo.url");
        assertThatThrownBy(() ->
                        apply(
                                "{kind: View, name: v, copyTo: {url: 'postgresql://h/d',"
                                        + " table: a.b.c, user: u}}"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("copyTo.table");
        apply(
                """
                kind: View
                name: prices
                copyTo: {url: "%s", table: other, user: millrace, password: "***", ssl: disable}
                """
                        .formatted(postgres().url()));
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(String.valueOf(copy().problem()))
                                .contains("column \"key\" does not exist"));
    }
}
