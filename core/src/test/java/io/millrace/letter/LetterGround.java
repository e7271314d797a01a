package io.millrace.letter;

import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.keyed.KeyedGround;
import io.millrace.keyed.KeyedLog;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import io.millrace.simulator.SimulatedThreads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// A store of dead letters on a simulated disk: one life of the process, which outlives neither the
/// disk nor the clock.
public final class LetterGround {
    private static final int SEGMENT_BYTES = 16 << 10;

    private final KeyedGround ground;
    private final KeyedLog log;
    private final KeyedLog resubmissions;
    private final DeadLetterStore store;

    public LetterGround(
            SimulatedDisk disk, SimulatedClock clock, RandomGenerator random, LetterLimits limits)
            throws IOException {
        ground = new KeyedGround(disk, clock, random, SEGMENT_BYTES);
        log = ground.open("letters");
        resubmissions = ground.open("resubmissions");
        store =
                new DeadLetterStore(
                        new DeadLetterStore.Ground(log, resubmissions),
                        clock,
                        ground.threads(),
                        limits);
    }

    public DeadLetterStore store() {
        return store;
    }

    public SimulatedThreads threads() {
        return ground.threads();
    }

    void clean() {
        ground.clean(log);
        ground.clean(resubmissions);
    }

    /// Keeps letters, and waits until they are on disk.
    public void bury(DeadLetter... letters) {
        List.of(letters).stream().map(store::bury).toList().forEach(threads()::await);
    }

    /// Everything that a search finds, page by page.
    public List<KeptLetter> find(LetterSearch search, int max) {
        List<KeptLetter> found = new ArrayList<>();
        long next = 0;
        while (next >= 0) {
            LetterPage page = store.search(search, next, max, (_, _) -> true);
            found.addAll(page.letters());
            next = page.next();
        }
        return found;
    }

    public List<String> ids() {
        return find(LetterSearch.ALL, 7).stream().map(KeptLetter::id).toList();
    }

    /// A letter of the queue orders.
    public static DeadLetter letter(String id) {
        Event event = Event.builder().id("event " + id).source("/s").type("t").build();
        return letter(id, "Queue", "orders", event);
    }

    public static DeadLetter letter(String id, String kind, String name, Event event) {
        return new DeadLetter(
                id,
                kind,
                name,
                DeadLetter.Reason.REJECTED,
                "it was no good",
                422,
                3,
                1_700_000_000_000L,
                1_700_000_001_234L,
                "events",
                2,
                17,
                0,
                Context.of("/a/b"),
                event);
    }
}
