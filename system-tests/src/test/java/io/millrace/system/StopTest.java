package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// SIGTERM stops a server that is at work, in bounded time, without losing what it acknowledged.
@Timeout(120)
final class StopTest {
    /// 128 and the number of the signal.
    private static final int BY_SIGTERM = 143;

    private static final int PUBLISHERS = 4;

    @TempDir Path folder;

    @Test
    void stopsWhileItIsPublishedToAndFollowed() throws Exception {
        ServerProcess server = ServerProcess.start(folder);
        ServerClient client = new ServerClient(server);
        CompletableFuture<List<String>> followed = follow(client);
        ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        CountDownLatch busy = new CountDownLatch(200);
        List<CompletableFuture<Integer>> publishers = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            publishers.add(publishUntilRefused(client, "p" + i, acknowledged, busy));
        }
        assertThat(busy.await(60, TimeUnit.SECONDS)).isTrue();
        // Fails if the process still runs after half a minute.
        assertThat(server.stop()).isEqualTo(BY_SIGTERM);
        for (CompletableFuture<Integer> publisher : publishers) {
            assertThat(publisher.get(30, TimeUnit.SECONDS)).isIn(503, 0);
        }
        assertThat(followed.get(30, TimeUnit.SECONDS)).isNotEmpty();
        try (ServerProcess again = ServerProcess.start(folder)) {
            List<String> ids = new ServerClient(again).ids("events", "/**");
            assertThat(ids).containsAll(acknowledged);
            assertThat(ids).doesNotHaveDuplicates();
        }
    }

    /// Completes with the lines that came when the server ends the answer.
    private static CompletableFuture<List<String>> follow(ServerClient client)
            throws IOException, InterruptedException {
        Stream<String> lines = client.tail("/**").body();
        CompletableFuture<List<String>> ended = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    List<String> seen = new ArrayList<>();
                    try {
                        lines.forEach(seen::add);
                    } catch (RuntimeException _) {
                        // Cut off is an end too.
                    }
                    ended.complete(seen);
                });
        return ended;
    }

    /// Completes with the status that ended it; 0 if the connection was closed or refused.
    private static CompletableFuture<Integer> publishUntilRefused(
            ServerClient client,
            String name,
            ConcurrentLinkedQueue<String> acknowledged,
            CountDownLatch busy) {
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    for (int i = 0; !ended.isDone(); i++) {
                        String id = name + "-" + i;
                        try {
                            int status = client.publish("/" + name, id, "x").statusCode();
                            if (status == 202) {
                                acknowledged.add(id);
                                busy.countDown();
                            } else {
                                ended.complete(status);
                            }
                        } catch (IOException _) {
                            ended.complete(0);
                        } catch (InterruptedException e) {
                            ended.completeExceptionally(e);
                        }
                    }
                });
        return ended;
    }
}
