package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.house.Repository;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Each question of the example building 41, asked of a real server with readings whose answers are
/// known.
@Tag("slow")
@Timeout(240)
final class BuildingQuestionsTest {
    private static final Instant NOON = Instant.parse("2026-03-03T12:00:00Z");
    private static final String BUILDING = "/org/contoso/site/berlin/building/41";
    private static final String ROOM_4 = BUILDING + "/floor/3/unit/j/room/4";
    private static final List<String> UNITS = List.of("aaabbccc", "ddeeeffg", "hhhjjjkk");

    @TempDir Path data;

    private int ids;

    @Test
    void everyQuestionHasItsAnswer() throws Exception {
        Path queries = Repository.root().resolve("examples/building-41/queries.yaml");
        try (CrashingServer server = new CrashingServer(data)) {
            CrashingServer.good(
                    server.post("/api/v1/apply", "application/yaml", Files.readString(queries)));
            whoIsThere(server);
            fireAlarms(server);
            climate(server);
        }
    }

    private void whoIsThere(CrashingServer server) {
        send(
                server,
                people(ROOM_4, 0, 2),
                people(BUILDING + "/floor/3/unit/j/room/5", 0, 0),
                people(BUILDING + "/floor/1/unit/a/room/1", 0, 0));
        awaitKeys(server, "people", "1/a/1", "3/j/4", "3/j/5");
        assertThat(value(server, "people", "3/j/4").at("/data/people/value").asInt()).isEqualTo(2);
        awaitKeys(server, "unoccupied", "1/a/1", "3/j/5");
        send(
                server,
                people(ROOM_4, 60, 0),
                people(BUILDING + "/floor/3/unit/j/room/5", 61, 1),
                // Told late; somebody has left room 1 since.
                people(BUILDING + "/floor/1/unit/a/room/1", -60, 3));
        awaitKeys(server, "unoccupied", "1/a/1", "3/j/4");
        assertThat(value(server, "unoccupied", "3/j/4").path("door").asString())
                .isEqualTo("the door");
    }

    private void fireAlarms(CrashingServer server) {
        String other = "/org/contoso/site/berlin/building/42/floor/1/unit/a/room/1";
        send(server, smoke(ROOM_4, 0, 0.0, "heartbeat"), smoke(ROOM_4, 1, 8.0, "alarm.raised"));
        send(server, smoke(other, 2, 0.0, "heartbeat"), smoke(other, 3, 5.5, "alarm.raised"));
        awaitKeys(server, "fire-alarms", ROOM_4 + "/sensors/fire", other + "/sensors/fire");
        send(server, smoke(ROOM_4, 120, 0.5, "alarm.cleared"));
        awaitKeys(server, "fire-alarms", other + "/sensors/fire");
        send(server, smoke(other, 121, 0.0, "heartbeat"));
        awaitKeys(server, "fire-alarms");
    }

    /// Floor 2 is too warm from the first minute to the second and in the fourth; floor 1 has bad
    /// air in the end.
    private void climate(CrashingServer server) {
        double[] second = {24.5, 24.0, 20.5, 22.0, 20.0};
        for (int minute = 0; minute < second.length; minute++) {
            List<ObjectNode> readings = new ArrayList<>();
            for (int at = 5; at < 60; at += 20) {
                for (int floor = 1; floor <= 3; floor++) {
                    for (int room = 1; room <= 8; room++) {
                        double celsius = floor == 2 ? second[minute] : 21;
                        int ppm = floor == 1 && room == 2 ? 400 + 200 * minute : 500;
                        readings.add(climate(floor, room, minute * 60 + at, celsius, ppm));
                    }
                }
            }
            send(server, readings.toArray(ObjectNode[]::new));
        }
        awaitKeys(server, "temperature-3j", "4", "5", "6");
        assertThat(value(server, "temperature-3j", "4").at("/data/temperature/value").asDouble())
                .isEqualTo(21);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(value(server, "lab-air", "1").toString())
                                .isEqualTo(
                                        "{\"storey\":\"1\",\"average\":588.0,\"highest\":1200.0,"
                                                + "\"rooms\":8,\"air\":\"open windows\"}"));
        List<String> jobs = new ArrayList<>();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> {
                    receive(server).forEach(job -> jobs.add(job.path("data").toString()));
                    return jobs.size() >= 2;
                });
        assertThat(jobs)
                .containsExactly(
                        "{\"storey\":\"2\",\"window_end\":\"2026-03-03T12:01:00\","
                                + "\"average\":24.5,\"todo\":\"cool\"}",
                        "{\"storey\":\"2\",\"window_end\":\"2026-03-03T12:04:00\","
                                + "\"average\":22.0,\"todo\":\"cool\"}");
        assertThat(server.get("/api/v1/queries/floor-off/status").at("/counts/late").asInt())
                .isZero();
    }

    private static List<JsonNode> receive(CrashingServer server) {
        List<JsonNode> jobs = new ArrayList<>();
        CrashingServer.good(server.post("/queues/hvac/receive?max=10&wait=1s", null, ""))
                .path("leases")
                .forEach(lease -> jobs.add(lease.path("event")));
        return jobs;
    }

    private static void awaitKeys(CrashingServer server, String view, String... keys) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> {
                    List<String> found = new ArrayList<>();
                    server.get("/views/" + view + "?limit=100")
                            .path("items")
                            .forEach(item -> found.add(item.path("key").asString()));
                    assertThat(found).as(view).containsExactly(keys);
                });
    }

    private static JsonNode value(CrashingServer server, String view, String key) {
        return server.get("/views/" + view + "/" + URLEncoder.encode(key, StandardCharsets.UTF_8));
    }

    private ObjectNode people(String room, int second, int people) {
        ObjectNode event = event(room + "/sensors/occupancy", "occupancy.measured", second);
        event.putObject("data").put("change", 0).putObject("people").put("value", people);
        return event;
    }

    private ObjectNode smoke(String room, int second, double percent, String what) {
        ObjectNode event = event(room + "/sensors/fire", "fire." + what, second);
        event.putObject("data")
                .put("alarm", what.equals("alarm.raised"))
                .putObject("smoke")
                .put("value", percent)
                .put("unit", "%/m");
        return event;
    }

    private ObjectNode climate(int floor, int room, int second, double celsius, int ppm) {
        char unit = UNITS.get(floor - 1).charAt(room - 1);
        String context = BUILDING + "/floor/" + floor + "/unit/" + unit + "/room/" + room;
        ObjectNode event = event(context + "/sensors/climate", "climate.measured", second);
        ObjectNode measured = event.putObject("data");
        measured.putObject("temperature").put("value", celsius).put("unit", "Cel");
        measured.putObject("co2").put("value", ppm).put("unit", "[ppm]");
        return event;
    }

    private ObjectNode event(String context, String type, int second) {
        ids++;
        return CrashingServer.json()
                .createObjectNode()
                .put("specversion", "1.0")
                .put("id", "e" + ids)
                .put("source", context)
                .put("type", "io.contoso.building." + type)
                .put("subject", "the door")
                .put("time", NOON.plusSeconds(second).toString())
                .put("datacontenttype", "application/json");
    }

    private static void send(CrashingServer server, ObjectNode... events) {
        ArrayNode batch = CrashingServer.json().createArrayNode();
        batch.addAll(List.of(events));
        CrashingServer.good(
                server.post("/events", "application/cloudevents-batch+json", batch.toString()));
    }
}
