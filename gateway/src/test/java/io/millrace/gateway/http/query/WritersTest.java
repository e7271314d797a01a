package io.millrace.gateway.http.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who writes in a name.
@Timeout(30)
class WritersTest {
    private final Writers writers = new Writers(Clock.system());

    private void refused(String name, String token) {
        assertThatExceptionOfType(MillraceException.class)
                .isThrownBy(() -> writers.with(name, token, () -> {}))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_CONFLICT));
    }

    @Test
    void onlyTheLastWhoTookANameWritesInIt() throws InterruptedException {
        List<String> written = new ArrayList<>();
        String first = writers.take("a");
        writers.with("a", first, () -> written.add("first"));
        String second = writers.take("a");
        refused("a", first);
        writers.with("a", second, () -> written.add("second"));
        assertThat(written).containsExactly("first", "second");
    }

    @Test
    void namesHaveNothingToDoWithEachOther() throws InterruptedException {
        String one = writers.take("a");
        String other = writers.take("b");
        refused("a", other);
        refused("c", one);
        writers.with("a", one, () -> {});
    }

    @Test
    void whoeverTakesANameWaitsForWhatIsBeingWritten() throws Exception {
        String first = writers.take("a");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch stored = new CountDownLatch(1);
        CompletableFuture<Void> writing =
                CompletableFuture.runAsync(() -> write(first, begun, stored));
        begun.await();
        CompletableFuture<String> taken = new CompletableFuture<>();
        Thread taker = Thread.ofPlatform().start(() -> taken.complete(take("a")));
        while (taker.getState() != Thread.State.WAITING) {
            assertThat(taken).isNotDone();
            Thread.onSpinWait();
        }
        stored.countDown();
        writing.join();
        String second = taken.join();
        refused("a", first);
        writers.with("a", second, () -> {});
    }

    private void write(String token, CountDownLatch begun, CountDownLatch stored) {
        try {
            writers.with(
                    "a",
                    token,
                    () -> {
                        begun.countDown();
                        stored.await();
                    });
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String take(String name) {
        try {
            return writers.take(name);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
