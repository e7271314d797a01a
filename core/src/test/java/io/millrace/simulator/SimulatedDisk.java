package io.millrace.simulator;

import io.millrace.io.Disk;
import io.millrace.io.DiskFile;
import io.millrace.io.DiskFullException;
import io.millrace.io.DiskReadOnlyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A disk in memory that behaves as badly as real ones may.
///
/// Writes are durable once their file is flushed, names once their folder is synced. [#crash]
/// loses, keeps, tears or garbles what is not; [#crashProcess] loses nothing but open files. Calls
/// fail as [#failNext] and [#full] and [#readOnly] say. All chance comes from the generator given.
/// A folder is a name like any other: durable once the folder above it is synced, and with it goes
/// what it holds. What lies above the first folder that is made was there before.
///
/// [#cutPower] stops the machine in the middle of a call. Thread-safe.
public final class SimulatedDisk implements Disk {
    private static final Path ROOT = Path.of("/");

    private final RandomGenerator random;
    private TreeMap<Path, SimulatedFile> names = new TreeMap<>();
    private Map<Path, SimulatedFile> durableNames = new TreeMap<>();
    private final List<NameChange> dirtyNames = new ArrayList<>();
    private final Map<Call, Integer> failures = new EnumMap<>(Call.class);
    private boolean isFull;
    private boolean isReadOnly;
    private int generation;
    private boolean isUndisturbed;
    private int callsUntilPowerCut = -1;
    private final Set<Path> failed = new TreeSet<>();
    private final Set<Path> unreadable = new TreeSet<>();
    private Runnable duringFlush = () -> {};

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
        names.put(ROOT, new SimulatedFile());
        durableNames.put(ROOT, new SimulatedFile());
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

    /// Whether a file cannot be read, again and again, until the next start.
    public synchronized void unreadable(Path file, boolean refused) {
        if (refused) {
            unreadable.add(file);
        } else {
            unreadable.remove(file);
        }
    }

    /// Whether writes find no room.
    public synchronized void full(boolean full) {
        isFull = full;
    }

    /// Whether every change is refused.
    public synchronized void readOnly(boolean readOnly) {
        isReadOnly = readOnly;
    }

    /// Lets nothing fail for a while, as for those who only check.
    public synchronized void undisturbed(boolean undisturbed) {
        isUndisturbed = undisturbed;
    }

    /// Throws a [PowerCut] out of a call, after so many that do not; every call throws one until a
    /// crash is over. A negative number takes it back.
    public synchronized void cutPower(int calls) {
        callsUntilPowerCut = calls;
    }

    /// Files whose calls have failed since the last start, because that was asked for.
    public synchronized Set<Path> failed() {
        return Set.copyOf(failed);
    }

    /// Says what happens while a flush is under way: what it does may be flushed with it or not.
    public synchronized void duringFlush(Runnable action) {
        duringFlush = action;
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
        // Parents come first, so whole trees go.
        for (Path path : List.copyOf(durableNames.keySet())) {
            if (!durableNames.containsKey(parent(path)) && !isTop(path)) {
                durableNames.remove(path);
            }
        }
        durableNames.values().forEach(file -> file.crash(random));
        names = new TreeMap<>(durableNames);
        restart();
    }

    /// The process stops, the machine does not.
    public synchronized void crashProcess() {
        names.values().forEach(file -> file.crashProcess(random));
        restart();
    }

    private void restart() {
        generation++;
        callsUntilPowerCut = -1;
        failed.clear();
        unreadable.clear();
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

    private static boolean isTop(Path path) {
        return path.getNameCount() <= 1;
    }

    private void count() {
        if (!isUndisturbed && callsUntilPowerCut >= 0 && callsUntilPowerCut-- == 0) {
            callsUntilPowerCut = 0;
            throw new PowerCut();
        }
    }

    private void maybeFail(Call call, Path path) throws IOException {
        count();
        if (isUndisturbed) {
            return;
        }
        Integer after = failures.get(call);
        if (after != null) {
            failures.put(call, after - 1);
            if (after == 0) {
                failures.remove(call);
                failed.add(path);
                throw new IOException("simulated error in " + call);
            }
        }
    }

    private void requireWritable() throws IOException {
        if (isReadOnly && !isUndisturbed) {
            throw new DiskReadOnlyException("simulated read-only disk");
        }
    }

    @Override
    public DiskFile openPrivate(Path file) throws IOException {
        return open(file);
    }

    @Override
    public synchronized DiskFile open(Path path) throws IOException {
        maybeFail(Call.OPEN, path);
        SimulatedFile file = names.get(path);
        if (file == null) {
            requireWritable();
            if (!names.containsKey(parent(path))) {
                throw new NoSuchFileException(path.toString());
            }
            if (isFull) {
                throw new DiskFullException("simulated full disk");
            }
            file = new SimulatedFile();
            change(new NameChange.Create(path, file));
        }
        return new Handle(path, file, generation);
    }

    @Override
    public synchronized List<String> list(Path folder) {
        List<String> list = new ArrayList<>();
        String prefix = folder.toString();
        for (Path path : names.tailMap(folder, false).keySet()) {
            if (!path.toString().startsWith(prefix)) {
                break;
            }
            if (parent(path).equals(folder) && !path.equals(folder)) {
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
    public synchronized void createFolders(Path folder) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path path = folder; !names.containsKey(path); path = parent(path)) {
            missing.addFirst(path);
            if (isTop(path)) {
                break;
            }
        }
        boolean isFirst = names.size() == 1;
        for (Path path : missing) {
            if (isFirst && !path.equals(folder)) {
                names.put(path, new SimulatedFile());
                durableNames.put(path, new SimulatedFile());
            } else {
                count();
                requireWritable();
                change(new NameChange.Create(path, new SimulatedFile()));
            }
        }
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        maybeFail(Call.DELETE, path);
        requireWritable();
        if (!list(path).isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        if (names.containsKey(path)) {
            change(new NameChange.Delete(path));
        }
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        maybeFail(Call.RENAME, from);
        requireWritable();
        file(from);
        change(new NameChange.Rename(from, to));
    }

    @Override
    public synchronized void syncFolder(Path folder) throws IOException {
        maybeFail(Call.SYNC_FOLDER, folder);
        if (!names.containsKey(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
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
        private final Path path;
        private final SimulatedFile file;
        private final int openedIn;
        private boolean closed;

        Handle(Path path, SimulatedFile file, int openedIn) {
            this.path = path;
            this.file = file;
            this.openedIn = openedIn;
        }

        private void use(@Nullable Call call) throws IOException {
            if (closed || openedIn != generation) {
                throw new IOException("the file is closed");
            }
            if (call != null) {
                maybeFail(call, path);
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                use(Call.READ);
                if (unreadable.contains(path)) {
                    throw new IOException("simulated bad sector");
                }
                byte[] content = file.cached();
                if (position >= content.length) {
                    return -1;
                }
                int count = (int) Math.min(target.remaining(), content.length - position);
                target.put(content, (int) position, count);
                return count;
            }
        }

        /// Takes no more than a socket might, so that callers have to go on.
        @Override
        public long transferTo(long position, long count, WritableByteChannel target)
                throws IOException {
            ByteBuffer part = ByteBuffer.allocate((int) Math.min(count, 1000));
            return read(part, position) < 0 ? 0 : target.write(part.flip());
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
                    maybeFail(Call.WRITE, path);
                    if (isFull && grows && !isUndisturbed) {
                        throw new DiskFullException("simulated full disk");
                    }
                } catch (IOException | PowerCut e) {
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
                duringFlush.run();
                try {
                    maybeFail(Call.FLUSH, path);
                } catch (IOException e) {
                    file.failFlush(random);
                    throw e;
                }
                file.flush();
            }
            if (random.nextBoolean()) {
                duringFlush.run();
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
