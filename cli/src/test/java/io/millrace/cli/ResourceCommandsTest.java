package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `streams`, `get`, `apply` and `delete`.
class ResourceCommandsTest {
    private static final String TICKETS =
            "{\"kind\":\"Stream\",\"name\":\"tickets\",\"mount\":\"/tickets\","
                    + "\"retention\":{\"time\":\"7d\"},\"partitions\":4}";

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void streamsAreATable() {
        String status =
                "{\"time\":\"2026-03-01T12:00:00Z\",\"streams\":["
                        + "{\"name\":\"events\",\"mount\":\"/\",\"durability\":\"synced\",\"events\":20560,"
                        + "\"bytes\":12345678,\"partitions\":["
                        + "{\"partition\":0,\"state\":\"open\"},"
                        + "{\"partition\":1,\"state\":\"failed\",\"reason\":\"disk full\"}]}]}";
        server.on("/api/v1/status", FakeServer.json(200, status));
        assertThat(CommandRun.at(server).run("streams").out())
                .isEqualTo(
                        """
                        NAME    MOUNT  PARTITIONS  EVENTS      SIZE  DURABILITY  STATE
                        events  /               2  20,560  11.8 MiB  synced      partition 1 failed: disk full
                        """);
        assertThat(CommandRun.at(server).run("streams", "--output", "json").out())
                .isEqualTo(status + "\n");
    }

    @Test
    void getShowsOneOrAll() {
        server.on(
                "/api/v1/streams/tickets",
                FakeServer.answer(200, "application/json", TICKETS, Map.of("ETag", "\"5\"")));
        server.on("/api/v1/streams", FakeServer.json(200, "{\"items\":[" + TICKETS + "]}"));
        assertThat(CommandRun.at(server).run("get", "stream", "tickets").out())
                .isEqualTo(
                        """
                        FIELD           VALUE
                        kind            Stream
                        name            tickets
                        mount           /tickets
                        retention.time  7d
                        partitions      4
                        (etag)          "5"
                        """);
        assertThat(CommandRun.at(server).run("get", "streams").out())
                .contains("tickets  /tickets  retention {\"time\":\"7d\"}, partitions 4");
        assertThat(CommandRun.at(server).run("get", "stream", "tickets", "--output", "json").out())
                .isEqualTo(TICKETS + "\n");
        server.on(
                "/api/v1/streams/tickets",
                FakeServer.answer(
                        200, "application/yaml", "kind: Stream\nname: tickets\n", Map.of()));
        assertThat(CommandRun.at(server).run("get", "stream", "tickets", "--output", "yaml").out())
                .isEqualTo("kind: Stream\nname: tickets\n");
        assertThat(server.lastRequest().headers()).containsEntry("accept", "application/yaml");
    }

    @Test
    void applySendsAllDocumentsAtOnceAndShowsWhatChanges(@TempDir Path folder) throws IOException {
        answerApply();
        Files.writeString(folder.resolve("a.yaml"), "kind: Stream\nname: tickets");
        Files.writeString(folder.resolve("b.json"), "[{\"name\":\"b\"},\n {\"name\":\"c\"}]");
        CommandRun run =
                CommandRun.at(server)
                        .folder(folder)
                        .input("---\nname: d\n")
                        .run("apply", "-f", "a.yaml", "-f", "b.json", "-f", "-", "--dry-run");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .isEqualTo(
                        """
                        Stream tickets changed (dry run)
                          - retention.time: 7d
                          + retention.time: 14d
                          + description: x
                        Stream b unchanged (dry run)
                        """);
        assertThat(server.lastRequest().query()).isEqualTo("dryRun=true");
        assertThat(server.lastRequest().headers())
                .containsEntry("content-type", "application/yaml");
        assertThat(server.lastRequest().text())
                .isEqualTo(
                        """
                        kind: Stream
                        name: tickets
                        ---
                        {"name":"b"}
                        ---
                        {"name":"c"}
                        ---
                        name: d
                        """);
        CommandRun one =
                CommandRun.at(server)
                        .folder(folder)
                        .terminals(true, true, true)
                        .run("apply", "-f", "b.json");
        assertThat(server.lastRequest().headers())
                .containsEntry("content-type", "application/json");
        assertThat(server.lastRequest().query()).isEqualTo("null");
        assertThat(one.out()).contains("\u001b[31m  - retention.time: 7d", "\u001b[32m  + ");
    }

    private void answerApply() {
        server.on(
                "/api/v1/apply",
                FakeServer.json(
                        200,
                        "{\"dryRun\":true,\"results\":["
                                + "{\"kind\":\"Stream\",\"name\":\"tickets\",\"outcome\":\"changed\","
                                + "\"changes\":[{\"path\":\"retention.time\",\"before\":\"7d\",\"after\":\"14d\"},"
                                + "{\"path\":\"description\",\"after\":\"x\"}]},"
                                + "{\"kind\":\"Stream\",\"name\":\"b\",\"outcome\":\"unchanged\",\"changes\":[]}]}"));
    }

    @Test
    void deleteAsksOnATerminal() {
        server.on(
                "/api/v1/streams/tickets",
                FakeServer.answer(204, "application/json", "", Map.of()));
        CommandRun no =
                CommandRun.at(server)
                        .terminals(true, true, true)
                        .input("n\n")
                        .run("delete", "stream", "tickets");
        assertThat(no.exitCode()).isEqualTo(1);
        assertThat(no.err()).contains("all its events? [y/N]", "Nothing was deleted");
        assertThat(server.requests()).isEmpty();
        CommandRun yes =
                CommandRun.at(server)
                        .terminals(true, true, true)
                        .input("Yes\n")
                        .run("delete", "stream", "tickets");
        assertThat(yes.exitCode()).isZero();
        assertThat(yes.out()).isEqualTo("Stream tickets deleted\n");
        assertThat(server.lastRequest().method()).isEqualTo("DELETE");
    }

    @Test
    void deleteWithoutATerminalNeedsYes() {
        server.on(
                "/api/v1/streams/tickets",
                FakeServer.answer(204, "application/json", "", Map.of()));
        CommandRun run = CommandRun.at(server).input("y\n").run("delete", "stream", "tickets");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--yes");
        assertThat(server.requests()).isEmpty();
        CommandRun yes =
                CommandRun.at(server)
                        .run(
                                "delete",
                                "stream",
                                "tickets",
                                "--yes",
                                "--if-match",
                                "\"5\"",
                                "--output",
                                "json");
        assertThat(yes.out())
                .isEqualTo("{\"kind\":\"Stream\",\"name\":\"tickets\",\"outcome\":\"deleted\"}\n");
        assertThat(server.lastRequest().headers()).containsEntry("if-match", "\"5\"");
    }

    @Test
    void everyKindIsShownAndDeleted() {
        for (String kind : new String[] {"Queue", "Subscription", "Schedule"}) {
            String noun = kind.toLowerCase(Locale.ROOT);
            String document =
                    "{\"kind\":\"%s\",\"name\":\"a\",\"pattern\":\"/x\",\"lease\":\"1m\"}"
                            .formatted(kind);
            server.on("/api/v1/" + noun + "s/a", FakeServer.json(200, document));
            server.on(
                    "/api/v1/" + noun + "s",
                    FakeServer.json(200, "{\"items\":[" + document + "]}"));
            assertThat(CommandRun.at(server).run("get", noun, "a").out()).contains("lease");
            assertThat(CommandRun.at(server).run("get", noun + "s").out())
                    .contains("NAME", "lease 1m")
                    .doesNotContain("MOUNT");
            CommandRun deleted = CommandRun.at(server).run("delete", noun, "a", "--yes");
            assertThat(deleted.out()).isEqualTo(kind + " a deleted\n");
            assertThat(server.lastRequest().method()).isEqualTo("DELETE");
            CommandRun asked = CommandRun.at(server).run("delete", noun, "a");
            assertThat(asked.err()).contains("This deletes the " + noun + " a");
        }
        assertThat(CommandRun.at(server).run("get", "subscriptions").out()).contains("PATTERN");
    }
}
