package io.millrace.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns("test");

    @Test
    void whatIsBroughtInATurnComesAfterIt() {
        List<String> done = new ArrayList<>();
        turns.run(() -> {
            turns.run(() -> done.add("second"));
            done.add("first");
        });
        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void oneThatFailsEndsNothing() {
        List<String> done = new ArrayList<>();
        turns.run(() -> {
            throw new StackOverflowError("as a test");
        });
        turns.run(() -> done.add("next"));
        assertThat(done).containsExactly("next");
    }

    @Test
    void manyThreadsNeverHaveTheirTurnsAtOnce() throws Exception {
        int threads = 4;
        int each = 20_000;
        int[] count = new int[1];
        CountDownLatch ended = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            Thread.ofPlatform()
                    .start(() -> {
                        for (int k = 0; k < each; k++) {
                            turns.run(() -> count[0]++);
                        }
                        ended.countDown();
                    });
        }
        ended.await();
        CountDownLatch last = new CountDownLatch(1);
        turns.run(last::countDown);
        last.await();
        assertThat(count[0]).isEqualTo(threads * each);
    }
}
