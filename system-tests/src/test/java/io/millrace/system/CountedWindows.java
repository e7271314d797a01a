package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a query has to give that counts events in windows of a second, out of the log alone.
final class CountedWindows {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long WINDOW_MILLIS = 1_000;
    private static final long DELAY_MILLIS = 500;

    private CountedWindows() {}

    record Stored(int partition, JsonNode event) {
        long time() {
            return Instant.parse(event.path("time").asString()).toEpochMilli();
        }

        String id() {
            return event.path("id").asString();
        }

        JsonNode data() {
            return event.path("data");
        }
    }

    /// What the log says: results by window, and the ids of what is late, in their order.
    record Model(Map<String, String> results, List<String> late) {}

    /// What was sent twice since nobody answered stands in the log twice, and counts twice.
    static Model model(List<Stored> log, long start, long stop) {
        Map<Integer, Long> latest = new HashMap<>();
        Map<String, long[]> sums = new TreeMap<>();
        List<String> late = new ArrayList<>();
        for (Stored each : log) {
            long time = each.time();
            Long known = latest.get(each.partition);
            if (known != null && time < known - DELAY_MILLIS) {
                late.add(each.id());
                continue;
            }
            latest.merge(each.partition, time, Math::max);
            if (time < stop) {
                long end = (time - start) / WINDOW_MILLIS * WINDOW_MILLIS + WINDOW_MILLIS;
                String key = each.data().path("k").asString() + " " + end;
                long[] sum = sums.computeIfAbsent(key, _ -> new long[2]);
                sum[0]++;
                sum[1] += each.data().path("n").asInt();
            }
        }
        Map<String, String> results = new TreeMap<>();
        sums.forEach((key, sum) -> results.put(key, sum[0] + " " + sum[1]));
        return new Model(results, late);
    }

    /// Results by key and end of window.
    ///
    /// @param twice where those go that are there more than once
    static Map<String, String> results(List<Stored> stored, long start, List<String> twice) {
        Map<String, String> results = new TreeMap<>();
        for (Stored each : stored) {
            JsonNode row = each.data();
            long end =
                    LocalDateTime.parse(row.path("window_end").asString())
                            .toInstant(ZoneOffset.UTC)
                            .toEpochMilli();
            String key = row.path("k").asString() + " " + (end - start);
            if (results.put(key, row.path("c") + " " + row.path("s")) != null) {
                twice.add(key);
            }
        }
        return results;
    }

    static List<Stored> read(HttpClient client, URI server, String stream, String pattern)
            throws IOException, InterruptedException {
        List<Stored> found = new ArrayList<>();
        String path = "/streams/%s/events?max=10000&pattern=%s".formatted(stream, pattern);
        String from = "";
        while (true) {
            HttpRequest request =
                    HttpRequest.newBuilder(server.resolve(path + from))
                            .header("accept", "application/json")
                            .build();
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            for (JsonNode each : JSON.readTree(answer.body())) {
                found.add(new Stored(each.path("partition").asInt(), each.path("event")));
            }
            if (answer.headers().firstValue("Millrace-End").isPresent()) {
                return found;
            }
            from = "&from=" + answer.headers().firstValue("Millrace-Position").orElseThrow();
        }
    }
}
