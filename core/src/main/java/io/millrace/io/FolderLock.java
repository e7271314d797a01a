package io.millrace.io;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Keeps other processes out of a data folder, from [#acquire] to [#close] or the death of the
/// process.
///
/// The lock is the operating system's on the file `lock`, which also holds the owner's process id
/// for people to read. The file stays behind; only the lock on it counts.
public final class FolderLock implements AutoCloseable {
    private static final String FILE = "lock";

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /// @param folder is created if it is not there
    /// @throws MillraceException DATA_FOLDER_IN_USE, naming the folder and the process if it is
    ///   known
    /// @throws IOException if the folder cannot be written to
    public static FolderLock acquire(Path folder) throws IOException {
        create(folder.toAbsolutePath());
        Path file = folder.resolve(FILE);
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE);
        boolean acquired = false;
        try {
            if (tryLock(channel) == null) {
                throw new MillraceException(
                        ErrorCode.DATA_FOLDER_IN_USE,
                        "The data folder %s is used by another process%s. Stop it, or choose another folder."
                                .formatted(folder.toAbsolutePath(), owner(file)));
            }
            byte[] id =
                    Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(id), 0);
            acquired = true;
            return new FolderLock(channel);
        } finally {
            if (!acquired) {
                channel.close();
            }
        }
    }

    /// Makes each folder that is not there, and its name durable: a data folder must not vanish
    /// with what was acknowledged in it.
    private static void create(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (!Files.isDirectory(folder)) {
            if (parent != null) {
                create(parent);
            }
            Files.createDirectories(folder);
            if (parent != null) {
                try (FileChannel names = FileChannel.open(parent, StandardOpenOption.READ)) {
                    names.force(true);
                }
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            // This very process holds it, through another channel.
            return null;
        }
    }

    private static String owner(Path file) {
        try {
            String id = Files.readString(file).strip();
            return id.isEmpty() ? "" : " (process " + id + ")";
        } catch (IOException _) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
