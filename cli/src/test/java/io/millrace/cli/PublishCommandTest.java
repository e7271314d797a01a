package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `millrace publish` against a server that takes what it gets.
class PublishCommandTest {
    private final FakeServer server = new FakeServer();

    @BeforeEach
    void takesEverything() {
        server.on(
                "/events",
                FakeServer.json(202, "{\"stream\":\"events\",\"partition\":3,\"offset\":42}"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void attributesTravelAsHeadersAndDataAsItIs() {
        CommandRun run =
                CommandRun.at(server)
                        .run(
                                "publish",
                                "/org/größe/room 4",
                                "--type",
                                "reading",
                                "--id",
                                "50% \"x\"",
                                "--subject",
                                "€",
                                "--time",
                                "2026-03-01T12:00:00.1234567890+01:00",
                                "--data",
                                "{\"celsius\": 20.50 }",
                                "-e",
                                "priority=high",
                                "--extension",
                                "comexample=1=2");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .isEqualTo("published 50% \"x\" to stream events, partition 3, offset 42\n");
        FakeServer.Request request = server.lastRequest();
        assertThat(request.path()).isEqualTo("/events/org/gr%C3%B6%C3%9Fe/room%204");
        assertThat(request.text()).isEqualTo("{\"celsius\": 20.50 }");
        assertThat(request.headers())
                .containsEntry("ce-specversion", "1.0")
                .containsEntry("ce-id", "50%25%20%22x%22")
                .containsEntry("ce-source", "/org/gr%25C3%25B6%25C3%259Fe/room%25204")
                .containsEntry("ce-type", "reading")
                .containsEntry("ce-subject", "%E2%82%AC")
                .containsEntry("ce-time", "2026-03-01T12:00:00.1234567890+01:00")
                .containsEntry("ce-priority", "high")
                .containsEntry("ce-comexample", "1=2")
                .containsEntry("content-type", "application/json");
    }

    @Test
    void jsonOutputIsTheServersAnswer() {
        CommandRun run =
                CommandRun.at(server).run("publish", "/a", "--type", "t", "--output", "json");
        assertThat(run.out()).isEqualTo("{\"stream\":\"events\",\"partition\":3,\"offset\":42}\n");
        assertThat(server.lastRequest().headers().get("ce-id")).hasSize(36);
    }

    @Test
    void noDataIsNotEmptyData() {
        CommandRun.at(server).run("publish", "/a", "--type", "t");
        assertThat(server.lastRequest().headers()).doesNotContainKey("content-type");
        CommandRun.at(server).run("publish", "/a", "--type", "t", "--data", "");
        assertThat(server.lastRequest().headers()).containsKey("content-type");
        assertThat(server.lastRequest().body()).isEmpty();
    }

    @Test
    void dataComesFromFilesAndStandardInput(@TempDir Path folder) throws IOException {
        byte[] bytes = {(byte) 0xFF, 0, 1, '\n'};
        Files.write(folder.resolve("scan.bin"), bytes);
        CommandRun.at(server)
                .folder(folder)
                .run("publish", "/a", "--type", "t", "--data", "@scan.bin");
        assertThat(server.lastRequest().body()).isEqualTo(bytes);
        assertThat(server.lastRequest().headers())
                .containsEntry("content-type", "application/octet-stream");
        CommandRun.at(server).input("hello\n").run("publish", "/a", "--type", "t", "--data", "-");
        assertThat(server.lastRequest().text()).isEqualTo("hello\n");
        assertThat(server.lastRequest().headers())
                .containsEntry("content-type", "text/plain; charset=utf-8");
        CommandRun missing =
                CommandRun.at(server)
                        .folder(folder)
                        .run("publish", "/a", "--type", "t", "--data", "@none.bin");
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.err()).contains("There is no file", "none.bin");
    }

    @Test
    void aContextIsNotNeededWhereTheSourceIsOne() {
        CommandRun.at(server).run("publish", "--type", "t", "--source", "/sensors/7");
        assertThat(server.lastRequest().path()).isEqualTo("/events");
    }

    @Test
    void everythingWrongIsReportedBeforeAnythingIsSent() {
        CommandRun run =
                CommandRun.at(server)
                        .run(
                                "publish",
                                "/a",
                                "--type",
                                "t",
                                "--source",
                                "a b",
                                "--time",
                                "yesterday",
                                "-e",
                                "Bad-Name=1");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("source: ", "time: ", "Bad-Name: ", "code 1001");
        assertThat(server.requests()).isEmpty();
        CommandRun context = CommandRun.at(server).run("publish", "/a/../b", "--type", "t");
        assertThat(context.exitCode()).isEqualTo(1);
        assertThat(context.err()).contains("context: ", "..");
    }

    @Test
    void aServersProblemIsShownInFull() {
        String document =
                "{\"type\":\"https://millrace.dev/problems/invalid-event\",\"title\":\"Not valid\","
                        + "\"status\":400,\"code\":1001,\"detail\":\"id: is missing\",\"errors\":["
                        + "{\"code\":1001,\"field\":\"id\",\"detail\":\"is missing\"},"
                        + "{\"code\":1001,\"field\":\"time\",\"detail\":\"is no time\"}]}";
        server.on("/events", FakeServer.problem(400, document, Map.of()));
        CommandRun run = CommandRun.at(server).run("publish", "/a", "--type", "t");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo(
                        "millrace: Not valid (HTTP 400, code 1001)\n  id: is missing\n  time: is no time\n");
        CommandRun json =
                CommandRun.at(server).run("publish", "/a", "--type", "t", "--output", "json");
        assertThat(json.err()).isEqualTo(document + "\n");
        assertThat(json.out()).isEmpty();
    }

    @Test
    void filesAreSentInBatchesWithoutChangingAnEvent(@TempDir Path folder) throws IOException {
        server.on("/events", FakeServer.json(202, "[{\"offset\":1},{\"offset\":2}]"));
        List<String> events =
                IntStream.range(0, 1201)
                        .mapToObj(i ->
                                "{\"specversion\":\"1.0\",\"id\":\"" + i + "\", \"data\":1.50}")
                        .toList();
        Files.writeString(folder.resolve("events.ndjson"), String.join("\n", events));
        CommandRun run =
                CommandRun.at(server)
                        .folder(folder)
                        .run("publish", "/org", "--file", "events.ndjson");
        assertThat(run.out()).isEqualTo("published 1,201 events\n");
        assertThat(server.requests()).hasSize(3);
        assertThat(server.requests())
                .allMatch(request -> request.path().equals("/events/org"))
                .allMatch(request ->
                        "application/cloudevents-batch+json"
                                .equals(request.headers().get("content-type")));
        String all =
                server.requests().stream()
                        .map(FakeServer.Request::text)
                        .map(text -> text.substring(1, text.length() - 1))
                        .collect(Collectors.joining(","));
        assertThat(all).isEqualTo(String.join(",", events));
    }

    @Test
    void oneEventAndArraysAreFilesToo() {
        server.on("/events", FakeServer.json(202, "[{\"offset\":7}]"));
        String pretty = "\uFEFF{\n  \"id\": \"}{\\\"\",\n  \"x\": [1, {}]\n}\n";
        CommandRun one = CommandRun.at(server).input(pretty).run("publish", "--file", "-");
        assertThat(one.exitCode()).as(one.err()).isZero();
        assertThat(server.lastRequest().text()).isEqualTo("[" + pretty.strip().substring(1) + "]");
        CommandRun array =
                CommandRun.at(server)
                        .input("[ {\"a\":1} ,\n{\"a\":2}]")
                        .run("publish", "--file", "-", "--output", "json");
        assertThat(array.out()).isEqualTo("{\"offset\":7}\n");
        assertThat(server.lastRequest().text()).isEqualTo("[{\"a\":1},{\"a\":2}]");
    }

    @Test
    void brokenFilesNameTheLine() {
        assertFails("{\"a\":1}\n{\"a\":}\n", "the event on line 2 is not JSON");
        assertFails("{\"a\":1}\n{\"a\":", "ends in the middle of the object that begins on line 2");
        assertFails("[{\"a\":1}\n{\"b\":1}]", "line 2", "lacks a comma");
        assertFails("hello", "line 1", "should begin with {");
        assertFails("[{}", "before its array is closed");
        CommandRun latin =
                CommandRun.at(server)
                        .input("{\"a\":\"ä\"}".getBytes(StandardCharsets.ISO_8859_1))
                        .run("publish", "--file", "-");
        assertThat(latin.err()).contains("is not UTF-8");
    }

    private void assertFails(String input, String... messages) {
        CommandRun run = CommandRun.at(server).input(input).run("publish", "--file", "-");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(messages);
        assertThat(server.requests()).isEmpty();
    }
}
