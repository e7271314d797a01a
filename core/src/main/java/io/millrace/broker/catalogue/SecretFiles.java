package io.millrace.broker.catalogue;

import io.millrace.config.DocumentReader;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.io.Disk;
import io.millrace.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The secrets of resources, each resource's in a file of its own that only the server's user may
/// read: `secrets/<number>`, a JSON object of paths and secrets. A file is never changed; other
/// secrets make another file, and the record of the change says which one holds. Used by one thread
/// at a time.
public final class SecretFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SecretFiles.class);

    private final Disk disk;
    private final Path folder;
    private final DocumentReader reader = new DocumentReader();

    /// @param data the data folder
    public SecretFiles(Disk disk, Path data) {
        this.disk = disk;
        this.folder = data.resolve("secrets");
    }

    /// The numbers of all files.
    List<Integer> numbers() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (String name : disk.list(folder)) {
            if (name.matches("[0-9]{1,9}")) {
                numbers.add(Integer.valueOf(name));
            }
        }
        return numbers;
    }

    /// Writes a new file; it is on disk when this returns.
    ///
    /// @throws MillraceException DISK_FULL, DISK_READ_ONLY, PARTITION_FAILED
    void write(int number, Map<String, String> secrets) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        new TreeMap<>(secrets).forEach(document::put);
        ByteBuffer bytes = ByteBuffer.wrap(document.toString().getBytes(StandardCharsets.UTF_8));
        try {
            if (!disk.exists(folder)) {
                disk.createFolders(folder);
                Path data = folder.getParent();
                if (data != null) {
                    disk.syncFolder(data);
                }
            }
            try (DiskFile file = disk.openPrivate(file(number))) {
                file.truncate(0);
                file.write(bytes, 0);
                file.flush();
            }
            disk.syncFolder(folder);
        } catch (IOException e) {
            delete(number);
            throw new MillraceException(
                    ErrorCode.PARTITION_FAILED,
                    "the secrets cannot be written to %s: %s".formatted(folder, e.getMessage()),
                    e);
        }
    }

    /// Reads a file.
    ///
    /// @param of whose secrets they are, for messages
    /// @throws MillraceException PARTITION_CORRUPT if the file is not there or makes no sense
    Map<String, String> read(int number, String of) throws IOException {
        Path file = file(number);
        if (!disk.exists(file)) {
            throw missing(file, of, "is not there");
        }
        List<ObjectNode> documents;
        try (DiskFile open = disk.open(file)) {
            byte[] bytes = new byte[(int) Math.min(open.size(), DocumentReader.BYTES_MAX)];
            ByteBuffer target = ByteBuffer.wrap(bytes);
            while (target.hasRemaining() && open.read(target, target.position()) > 0) {
                // Until the end.
            }
            documents =
                    reader.read(
                            Bytes.wrap(bytes),
                            DocumentReader.Format.JSON,
                            ErrorCode.PARTITION_CORRUPT);
        } catch (MillraceException _) {
            // What cannot be read may be a secret: nothing of it is told.
            throw missing(file, of, "is no JSON object");
        }
        if (documents.size() != 1) {
            throw missing(file, of, "is no JSON object");
        }
        Map<String, String> secrets = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : documents.getFirst().properties()) {
            if (!field.getValue().isString()) {
                throw missing(file, of, "has something else than texts");
            }
            secrets.put(field.getKey(), field.getValue().stringValue());
        }
        return secrets;
    }

    static MillraceException missing(Path file, String of, String what) {
        return new MillraceException(
                ErrorCode.PARTITION_CORRUPT,
                ("%s, the file of the secrets of %s, %s. Restore it from a backup, or write it: a"
                                + " JSON object of the paths that are *** in the document, each with"
                                + " its secret, such as {\"push.bearer\": \"...\"}.")
                        .formatted(file, of, what));
    }

    Path file(int number) {
        return folder.resolve(Integer.toString(number));
    }

    /// Deletes a file that no record needs. One that stays goes at the next start.
    void delete(int number) {
        try {
            if (number != 0 && disk.exists(file(number))) {
                disk.delete(file(number));
                disk.syncFolder(folder);
            }
        } catch (IOException e) {
            LOG.warn("The secrets in {} are not needed, but stay: {}", file(number), e.toString());
        }
    }

    /// Deletes the files that no resource needs.
    void keep(Set<Integer> needed) throws IOException {
        for (int number : numbers()) {
            if (!needed.contains(number)) {
                delete(number);
            }
        }
    }
}
