package io.millrace.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.log.RecordHeader;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyedLogTest {
    private final Random random = new Random(7);
    private final SimulatedDisk disk = new SimulatedDisk(random);
    private final SimulatedClock clock = new SimulatedClock();
    private KeyedGround ground;
    private KeyedLog log;

    @BeforeEach
    void open() throws IOException {
        ground = new KeyedGround(disk, clock, random, 8 << 10);
        log = ground.open("states");
    }

    private void put(String key, String value) {
        done(log.put(key, Bytes.utf8(value)));
    }

    private void done(CompletableFuture<@Nullable Void> change) {
        ground.threads().await(change);
    }

    private @Nullable String get(String key) {
        Bytes value = log.get(key);
        return value == null ? null : value.toUtf8();
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        long next = 0;
        while (next >= 0) {
            next =
                    log.scan(
                            next,
                            1,
                            record ->
                                    keys.add(
                                            String.valueOf(record.key()).isEmpty()
                                                    ? ""
                                                    : text(record.key())));
        }
        return keys;
    }

    private static String text(@Nullable Bytes bytes) {
        return bytes == null ? "none" : bytes.toUtf8();
    }

    @Test
    void theLatestValueHoldsAlsoAfterAStart() throws IOException {
        put("a", "1");
        put("b", "2");
        put("a", "3");
        put("empty", "");
        done(log.delete("b"));
        disk.crashProcess();
        open();
        assertThat(get("a")).isEqualTo("3");
        assertThat(get("b")).isNull();
        assertThat(get("empty")).isEmpty();
        assertThat(get("none")).isNull();
        assertThat(log.size()).isEqualTo(2);
        assertThat(keys()).containsExactly("a", "empty");
    }

    @Test
    void aChangeIsSeenOnceItIsOnDisk() {
        CompletableFuture<@Nullable Void> put = log.put("a", Bytes.utf8("1"));
        assertThat(get("a")).isNull();
        assertThat(log.isUnchanged("a", -1)).isFalse();
        done(put);
        assertThat(get("a")).isEqualTo("1");
        assertThat(log.isUnchanged("a", log.offsetOf("a"))).isTrue();
    }

    @Test
    void visitsInTheOrderOfTheLastChangeAPieceAtATime() {
        for (int i = 0; i < 300; i++) {
            put("key " + i, "x".repeat(500));
        }
        for (int i = 0; i < 300; i += 3) {
            done(log.delete("key " + i));
        }
        put("key 1", "again");
        List<String> keys = keys();
        assertThat(keys).hasSize(200).doesNotHaveDuplicates();
        assertThat(keys).startsWith("key 2", "key 4").endsWith("key 299", "key 1");
        List<String> two = new ArrayList<>();
        long next = log.scan(0, 10, record -> two.add(text(record.key())) && two.size() < 2);
        assertThat(two).containsExactly("key 2", "key 4");
        log.scan(next, 10, record -> two.add(text(record.key())) && two.size() < 3);
        assertThat(two).containsExactly("key 2", "key 4", "key 5");
    }

    @Test
    void severalChangesAreMadeTogetherWithWhatStandsBesideThem() {
        done(
                log.write(
                        List.of(
                                KeyedChange.put(
                                        "a",
                                        Bytes.utf8("1"),
                                        List.of(RecordHeader.of("why", "because"))),
                                KeyedChange.delete("b", List.of()),
                                KeyedChange.put("b", Bytes.utf8("2"), List.of()))));
        assertThat(get("b")).isEqualTo("2");
        String why = log.get("a", record -> text(record.header("why")));
        assertThat(why).isEqualTo("because");
    }

    @Test
    void aValueOfAQuarterMebibyteComesBackAndTheCompactionLeavesOnlyTheLast() {
        byte[] state = new byte[256 << 10];
        for (int i = 0; i < 20; i++) {
            random.nextBytes(state);
            done(log.put("group", Bytes.wrap(state.clone())));
        }
        ground.clean(log);
        ground.threads().drain();
        assertThat(log.get("group")).isEqualTo(Bytes.wrap(state));
        // The last but one may be in the segment before the active one.
        assertThat(log.sizeBytes()).isLessThan(3L * state.length);
    }

    @Test
    void aKeyThatIsTooLongIsRefused() {
        CompletableFuture<@Nullable Void> put =
                log.put("k".repeat(KeyedLog.KEY_BYTES_MAX + 1), Bytes.EMPTY);
        assertThat(put)
                .failsWithin(java.time.Duration.ZERO)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCauseInstanceOf(MillraceException.class);
        assertThat(log.size()).isZero();
    }

    @Test
    void whatCouldNotBeWrittenIsNotSeenAndTheNextCan() {
        put("a", "1");
        disk.full(true);
        CompletableFuture<@Nullable Void> put = log.put("a", Bytes.utf8("x".repeat(10_000)));
        assertThat(code(put)).isEqualTo(ErrorCode.DISK_FULL);
        disk.full(false);
        assertThat(get("a")).isEqualTo("1");
        put("a", "2");
        assertThat(get("a")).isEqualTo("2");
        assertThat(log.isUnchanged("a", log.offsetOf("a"))).isTrue();
    }

    private ErrorCode code(CompletableFuture<@Nullable Void> change) {
        try {
            done(change);
        } catch (CompletionException e) {
            if (e.getCause() instanceof MillraceException problem) {
                return problem.code();
            }
            throw e;
        }
        throw new AssertionError("it succeeded");
    }
}
