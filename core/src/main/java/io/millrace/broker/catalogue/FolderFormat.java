package io.millrace.broker.catalogue;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Disk;
import io.millrace.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The number of the layout that a data folder has, in its file `format`.
///
/// A server reads the folders of older ones and refuses those of newer ones, which it would
/// misread. A folder without the file is new, or from before there was one; it gets it.
public final class FolderFormat {
    /// Goes up when an older server could no longer read what this one writes.
    static final int CURRENT = 1;

    private static final String FILE = "format";
    private static final int BYTES_MAX = 32;

    private final Disk disk;

    public FolderFormat(Disk disk) {
        this.disk = disk;
    }

    /// @param folder the data folder; created if it is not there
    /// @throws MillraceException DATA_FOLDER_TOO_NEW, or PARTITION_CORRUPT if the file holds no
    ///   number
    public void check(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!disk.exists(file)) {
            write(folder, file);
            return;
        }
        String text = read(file);
        int format = number(text);
        if (format < 1) {
            throw new MillraceException(
                    ErrorCode.PARTITION_CORRUPT,
                    ("%s should hold the number of the data folder's format, and holds \"%s\"."
                                    + " Restore it from a backup.")
                            .formatted(file, text));
        }
        if (format > CURRENT) {
            throw new MillraceException(
                    ErrorCode.DATA_FOLDER_TOO_NEW,
                    ("The data folder %s has format %d, and this server knows formats up to %d."
                                    + " Start the newer server that made it, or choose another folder"
                                    + " with --data DIR. Nothing was changed.")
                            .formatted(folder, format, CURRENT));
        }
    }

    private void write(Path folder, Path file) throws IOException {
        if (!disk.exists(folder)) {
            disk.createFolders(folder);
            Path parent = folder.getParent();
            if (parent != null) {
                disk.syncFolder(parent);
            }
        }
        Path fresh = folder.resolve(FILE + ".new");
        try (DiskFile open = disk.open(fresh)) {
            byte[] text = (CURRENT + "\n").getBytes(StandardCharsets.US_ASCII);
            open.truncate(0);
            open.write(ByteBuffer.wrap(text), 0);
            open.flush();
        }
        disk.rename(fresh, file);
        disk.syncFolder(folder);
    }

    private String read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES_MAX);
        try (DiskFile open = disk.open(file)) {
            while (bytes.hasRemaining() && open.read(bytes, bytes.position()) > 0) {
                // Until the end.
            }
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1).strip();
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            return -1;
        }
    }
}
