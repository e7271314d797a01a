package io.millrace.group;

import io.millrace.cursor.Cursor;
import io.millrace.cursor.CursorId;
import io.millrace.cursor.JournalEntry;
import io.millrace.cursor.JournalFiles;
import io.millrace.cursor.RecoveredCursors;
import io.millrace.error.MillraceException;
import io.millrace.io.Clock;
import io.millrace.io.Threading;
import io.millrace.shard.Flusher;
import io.millrace.shard.Shard;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.ToIntFunction;

/// The cursors of all shards, and what they share. Nothing of it runs before the first group needs
/// it. Thread-safe.
public final class CursorShards implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(10);
    private static final Duration REST = Duration.ofSeconds(30);

    private final JournalFiles files;
    private final List<Shard> shards;
    private final Clock clock;
    private final Threading threading;
    private List<CursorShard> homes = List.of();
    private boolean isComplete;

    public CursorShards(JournalFiles files, List<Shard> shards, Clock clock, Threading threading) {
        this.files = files;
        this.shards = List.copyOf(shards);
        this.clock = clock;
        this.threading = threading;
    }

    /// Reads back what the journals hold. To be called once, before the first group comes.
    ///
    /// @param shardOf the number of the shard on which a cursor's partition lives now; -1 if there
    ///   is none any more
    public RecoveredCursors recover(ToIntFunction<CursorId> shardOf) throws IOException {
        if (!files.exist()) {
            return new RecoveredCursors();
        }
        RecoveredCursors recovered = files.recover();
        if (files.isOfOtherShards()) {
            files.replaceAll(entries(recovered, shardOf));
        }
        CursorShard first = homes().getFirst();
        first.shard().run(() -> first.recoveredNotes(recovered.notes()));
        return recovered;
    }

    /// Whoever was there before the start has its cursors by now; those that are left are dropped.
    /// To be called once, when the start is over.
    public synchronized void complete(RecoveredCursors recovered) {
        recovered.forget();
        isComplete = true;
        homes.forEach(home -> home.shard().run(home::complete));
    }

    private List<List<JournalEntry>> entries(
            RecoveredCursors recovered, ToIntFunction<CursorId> shardOf) {
        List<List<JournalEntry>> entries = new ArrayList<>();
        shards.forEach(_ -> entries.add(new ArrayList<>()));
        for (var each : recovered.cursors().entrySet()) {
            int shard = shardOf.applyAsInt(each.getKey());
            Cursor cursor = each.getValue();
            if (shard >= 0) {
                entries.get(shard).addAll(JournalEntry.pieces(each.getKey(), cursor.snapshot()));
            }
        }
        recovered
                .notes()
                .forEach((group, text) ->
                        entries.getFirst().add(new JournalEntry.Note(group, text)));
        return entries;
    }

    private synchronized List<CursorShard> homes() {
        if (homes.isEmpty()) {
            Pump pump = new Pump();
            pump.wakeup(threading.run(pump));
            List<CursorShard> started = new ArrayList<>();
            for (int i = 0; i < shards.size(); i++) {
                Shard shard = shards.get(i);
                Flusher flusher = new Flusher("flusher-cursors-" + i);
                flusher.wakeup(threading.run(flusher));
                CursorShard home = new CursorShard(i, shard, files, flusher, clock, pump);
                shard.run(() -> shard.atRoundEnd(home::endRound));
                if (isComplete) {
                    shard.run(home::complete);
                }
                started.add(home);
            }
            homes = List.copyOf(started);
            threading.every("cursors", TICK, () -> started.forEach(CursorShard::tick));
            threading.every(
                    "rest-cursors",
                    REST,
                    () -> started.forEach(home -> home.shard().run(home::rest)));
        }
        return homes;
    }

    /// Where the cursors of a shard live.
    public CursorShard of(Shard shard) {
        for (CursorShard home : homes()) {
            if (home.shard() == shard) {
                return home;
            }
        }
        throw new IllegalArgumentException("no shard of this server: " + shard.name());
    }

    /// Has something remembered for a group, across restarts.
    ///
    /// @param text empty to forget it
    public void note(int group, String text) {
        CursorShard first = homes().getFirst();
        CompletableFuture<Boolean> noted = new CompletableFuture<>();
        first.shard()
                .run(() -> {
                    first.note(group, text);
                    first.journal()
                            .whenFlushed(problem -> {
                                if (problem == null) {
                                    noted.complete(true);
                                } else {
                                    noted.completeExceptionally(problem);
                                }
                            });
                });
        try {
            threading.await(noted);
        } catch (CompletionException e) {
            throw e.getCause() instanceof MillraceException problem ? problem : e;
        }
    }

    /// Writes down where everyone is, and closes the journals. Groups have to be closed before.
    @Override
    public synchronized void close() {
        for (CursorShard home : homes) {
            threading.await(
                    home.shard()
                            .call(() -> {
                                home.close();
                                return true;
                            }));
        }
    }
}
