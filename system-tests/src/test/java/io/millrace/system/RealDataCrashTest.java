package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.event.format.JsonFormat;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real readings go through the real server, which is killed in the middle: afterwards every row is
/// there, in order and byte-equal.
@Timeout(300)
final class RealDataCrashTest {
    private static final List<String> FILES = List.of("datatraining", "datatest", "datatest2");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final AtomicReference<ServerProcess> server = new AtomicReference<>();
    private final AtomicInteger acknowledged = new AtomicInteger();

    @TempDir Path data;

    private static Map<String, List<String>> rows() throws IOException {
        Path folder =
                Path.of(
                                Objects.requireNonNullElse(
                                        System.getenv("MILLRACE_DATA"), "../../shared/data"))
                        .resolve("room-occupancy");
        Assumptions.assumeTrue(Files.isDirectory(folder), () -> "no real data in " + folder);
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (String file : FILES) {
            List<String> lines = Files.readAllLines(folder.resolve(file + ".txt"));
            rows.put(file, lines.subList(1, lines.size()));
        }
        return rows;
    }

    @Test
    void everyRowIsThereAfterTheServerWasKilled() throws Exception {
        Map<String, List<String>> rows = rows();
        int all = rows.values().stream().mapToInt(List::size).sum();
        assertThat(all).isEqualTo(20_560);
        server.set(ServerProcess.start(data));
        CountDownLatch half = new CountDownLatch(all / 2);
        Phaser publishers = new Phaser(1);
        rows.forEach((file, lines) -> {
            publishers.register();
            Thread.ofVirtual()
                    .start(() -> {
                        publish(file, lines, half);
                        publishers.arriveAndDeregister();
                    });
        });
        half.await();
        server.get().kill();
        server.set(ServerProcess.start(data));
        publishers.awaitAdvance(publishers.arrive());
        assertThat(acknowledged.get()).isEqualTo(all);
        for (Map.Entry<String, List<String>> file : rows.entrySet()) {
            assertThat(read(file.getKey())).isEqualTo(file.getValue());
        }
        server.get().close();
    }

    /// Publishes one row after the other; a row that was not acknowledged is sent again.
    private void publish(String file, List<String> lines, CountDownLatch half) {
        for (int row = 0; row < lines.size(); row++) {
            while (!published(file, row, lines.get(row))) {
                Thread.onSpinWait();
            }
            acknowledged.incrementAndGet();
            half.countDown();
        }
    }

    private boolean published(String file, int row, String line) {
        HttpRequest request =
                HttpRequest.newBuilder(at("/events/org/contoso/room/" + file))
                        .header("ce-specversion", "1.0")
                        .header("ce-id", Integer.toString(row))
                        .header("ce-source", "/readings")
                        .header("ce-type", "reading")
                        .header("content-type", "text/csv")
                        .timeout(Duration.ofSeconds(10))
                        .POST(HttpRequest.BodyPublishers.ofString(line))
                        .build();
        try {
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 202;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The rows of a file as the server gives them out. A row whose acknowledgement the crash took
    /// may be there twice in a row, since it was sent again.
    private List<String> read(String file) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        URI next = at("/streams/events/events?max=5000&pattern=/org/contoso/room/" + file);
        String lastId = "";
        while (true) {
            HttpRequest request =
                    HttpRequest.newBuilder(next)
                            .header("accept", "application/cloudevents-batch+json")
                            .build();
            HttpResponse<byte[]> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            for (Event event : events(answer.body())) {
                if (!event.id().equals(lastId)) {
                    lines.add(Objects.requireNonNull(event.data()).toUtf8());
                }
                lastId = event.id();
            }
            String position = answer.headers().firstValue("Millrace-Position").orElseThrow();
            if (answer.headers().firstValue("Millrace-End").isPresent()) {
                return lines;
            }
            next =
                    at(
                            "/streams/events/events?max=5000&pattern=/org/contoso/room/"
                                    + file
                                    + "&from="
                                    + position);
        }
    }

    private static List<Event> events(byte[] body) {
        return new JsonFormat().readBatch(io.millrace.event.Bytes.wrap(body), 10_000);
    }

    private URI at(String path) {
        return server.get().address().resolve(path);
    }
}
