package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `millrace queues send` and `peek`.
class QueueJobsTest {
    private final FakeServer server =
            new FakeServer()
                    .on(
                            "/queues/orders",
                            FakeServer.json(
                                    201, "{\"jobs\":[{\"number\":\"9-17\",\"duplicate\":false}]}"));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void optionsBecomeTheAttributesThatQueuesKnow() {
        CommandRun run =
                CommandRun.at(server)
                        .run(
                                "queues",
                                "send",
                                "orders",
                                "{\"id\":17}",
                                "--type",
                                "order",
                                "--id",
                                "a",
                                "--priority",
                                "9",
                                "--delay",
                                "90s",
                                "--expires",
                                "2026-12-31T00:00:00Z",
                                "--key",
                                "customer 5");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("sent a as job 9-17\n");
        assertThat(server.lastRequest().path()).isEqualTo("/queues/orders");
        assertThat(server.lastRequest().text()).isEqualTo("{\"id\":17}");
        assertThat(server.lastRequest().headers())
                .containsEntry("ce-source", "/queues/orders")
                .containsEntry("ce-type", "order")
                .containsEntry("ce-priority", "9")
                .containsEntry("ce-scheduledtime", "2026-03-01T12:01:30Z")
                .containsEntry("ce-expirytime", "2026-12-31T00:00:00Z")
                .containsEntry("ce-partitionkey", "customer%205")
                .containsEntry("content-type", "application/json");
    }

    @Test
    void aJobIsSentAgainWithTheSameIdWhenTheServerIsBusy() {
        server.once(
                "/queues/orders",
                FakeServer.problem(429, "{\"title\":\"Busy\"}", Map.of("Retry-After", "2")));
        server.once(
                "/queues/orders",
                FakeServer.json(200, "{\"jobs\":[{\"number\":\"4-1\",\"duplicate\":true}]}"));
        CommandRun run = CommandRun.at(server).run("queues", "send", "orders", "--type", "t");
        assertThat(run.out()).matches("job .* was there already as 4-1\n");
        assertThat(run.err()).contains("Busy; trying again in 2.0s");
        assertThat(server.requests()).extracting(r -> r.headers().get("ce-id")).hasSize(2);
        assertThat(server.requests().getFirst().headers().get("ce-id"))
                .isEqualTo(server.requests().getLast().headers().get("ce-id"));
    }

    @Test
    void aFileOfJobsIsSentInBatches() {
        String jobs =
                IntStream.range(0, 501)
                        .mapToObj(i -> "{\"id\":\"" + i + "\"}")
                        .collect(Collectors.joining("\n"));
        CommandRun run =
                CommandRun.at(server).input(jobs).run("queues", "send", "orders", "--file", "-");
        assertThat(run.out()).isEqualTo("sent 501 jobs\n");
        assertThat(server.requests()).hasSize(2);
        assertThat(server.lastRequest().headers())
                .containsEntry("content-type", "application/cloudevents-batch+json");
        CommandRun json =
                CommandRun.at(server)
                        .input("{\"id\":\"1\"}")
                        .run("queues", "send", "orders", "--file", "-", "--output", "json");
        assertThat(json.out()).isEqualTo("{\"number\":\"9-17\",\"duplicate\":false}\n");
    }

    @Test
    void contradictionsAreWrongUsage() {
        for (String line :
                List.of(
                        "queues send orders x",
                        "queues send orders x --type t --priority 10",
                        "queues send orders x --type t --at 2026-12-24T18:00:00Z --delay 1s",
                        "queues send orders x --type t --delay 1w",
                        "queues send orders --file f --type t",
                        "queues send orders --file f --priority 1",
                        "queues peek orders --max 0")) {
            CommandRun run = CommandRun.at(server).run(line.split(" "));
            assertThat(run.exitCode()).as(line).isEqualTo(2);
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void peekGoesThroughThePages() {
        String page =
                IntStream.range(0, 500)
                        .mapToObj(i -> "{\"number\":\"4-" + i + "\",\"state\":\"ready\"}")
                        .collect(Collectors.joining(",", "{\"jobs\":[", "]}"));
        server.on("/queues/orders/jobs", FakeServer.json(200, "{\"jobs\":[]}"));
        server.once("/queues/orders/jobs", FakeServer.json(200, page));
        server.once(
                "/queues/orders/jobs",
                FakeServer.json(
                        200,
                        """
                        {"jobs":[{"number":"4-900","state":"leased","until":"2026-03-01T12:01:00Z",
                        "deliveries":2,"failures":1,"event":{"type":"order","data":{"id":17}}}]}
                        """));
        CommandRun run =
                CommandRun.at(server)
                        .run("queues", "peek", "orders", "--max", "600", "--after", "4-0");
        assertThat(run.out().lines()).hasSize(502);
        assertThat(run.out().lines().reduce((_, last) -> last).orElse(""))
                .isEqualTo(
                        "4-900   leased  2026-03-01T12:01:00Z           2         1  order  {\"id\":17}");
        assertThat(server.requests())
                .extracting(FakeServer.Request::query)
                .containsExactly("max=500&after=4-0", "max=100&after=4-499", "max=99&after=4-900");
        assertThat(CommandRun.at(server).run("queues", "peek", "orders").err())
                .isEqualTo("Queue orders has no jobs there.\n");
    }
}
