package io.millrace.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every table of a view promises.
abstract class ViewStoreContract {
    private static final String LAST_CHARACTER = "￿";

    private ViewStore store;

    /// Opens the one table of this test, as it was left.
    protected abstract ViewStore open();

    @BeforeEach
    void begin() {
        store = open();
    }

    @AfterEach
    void end() {
        store.abandon();
    }

    /// The process ends without a warning.
    private void crash() {
        store.abandon();
        store = open();
    }

    static ViewEntry row(String key, String value) {
        return new ViewEntry(key, Bytes.utf8(value), 7, null);
    }

    private static ViewEntry event(String key, String value, long offset) {
        return new ViewEntry(
                key,
                Bytes.utf8(value),
                1_700_000_000_000L + offset,
                new ViewOrigin("/räume/4", "events", 3, offset));
    }

    private List<ViewEntry> from(String key) {
        List<ViewEntry> found = new ArrayList<>();
        store.scan(key, found::add);
        return found;
    }

    @Test
    void whatWasPutIsThereWithAllItsParts() {
        store.put(row("a", "{}"));
        store.put(event("b", "{\"ü\":1}", 1L << 40));
        assertThat(store.get("a")).isEqualTo(row("a", "{}"));
        assertThat(store.get("b")).isEqualTo(event("b", "{\"ü\":1}", 1L << 40));
        assertThat(store.get("c")).isNull();
        assertThat(store.size()).isEqualTo(2);
        store.delete("a");
        assertThat(store.get("a")).isNull();
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void whatWasCommittedSurvivesTheProcessAndNothingElseDoes() {
        store.put(event("a", "1", 1));
        store.progress("events.1/0", 2);
        store.note("definition", "one");
        store.commit();
        store.put(event("a", "2", 2));
        store.put(event("b", "1", 3));
        store.progress("events.1/0", 4);
        store.note("definition", "two");
        crash();
        assertThat(from("")).containsExactly(event("a", "1", 1));
        assertThat(store.progress()).containsExactly(Map.entry("events.1/0", 2L));
        assertThat(store.note("definition")).isEqualTo("one");
        assertThat(store.note("other")).isNull();
    }

    @Test
    void closingCommits() {
        store.put(row("a", "1"));
        store.close();
        store = open();
        assertThat(from("")).containsExactly(row("a", "1"));
    }

    @Test
    void aScanBeginsAtItsKeyAndEndsWhenItIsTold() {
        for (String key : List.of("b", "a", "b/1", "bc", "c", LAST_CHARACTER)) {
            store.put(row(key, key));
        }
        assertThat(from("b"))
                .extracting(ViewEntry::key)
                .containsExactly("b", "b/1", "bc", "c", LAST_CHARACTER);
        List<String> two = new ArrayList<>();
        store.scan(
                "b/",
                entry -> {
                    two.add(entry.key());
                    return two.size() < 2;
                });
        assertThat(two).containsExactly("b/1", "bc");
    }

    @Test
    void aSnapshotStaysAsItWasWhateverChanges() {
        for (int i = 0; i < 5_000; i++) {
            store.put(row("k%05d".formatted(i), "before"));
        }
        store.commit();
        try (ViewStore.Snapshot snapshot = store.snapshot()) {
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < 5_000; i++) {
                    store.put(row("k%05d".formatted(i), "after" + round));
                }
                store.delete("k00007");
                store.commit();
            }
            int count = 0;
            for (ViewEntry entry = snapshot.next(); entry != null; entry = snapshot.next()) {
                assertThat(entry.value().toUtf8()).isEqualTo("before");
                count++;
            }
            assertThat(count).isEqualTo(5_000);
        }
        assertThat(store.size()).isEqualTo(4_999);
    }

    @Test
    void readersAreNotDisturbedByWhoWritesAndCommits() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            store.put(row("k%04d".formatted(i), "0"));
        }
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread reader =
                new Thread(() -> {
                    try {
                        while (!done.get()) {
                            assertThat(from("")).hasSize(1_000);
                            assertThat(store.get("k0500")).isNotNull();
                        }
                    } catch (RuntimeException | Error e) {
                        failure.set(e);
                    }
                });
        reader.start();
        for (int round = 1; round <= 50; round++) {
            for (int i = 0; i < 1_000; i++) {
                store.put(row("k%04d".formatted(i), Integer.toString(round)));
            }
            store.commit();
        }
        done.set(true);
        reader.join();
        assertThat(failure.get()).isNull();
    }

    @Test
    void anInterruptedReaderDoesNoHarm() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            store.put(row("k%05d".formatted(i), "x".repeat(100)));
        }
        store.close();
        store = open();
        Thread reader =
                new Thread(() -> {
                    Thread.currentThread().interrupt();
                    var _ = from("");
                });
        reader.start();
        reader.join();
        assertThat(from("")).hasSize(20_000);
        store.put(row("k", "after"));
        store.commit();
        crash();
        assertThat(store.get("k")).isEqualTo(row("k", "after"));
    }

    /// A table beside lists that do the same, with crashes.
    @Test
    void aModelAgreesWhateverHappens() {
        long first = Long.getLong("view.seed", 1);
        for (long seed = first; seed < first + Integer.getInteger("view.seeds", 10); seed++) {
            try {
                live(new Random(seed * 0x9E3779B97F4A7C15L));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Dview.seed=" + seed, e);
            }
        }
    }

    private void live(Random random) {
        store.scan(
                "",
                entry -> {
                    store.delete(entry.key());
                    return true;
                });
        store.commit();
        TreeMap<String, ViewEntry> model = new TreeMap<>();
        TreeMap<String, ViewEntry> durable = new TreeMap<>();
        Map<String, Long> progress = new HashMap<>(store.progress());
        Map<String, Long> durableProgress = new HashMap<>(progress);
        for (int step = 0; step < 2_000; step++) {
            String key = Integer.toString(random.nextInt(300), 3);
            switch (random.nextInt(100)) {
                case 0 -> {
                    store.commit();
                    durable = new TreeMap<>(model);
                    durableProgress = new HashMap<>(progress);
                }
                case 1 -> {
                    crash();
                    model = new TreeMap<>(durable);
                    progress = new HashMap<>(durableProgress);
                }
                case 2 -> {
                    store.close();
                    store = open();
                    durable = new TreeMap<>(model);
                    durableProgress = new HashMap<>(progress);
                }
                case 3, 4, 5 -> {
                    assertThat(from(key)).containsExactlyElementsOf(model.tailMap(key).values());
                    assertThat(store.size()).isEqualTo(model.size());
                    assertThat(store.progress()).isEqualTo(progress);
                }
                case 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 -> {
                    store.delete(key);
                    model.remove(key);
                }
                default -> {
                    ViewEntry entry = event(key, "x".repeat(random.nextInt(400)), step);
                    store.put(entry);
                    model.put(key, entry);
                    store.progress("p" + random.nextInt(3), step);
                    progress = new HashMap<>(store.progress());
                }
            }
        }
    }
}
