package io.millrace.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A folder tree on a disk, real or simulated. Thread-safe.
///
/// Names of files become durable only with [#syncFolder]: until then a crash may bring back a
/// deleted file, lose a created one or undo a rename.
///
/// Where the reason is known, a failure is a [DiskFullException] or a [DiskReadOnlyException].
public interface Disk {
    /// Opens a file for reading and writing, creating it if it is not there.
    DiskFile open(Path file) throws IOException;

    /// The same for a file that only this process's user may read, where the file system can tell
    /// users apart; an existing file keeps its permissions.
    DiskFile openPrivate(Path file) throws IOException;

    /// The names in a folder, sorted; empty if there is no such folder.
    List<String> list(Path folder) throws IOException;

    boolean exists(Path path) throws IOException;

    /// The size of a file in bytes.
    ///
    /// @throws java.nio.file.NoSuchFileException if it is not there
    long size(Path file) throws IOException;

    void createFolders(Path folder) throws IOException;

    /// Deletes a file or an empty folder; nothing happens if it is not there.
    void delete(Path path) throws IOException;

    /// Renames a file, replacing the target in one step.
    void rename(Path from, Path to) throws IOException;

    /// Makes creations, renames and deletions in the folder durable.
    void syncFolder(Path folder) throws IOException;

    /// Bytes that can still be written.
    long freeBytes(Path folder) throws IOException;
}
