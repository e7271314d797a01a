package io.millrace.cursor;

import io.millrace.io.Clock;
import io.millrace.io.DiskFile;
import io.millrace.log.FileLogs;
import io.millrace.shard.Flusher;
import io.millrace.shard.Shard;
import io.millrace.shard.ShardConfig;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import io.millrace.simulator.SimulatedThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Journals of cursors by themselves: one life of the process. The disk, the clock and what
/// [Promises] hold outlive it.
///
/// Cursor number n lives on shard n modulo their number. All that it does is to pass by one offset
/// more, so its frontier says how many changes it has seen, and its books say whether each of them
/// counted once.
final class JournalGround {
    static final Path DATA = Path.of("/data");
    static final Path FOLDER = DATA.resolve("cursors");

    final SimulatedThreads threads;
    final JournalFiles files;
    private final Promises promises;
    private final List<Shard> shards = new ArrayList<>();
    private final List<Owner> owners = new ArrayList<>();

    /// How far each cursor has to be.
    static final class Promises {
        /// At least so far after a crash of the process.
        final Map<CursorId, Long> written = new HashMap<>();

        /// At least so far after a crash of the machine.
        final Map<CursorId, Long> flushed = new HashMap<>();

        /// At most so far.
        final Map<CursorId, Long> tried = new HashMap<>();

        static long of(Map<CursorId, Long> promises, CursorId id) {
            return promises.getOrDefault(id, 0L);
        }
    }

    static CursorId id(int number) {
        return new CursorId(7, 3, number);
    }

    JournalGround(
            SimulatedDisk disk,
            SimulatedClock clock,
            RandomGenerator random,
            Size size,
            Promises promises)
            throws IOException {
        this.promises = promises;
        threads = new SimulatedThreads(random, clock, () -> {});
        disk.createFolders(DATA);
        disk.syncFolder(Path.of("/"));
        files =
                new JournalFiles(
                        FOLDER, disk, new FileLogs(disk, clock), size.shards, size.rollBytes);
        RecoveredCursors recovered = recover(size);
        for (int i = 0; i < size.shards; i++) {
            Flusher flusher = new Flusher("flusher-" + i);
            flusher.wakeup(threads.run(flusher));
            Shard shard = shard(i, clock, flusher);
            shard.wakeup(threads.run(shard));
            shards.add(shard);
            Owner owner = new Owner(i, shard, flusher, clock);
            owners.add(owner);
            shard.run(() -> shard.atRoundEnd(owner.journal::endRound));
        }
        for (int number = 0; number < size.cursors; number++) {
            CursorId id = id(number);
            Cursor known = recovered.take(id);
            Owner owner = ownerOf(number);
            shardOf(number).run(() -> owner.add(id, known));
        }
    }

    /// @param shards of the server
    /// @param cursors how many there are
    /// @param rollBytes size at which a journal begins anew
    record Size(int shards, int cursors, long rollBytes) {}

    /// As the server does.
    private RecoveredCursors recover(Size size) throws IOException {
        RecoveredCursors recovered = files.exist() ? files.recover() : new RecoveredCursors();
        if (files.isOfOtherShards()) {
            List<List<JournalEntry>> entries = new ArrayList<>();
            for (int i = 0; i < size.shards; i++) {
                entries.add(new ArrayList<>());
            }
            recovered
                    .cursors()
                    .forEach((id, cursor) ->
                            entries.get(id.partition() % size.shards)
                                    .addAll(JournalEntry.pieces(id, cursor.snapshot())));
            files.replaceAll(entries);
        }
        return recovered;
    }

    private static Shard shard(int number, Clock clock, Flusher flusher) {
        return new Shard(
                "shard-" + number,
                clock,
                List.of(flusher),
                _ -> {
                    throw new AssertionError("nothing is appended here");
                },
                ShardConfig.DEFAULT);
    }

    private Shard shardOf(int number) {
        return shards.get(number % shards.size());
    }

    Owner ownerOf(int number) {
        return owners.get(number % owners.size());
    }

    /// Has a cursor pass by one offset more.
    Change change(int number) {
        Change change = new Change();
        shardOf(number).run(() -> ownerOf(number).change(id(number), change));
        return change;
    }

    /// Lets everything come to rest.
    void drain() {
        threads.drain();
    }

    /// How far a cursor is in memory.
    long frontier(int number) {
        return ownerOf(number).cursor(id(number)).frontier();
    }

    /// Whether some journal has begun anew, and that counts.
    static boolean hasBegunAnew(SimulatedDisk disk) throws IOException {
        disk.undisturbed(true);
        try (DiskFile file = disk.open(FOLDER.resolve("current"))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
            return text.lines().anyMatch(line -> !line.endsWith(".1"));
        } finally {
            disk.undisturbed(false);
        }
    }

    /// Closes as the server does.
    void close() {
        for (int i = 0; i < shards.size(); i++) {
            Owner owner = owners.get(i);
            shards.get(i).run(owner.journal::close);
        }
        drain();
    }

    /// What was answered.
    static final class Change {
        boolean isWritten;
        boolean isFlushed;
        @Nullable RuntimeException problem;

        boolean isAnswered() {
            return problem != null || (isWritten && isFlushed);
        }
    }

    /// The cursors of one shard.
    final class Owner implements CursorJournal.Owner {
        final CursorJournal journal;
        boolean isComplete = true;
        int resets;
        private final Map<CursorId, Cursor> cursors = new HashMap<>();

        Owner(int number, Shard shard, Flusher flusher, Clock clock) {
            journal = new CursorJournal(number, files, shard, flusher, clock, this);
        }

        private void add(CursorId id, @Nullable Cursor known) {
            if (known == null) {
                begin(id);
            } else {
                cursors.put(id, known);
            }
        }

        private void begin(CursorId id) {
            Cursor cursor = new Cursor(id.partition(), CursorConfig.DEFAULT, 0);
            cursors.put(id, cursor);
            JournalEntry.pieces(id, cursor.snapshot()).forEach(journal::write);
        }

        Cursor cursor(CursorId id) {
            Cursor cursor = cursors.get(id);
            if (cursor == null) {
                throw new AssertionError(id + " is not here");
            }
            return cursor;
        }

        private void change(CursorId id, Change change) {
            long to = cursor(id).frontier() + 1;
            CursorRecord record = new CursorRecord.Passed(to, 1);
            promises.tried.merge(id, to, Math::max);
            cursor(id).apply(record);
            journal.write(new JournalEntry.Change(id, record));
            journal.whenWritten(problem -> {
                change.isWritten = problem == null;
                change.problem = problem;
                if (problem == null) {
                    promises.written.merge(id, to, Math::max);
                }
            });
            journal.whenFlushed(problem -> {
                change.isFlushed = problem == null;
                if (problem == null) {
                    promises.flushed.merge(id, to, Math::max);
                } else {
                    change.problem = problem;
                }
            });
        }

        @Override
        public boolean isComplete() {
            return isComplete;
        }

        @Override
        public List<JournalEntry> snapshot() {
            List<JournalEntry> all = new ArrayList<>();
            cursors.forEach((id, cursor) -> all.addAll(JournalEntry.pieces(id, cursor.snapshot())));
            return all;
        }

        @Override
        public void reset(RecoveredCursors recovered) {
            resets++;
            for (CursorId id : List.copyOf(cursors.keySet())) {
                add(id, recovered.take(id));
            }
        }
    }
}
