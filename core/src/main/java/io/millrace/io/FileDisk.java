package io.millrace.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The machine's file system. Thread-safe.
public final class FileDisk implements Disk {
    /// Below this many free bytes a failed write is taken for a full disk, whatever it says.
    private static final long FULL_BYTES = 1 << 20;

    private static final Set<PosixFilePermission> PRIVATE =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final @Nullable FileBlocks blocks = FileBlocks.ofSystem();

    @Override
    public DiskFile open(Path file) throws IOException {
        try {
            return FileDiskFile.open(file, blocks);
        } catch (IOException e) {
            throw explained(e, file);
        }
    }

    @Override
    public DiskFile openPrivate(Path file) throws IOException {
        try {
            boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
            if (posix && !Files.exists(file)) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(PRIVATE));
            }
            return FileDiskFile.open(file, blocks);
        } catch (IOException e) {
            throw explained(e, file);
        }
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            List<String> names = new ArrayList<>();
            paths.forEach(path -> names.add(path.getFileName().toString()));
            names.sort(null);
            return names;
        } catch (NoSuchFileException | NotDirectoryException _) {
            return List.of();
        }
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public long size(Path file) throws IOException {
        return Files.size(file);
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw explained(e, folder);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw explained(e, path);
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw explained(e, to);
        }
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long freeBytes(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    /// The same failure as the type that says why. The system's words are English only in some
    /// locales, so the file system is asked as well.
    static IOException explained(IOException failure, Path path) {
        String words = String.valueOf(failure.getMessage());
        boolean full = words.contains("No space left") || words.contains("quota exceeded");
        boolean readOnly = words.contains("Read-only file system");
        if (!full && !readOnly) {
            Path folder = path.toAbsolutePath().getParent();
            try {
                FileStore store = Files.getFileStore(folder == null ? path : folder);
                readOnly = store.isReadOnly();
                full = store.getUsableSpace() < FULL_BYTES;
            } catch (IOException _) {
                return failure;
            }
        }
        if (readOnly) {
            return new DiskReadOnlyException(words, failure);
        }
        return full ? new DiskFullException(words, failure) : failure;
    }
}
