package io.millrace.simulator;

import io.millrace.io.Disk;
import io.millrace.io.DiskFile;
import io.millrace.io.DiskFullException;
import io.millrace.io.DiskReadOnlyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A disk in memory that behaves as badly as real ones may.
///
/// Writes are durable once their file is flushed, names once their folder is synced. [#crash]
/// loses, keeps, tears or garbles what is not; [#crashProcess] loses nothing but open files. Calls
/// fail as [#failNext] and [#full] and [#readOnly] say. All chance comes from the generator given.
/// Folders are durable at once, which is kinder than real disks are. Thread-safe.
public final class SimulatedDisk implements Disk {
    private final RandomGenerator random;
    private Map<Path, SimulatedFile> names = new TreeMap<>();
    private Map<Path, SimulatedFile> durableNames = new TreeMap<>();
    private final List<NameChange> dirtyNames = new ArrayList<>();
    private final Map<Call, Integer> failures = new EnumMap<>(Call.class);
    private boolean isFull;
    private boolean isReadOnly;
    private int generation;

    /// Calls that can be made to fail.
    public enum Call {
        OPEN,
        READ,
        WRITE,
        FLUSH,
        TRUNCATE,
        SYNC_FOLDER,
        DELETE,
        RENAME
    }

    /// A change to names that no folder sync has made durable.
    private sealed interface NameChange {
        Path folder();

        record Create(Path file, SimulatedFile content) implements NameChange {
            @Override
            public Path folder() {
                return parent(file);
            }
        }

        record Delete(Path file) implements NameChange {
            @Override
            public Path folder() {
                return parent(file);
            }
        }

        record Rename(Path from, Path to) implements NameChange {
            @Override
            public Path folder() {
                return parent(to);
            }
        }
    }

    public SimulatedDisk(RandomGenerator random) {
        this.random = random;
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    /// Lets a call fail with an input/output error, after so many that succeed.
    public synchronized void failNext(Call call, int after) {
        failures.put(call, after);
    }

    /// Forgets a failure that was asked for and did not happen.
    public synchronized void succeed(Call call) {
        failures.remove(call);
    }

    /// Forgets the failures that were asked for and did not happen.
    public synchronized void failNothing() {
        failures.clear();
        isFull = false;
        isReadOnly = false;
    }

    /// Whether writes find no room.
    public synchronized void full(boolean full) {
        isFull = full;
    }

    /// Whether every change is refused.
    public synchronized void readOnly(boolean readOnly) {
        isReadOnly = readOnly;
    }

    /// The machine stops and starts again.
    public synchronized void crash() {
        boolean inOrder = random.nextBoolean();
        double survival = random.nextInt(3) / 2.0;
        for (NameChange change : dirtyNames) {
            if (random.nextDouble() < survival) {
                apply(durableNames, change);
            } else if (inOrder) {
                break;
            }
        }
        dirtyNames.clear();
        durableNames.values().forEach(file -> file.crash(random));
        names = new TreeMap<>(durableNames);
        generation++;
        failNothing();
    }

    /// The process stops, the machine does not.
    public synchronized void crashProcess() {
        names.values().forEach(file -> file.crashProcess(random));
        generation++;
        failNothing();
    }

    /// Flips bits in a file, on the platter and in the page cache.
    public synchronized void damage(Path path, int position, int xor) {
        SimulatedFile file = names.get(path);
        if (file != null) {
            file.damage(position, xor);
        }
    }

    private static void apply(Map<Path, SimulatedFile> names, NameChange change) {
        switch (change) {
            case NameChange.Create(Path file, SimulatedFile content) -> names.put(file, content);
            case NameChange.Delete(Path file) -> names.remove(file);
            case NameChange.Rename(Path from, Path to) -> {
                SimulatedFile content = names.remove(from);
                if (content != null) {
                    names.put(to, content);
                }
            }
        }
    }

    private void change(NameChange change) {
        apply(names, change);
        dirtyNames.add(change);
    }

    private void maybeFail(Call call) throws IOException {
        Integer after = failures.get(call);
        if (after != null) {
            failures.put(call, after - 1);
            if (after == 0) {
                failures.remove(call);
                throw new IOException("simulated error in " + call);
            }
        }
    }

    private void requireWritable() throws IOException {
        if (isReadOnly) {
            throw new DiskReadOnlyException("simulated read-only disk");
        }
    }

    @Override
    public synchronized DiskFile open(Path path) throws IOException {
        maybeFail(Call.OPEN);
        SimulatedFile file = names.get(path);
        if (file == null) {
            requireWritable();
            if (isFull) {
                throw new DiskFullException("simulated full disk");
            }
            file = new SimulatedFile();
            change(new NameChange.Create(path, file));
        }
        return new Handle(file, generation);
    }

    @Override
    public synchronized List<String> list(Path folder) {
        List<String> list = new ArrayList<>();
        for (Path path : names.keySet()) {
            if (parent(path).equals(folder)) {
                list.add(String.valueOf(path.getFileName()));
            }
        }
        return list;
    }

    @Override
    public synchronized boolean exists(Path path) {
        return names.containsKey(path);
    }

    @Override
    public synchronized long size(Path path) throws IOException {
        return file(path).size();
    }

    private SimulatedFile file(Path path) throws IOException {
        SimulatedFile file = names.get(path);
        if (file == null) {
            throw new NoSuchFileException(path.toString());
        }
        return file;
    }

    @Override
    public void createFolders(Path folder) {
        // Folders are where files are.
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        maybeFail(Call.DELETE);
        requireWritable();
        if (names.containsKey(path)) {
            change(new NameChange.Delete(path));
        }
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        maybeFail(Call.RENAME);
        requireWritable();
        file(from);
        change(new NameChange.Rename(from, to));
    }

    @Override
    public synchronized void syncFolder(Path folder) throws IOException {
        maybeFail(Call.SYNC_FOLDER);
        List<NameChange> left = new ArrayList<>();
        for (NameChange change : dirtyNames) {
            if (change.folder().equals(folder)) {
                apply(durableNames, change);
            } else {
                left.add(change);
            }
        }
        dirtyNames.clear();
        dirtyNames.addAll(left);
    }

    @Override
    public synchronized long freeBytes(Path folder) {
        return isFull ? 0 : 1L << 40;
    }

    private final class Handle implements DiskFile {
        private final SimulatedFile file;
        private final int openedIn;
        private boolean closed;

        Handle(SimulatedFile file, int openedIn) {
            this.file = file;
            this.openedIn = openedIn;
        }

        private void use(@Nullable Call call) throws IOException {
            if (closed || openedIn != generation) {
                throw new IOException("the file is closed");
            }
            if (call != null) {
                maybeFail(call);
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                use(Call.READ);
                byte[] content = file.cached();
                if (position >= content.length) {
                    return -1;
                }
                int count = (int) Math.min(target.remaining(), content.length - position);
                target.put(content, (int) position, count);
                return count;
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                use(null);
                requireWritable();
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                boolean grows = position + bytes.length > file.size();
                try {
                    maybeFail(Call.WRITE);
                    if (isFull && grows) {
                        throw new DiskFullException("simulated full disk");
                    }
                } catch (IOException e) {
                    int part = random.nextInt(bytes.length + 1);
                    file.write((int) position, Arrays.copyOf(bytes, part));
                    throw e;
                }
                file.write((int) position, bytes);
            }
        }

        @Override
        public void flush() throws IOException {
            synchronized (SimulatedDisk.this) {
                use(null);
                try {
                    maybeFail(Call.FLUSH);
                } catch (IOException e) {
                    file.failFlush(random);
                    throw e;
                }
                file.flush();
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (SimulatedDisk.this) {
                use(Call.TRUNCATE);
                requireWritable();
                file.truncate((int) size);
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (SimulatedDisk.this) {
                use(null);
                return file.size();
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
