package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A disk that is full refuses what is new and keeps what is there; when there is room again,
/// publishing goes on.
@Timeout(300)
final class FullDiskTest {
    private static final String CHUNK = "x".repeat(100_000);
    private static final String LARGE = "/api/v1/streams/large";
    private static final String LARGE_STREAM = "{\"mount\":\"/large\",\"partitions\":1}";

    @TempDir Path folder;

    @Test
    void nothingAcknowledgedIsLostAndDeletingAStreamMakesRoom() throws Exception {
        try (MountedDisk disk = MountedDisk.mount(folder, 24)) {
            ServerProcess server = ServerProcess.start(disk.folder());
            ServerClient client = new ServerClient(server);
            assertThat(client.put(LARGE, LARGE_STREAM).statusCode()).isEqualTo(201);
            List<String> kept = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                assertThat(client.publish("/kept", "k" + i, CHUNK).statusCode()).isEqualTo(202);
                kept.add("k" + i);
            }
            List<String> large = fill(client, "/large", "l");
            fill(client, "/kept", "f").forEach(kept::add);
            assertThat(client.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(client.ids("events", "/kept")).isEqualTo(kept);
            assertThat(client.ids("large", "/large")).isEqualTo(large);

            server.kill();
            server = ServerProcess.start(disk.folder());
            client = new ServerClient(server);
            assertThat(client.ids("events", "/kept")).isEqualTo(kept);
            assertThat(client.ids("large", "/large")).isEqualTo(large);
            // A start gives back the room that logs had taken ahead, which is used up again.
            fill(client, "/kept", "n").forEach(kept::add);

            HttpResponse<String> deleted = client.delete(LARGE);
            assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(204);
            assertThat(client.publish("/kept", "after", CHUNK).statusCode()).isEqualTo(202);
            kept.add("after");
            assertThat(client.ids("events", "/kept")).isEqualTo(kept);
            server.kill();
            server = ServerProcess.start(disk.folder());
            client = new ServerClient(server);
            assertThat(client.ids("events", "/kept")).isEqualTo(kept);
            assertThat(client.get(LARGE).statusCode()).isEqualTo(404);
            assertThat(server.stop()).isEqualTo(143);
        }
    }

    /// Publishes ever smaller events until not even a small one fits.
    private static List<String> fill(ServerClient client, String context, String prefix)
            throws IOException, InterruptedException {
        List<String> acknowledged = new ArrayList<>();
        int sizeMax = CHUNK.length();
        while (sizeMax > 0) {
            String id = prefix + acknowledged.size();
            HttpResponse<String> answer = client.publish(context, id, CHUNK.substring(0, sizeMax));
            if (answer.statusCode() == 202) {
                acknowledged.add(id);
            } else {
                refused(answer);
                sizeMax /= 10;
            }
        }
        return acknowledged;
    }

    private static void refused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(507);
        assertThat(answer.body())
                .contains("https://millrace.dev/problems/disk-full")
                .contains("Nothing was recorded")
                .contains("delete a stream");
    }
}
