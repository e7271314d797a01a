package io.millrace.cursor;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Disk;
import io.millrace.io.DiskFile;
import io.millrace.log.Durability;
import io.millrace.log.FileLogs;
import io.millrace.log.Log;
import io.millrace.log.LogConfig;
import io.millrace.log.LogSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The journals of all shards on disk: a log for each, in a folder with the shard's number and a
/// generation, and the file `current` that says which generation of each counts.
///
/// A journal that has grown begins anew: its cursors' snapshots go into the next generation, and
/// when they are on disk, `current` names that one, in one step. Thread-safe.
public final class JournalFiles {
    /// The usual size at which a journal begins anew.
    public static final long BYTES_DEFAULT = 32L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(JournalFiles.class);
    private static final String CURRENT = "current";
    private static final int CURRENT_BYTES_MAX = 64 << 10;
    private static final int SLICE_BYTES = 1 << 20;

    /// One segment is all that a journal is to have; more are no harm.
    private static final LogConfig CONFIG =
            new LogConfig(
                    Durability.SYNCED,
                    1 << 30,
                    Duration.ofDays(10_000),
                    null,
                    null,
                    false,
                    Duration.ofDays(1));

    private final Path folder;
    private final Disk disk;
    private final FileLogs logs;
    private final int shards;
    private final long rollBytes;

    /// Generation by shard, as `current` has it.
    private final TreeMap<Integer, Integer> current = new TreeMap<>();

    /// @param folder of all journals; made with the first
    /// @param rollBytes size at which a journal begins anew
    public JournalFiles(Path folder, Disk disk, FileLogs logs, int shards, long rollBytes)
            throws IOException {
        this.folder = folder;
        this.disk = disk;
        this.logs = logs;
        this.shards = shards;
        this.rollBytes = rollBytes;
        readCurrent();
        deleteLeftovers();
    }

    long rollBytes() {
        return rollBytes;
    }

    /// Whether there has been a cursor.
    public synchronized boolean exist() {
        return !current.isEmpty();
    }

    /// Whether the journals there are were made for another number of shards, so that their cursors
    /// have to be written anew.
    public synchronized boolean isOfOtherShards() {
        return !current.isEmpty() && current.size() != shards;
    }

    /// Reads all journals.
    ///
    /// @throws MillraceException PARTITION_CORRUPT
    public synchronized RecoveredCursors recover() throws IOException {
        RecoveredCursors all = new RecoveredCursors();
        for (var entry : current.entrySet()) {
            try (Log log = logs.open(path(entry.getKey(), entry.getValue()), CONFIG).log()) {
                all.addAll(read(log));
            }
        }
        return all;
    }

    /// What a journal tells, as far as it is flushed.
    static RecoveredCursors read(Log log) {
        RecoveredCursors recovered = new RecoveredCursors();
        long offset = log.startOffset();
        while (offset < log.readableOffset()) {
            LogSlice slice = log.read(offset, SLICE_BYTES);
            slice.forEach(record -> {
                var value = record.value();
                if (value != null) {
                    recovered.apply(JournalCodec.decode(value.toArray()));
                }
            });
            offset = Math.max(offset + 1, slice.nextOffset());
        }
        return recovered;
    }

    /// Opens the journal of a shard to go on with.
    synchronized Log open(int shard) {
        try {
            if (current.isEmpty()) {
                createAll();
            }
            Integer generation = current.get(shard);
            if (generation == null) {
                throw new IllegalArgumentException("there is no shard " + shard);
            }
            return logs.open(path(shard, generation), CONFIG).log();
        } catch (IOException e) {
            throw failed(shard, e);
        }
    }

    /// All at once, so that their number can be told from the file. They do not count before that
    /// is written.
    private void createAll() throws IOException {
        for (int shard = 0; shard < shards; shard++) {
            create(shard).close();
        }
        for (int shard = 0; shard < shards; shard++) {
            current.put(shard, 1);
        }
        try {
            writeCurrent();
        } catch (IOException e) {
            current.clear();
            throw e;
        }
    }

    /// A new generation, which does not count until [#adopt].
    synchronized Log create(int shard) throws IOException {
        Path path = path(shard, current.getOrDefault(shard, 0) + 1);
        deleteTree(path);
        disk.createFolders(path);
        Log log = logs.open(path, CONFIG).log();
        disk.syncFolder(path);
        disk.syncFolder(folder);
        return log;
    }

    /// From now on the new generation counts; the one before is deleted.
    ///
    /// @throws IOException then the one before counts
    /// @throws MillraceException PARTITION_FAILED if it is not known which one a start would find,
    ///   so that neither may be written to
    synchronized void adopt(int shard) throws IOException {
        int before = current.getOrDefault(shard, 0);
        current.put(shard, before + 1);
        try {
            writeNext();
        } catch (IOException e) {
            current.put(shard, before);
            throw e;
        }
        try {
            nextIsCurrent();
        } catch (IOException e) {
            throw failed(shard, e);
        }
        deleteLeftover(path(shard, before));
    }

    /// Replaces the journals of another number of shards by new ones.
    ///
    /// @param entries of each shard
    public synchronized void replaceAll(List<List<JournalEntry>> entries) throws IOException {
        TreeMap<Integer, Integer> before = new TreeMap<>(current);
        int next = current.values().stream().mapToInt(generation -> generation).max().orElse(0) + 1;
        TreeMap<Integer, Integer> fresh = new TreeMap<>();
        for (int shard = 0; shard < entries.size(); shard++) {
            Path path = path(shard, next);
            deleteTree(path);
            disk.createFolders(path);
            try (Log log = logs.open(path, CONFIG).log()) {
                CursorJournal.append(log, entries.get(shard), 0);
                log.flush();
            }
            disk.syncFolder(path);
            fresh.put(shard, next);
        }
        disk.syncFolder(folder);
        current.clear();
        current.putAll(fresh);
        writeCurrent();
        for (var entry : before.entrySet()) {
            deleteLeftover(path(entry.getKey(), entry.getValue()));
        }
    }

    private Path path(int shard, int generation) {
        return folder.resolve(shard + "." + generation);
    }

    static MillraceException failed(int shard, IOException e) {
        return new MillraceException(
                ErrorCode.PARTITION_FAILED,
                "the journal of the cursors of shard %d cannot be opened: %s".formatted(shard, e),
                e);
    }

    private void readCurrent() throws IOException {
        Path file = folder.resolve(CURRENT);
        if (!disk.exists(file)) {
            return;
        }
        try (DiskFile open = disk.open(file)) {
            ByteBuffer bytes =
                    ByteBuffer.allocate((int) Math.min(CURRENT_BYTES_MAX, disk.size(file)));
            while (bytes.hasRemaining() && open.read(bytes, bytes.position()) > 0) {
                // until all is there
            }
            String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
            for (String line : text.lines().toList()) {
                String[] numbers = line.split("\\.", -1);
                current.put(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new MillraceException(
                    ErrorCode.PARTITION_CORRUPT,
                    "the file %s is damaged: it must have a line such as 0.1 for each shard"
                            .formatted(file),
                    e);
        }
    }

    private void writeCurrent() throws IOException {
        writeNext();
        nextIsCurrent();
    }

    private void writeNext() throws IOException {
        StringBuilder text = new StringBuilder();
        current.forEach((shard, generation) ->
                text.append(shard).append('.').append(generation).append('\n'));
        Path next = folder.resolve(CURRENT + ".new");
        disk.createFolders(folder);
        try (DiskFile file = disk.open(next)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)), 0);
            file.flush();
        }
    }

    private void nextIsCurrent() throws IOException {
        disk.rename(folder.resolve(CURRENT + ".new"), folder.resolve(CURRENT));
        syncNames();
    }

    private void syncNames() throws IOException {
        disk.syncFolder(folder);
        Path parent = folder.getParent();
        if (parent != null) {
            disk.syncFolder(parent);
        }
    }

    private void deleteLeftovers() throws IOException {
        if (disk.exists(folder)) {
            // What `current` names now may not be on disk: then the old ones are needed. Nor may
            // the folder itself, if the process ended while it was made.
            syncNames();
        }
        List<String> wanted = new ArrayList<>();
        current.forEach((shard, generation) -> wanted.add(shard + "." + generation));
        for (String name : disk.list(folder)) {
            if (!name.equals(CURRENT) && !wanted.contains(name)) {
                LOG.info("Deleting the old journal {}", name);
                deleteLeftover(folder.resolve(name));
            }
        }
    }

    /// What does not count does no harm either.
    private void deleteLeftover(Path path) {
        try {
            deleteTree(path);
        } catch (IOException e) {
            LOG.warn("The old journal {} stays until the next start: {}", path, e.toString());
        }
    }

    private void deleteTree(Path path) throws IOException {
        for (String name : disk.list(path)) {
            deleteTree(path.resolve(name));
        }
        disk.delete(path);
    }
}
