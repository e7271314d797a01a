package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `queries`, `schema`, and the kind Query in `get` and `delete`.
class QueriesCommandTest {
    private static final String STATUS =
            """
            {"name":"average","state":"failed","since":"2026-03-01T12:00:00Z","progress":null,\
            "error":{"message":"division by zero","line":1,"column":8,"at":"2026-03-01T12:00:01Z","restarts":3},\
            "restarts":3,"counts":{"input":1200,"counted":1190,"corrected":4,"late":5,"invalid":1,"output":40},\
            "rates":{"input":100.0,"output":2.5},"lag":{"events":1700,"watermarkMillis":1200},\
            "watermark":"2026-03-01T12:00:00Z","stateBytes":10240,\
            "checkpoint":{"last":"2026-03-01T12:00:00Z","durationMillis":12,"bytes":2048,"completed":10,"failed":1},\
            "warnings":["the state grows for ever"],"sql":"SELECT 1/0",\
            "plan":{"nodes":[{"id":"n1","name":"Source: t","parallelism":1,"inRate":2.0,"outRate":2.5,"busy":0.25}],\
            "edges":[]}}\
            """;

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private CommandRun run(String line) {
        return CommandRun.at(server).run(line.split(" "));
    }

    @Test
    void listed() {
        server.on("/api/v1/query/status", FakeServer.json(200, "{\"items\":[" + STATUS + "]}"));
        assertThat(run("queries").out())
                .isEqualTo(
                        """
                        NAME     STATE        IN    OUT    LAG  BEHIND  LATE  INVALID      SIZE  RESTARTS  PROBLEM
                        average  failed  100.0/s  2.5/s  1,700    1.2s     5        1  10.0 KiB         3  \
                        division by zero
                        """);
        assertThat(run("queries --output json").out()).isEqualTo(STATUS + "\n");
        server.on("/api/v1/query/status", FakeServer.json(200, "{\"items\":[]}"));
        assertThat(run("queries").err()).isEqualTo("There are no queries.\n");
    }

    @Test
    void oneIsShownWhole() {
        server.on("/api/v1/queries/average/status", FakeServer.json(200, STATUS));
        assertThat(run("queries show average").out())
                .isEqualTo(
                        """
                        FIELD        VALUE
                        name         average
                        state        failed since 2026-03-01T12:00:00Z
                        input        100.0/s, 1,200 in all
                        - counted    1,190
                        - corrected  4
                        - late       5
                        - invalid    1
                        output       2.5/s, 40 in all
                        lag          1,700 events
                        watermark    2026-03-01T12:00:00Z, 1.2s behind the clock
                        size         10.0 KiB
                        checkpoints  10 completed, 1 failed, last 2026-03-01T12:00:00Z in 12 ms with 2.0 KiB
                        restarts     3

                        WARNINGS
                        ! the state grows for ever

                        PROBLEM
                        division by zero (2026-03-01T12:00:01Z)
                        1 | SELECT 1/0
                                   ^

                        PLAN
                        Source: t  2.0/s in, 2.5/s out, 25% busy
                        """);
        assertThat(run("queries show average --output json").out()).isEqualTo(STATUS + "\n");
    }

    @Test
    void pausedResumedAndSecured() {
        server.on("/", FakeServer.answer(204, "text/plain", "", Map.of()));
        assertThat(run("queries pause average other").out())
                .isEqualTo("Query average paused\nQuery other paused\n");
        assertThat(server.requests())
                .extracting(FakeServer.Request::path)
                .containsExactly("/queries/average/pause", "/queries/other/pause");
        assertThat(run("queries resume average --output json").out())
                .isEqualTo("{\"kind\":\"Query\",\"name\":\"average\",\"outcome\":\"resumed\"}\n");
        server.on(
                "/queries/average/savepoint", FakeServer.json(200, "{\"savepoint\":\"saved/1\"}"));
        assertThat(run("queries savepoint average").out())
                .isEqualTo("Query average secured in saved/1\n");
    }

    @Test
    void getAndDelete() {
        server.on(
                "/api/v1/queries",
                FakeServer.json(200, "{\"items\":[{\"kind\":\"Query\",\"name\":\"average\"}]}"));
        assertThat(run("get queries").out()).contains("average");
        server.on("/api/v1/queries/average", FakeServer.answer(204, "text/plain", "", Map.of()));
        assertThat(run("delete query average --yes").exitCode()).isZero();
        assertThat(server.lastRequest().method()).isEqualTo("DELETE");
        assertThat(server.lastRequest().path()).isEqualTo("/api/v1/queries/average");
    }

    @Test
    void schemasArePasted() {
        server.on(
                "/api/v1/schema/infer",
                FakeServer.json(
                        200,
                        """
                        {"schema":{"celsius":"DOUBLE","on":"ROW<lat DOUBLE, lon DOUBLE>","a-b":"STRING"},
                        "samples":1000,"optional":["a-b"]}
                        """));
        CommandRun run = run("schema infer /org/*/room-climate/** --type a.* --samples 50");
        assertThat(run.out())
                .isEqualTo(
                        """
                        room_climate:
                          pattern: "/org/*/room-climate/**"
                          types: ["a.*"]
                          schema:
                            celsius: DOUBLE
                            "on": ROW<lat DOUBLE, lon DOUBLE>
                            "a-b": STRING
                        """);
        assertThat(run.err()).isEqualTo("learned from 1,000 events, not all of which have a-b\n");
        assertThat(server.lastRequest().text())
                .isEqualTo(
                        "{\"pattern\":\"/org/*/room-climate/**\",\"types\":[\"a.*\"],\"samples\":50}");
        assertThat(run("schema infer events --output yaml").out())
                .startsWith("events:\n  stream: \"events\"\n");
        assertThat(run("schema infer /** --output json").out())
                .startsWith("{\"input\":{\"pattern\":\"/**\",\"schema\":{\"celsius\":\"DOUBLE\"");
        assertThat(run("schema infer /** --output csv").exitCode()).isEqualTo(2);
        server.on("/api/v1/schema/infer", FakeServer.json(200, "{\"schema\":{},\"samples\":0}"));
        assertThat(run("schema infer /a").err())
                .isEqualTo("millrace: There are no events of /a to learn from.\n");
        assertThat(run("schema").exitCode()).isEqualTo(2);
    }
}
