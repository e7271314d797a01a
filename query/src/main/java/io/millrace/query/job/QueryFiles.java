package io.millrace.query.job;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The folder of one query: where it began, its checkpoints, and whether it is paused.
final class QueryFiles {
    private static final String METADATA = "_metadata";
    private static final String JOB = "job.json";

    private final Path folder;
    private final JsonMapper mapper = new JsonMapper();

    /// Where a query began, in the streams that it reads and in those that it writes.
    record Begin(Map<String, Long> starts, Map<String, Long> written) {}

    QueryFiles(Path queries, String name, int incarnation) {
        this.folder = queries.resolve(name + "." + incarnation);
    }

    Path checkpoints() {
        return folder.resolve("checkpoints");
    }

    Path paused() {
        return folder.resolve("stopped");
    }

    Path savepoints() {
        return folder.resolve("savepoints");
    }

    @Nullable Begin begin() throws IOException {
        Path file = folder.resolve("begin.json");
        if (!Files.exists(file)) {
            return null;
        }
        JsonNode tree = mapper.readTree(Files.readAllBytes(file));
        return new Begin(offsets(tree.get("starts")), offsets(tree.get("written")));
    }

    private static Map<String, Long> offsets(JsonNode tree) {
        Map<String, Long> offsets = new HashMap<>();
        tree.properties().forEach(each -> offsets.put(each.getKey(), each.getValue().longValue()));
        return offsets;
    }

    /// Written before the query runs, so that one that dies early begins where it would have.
    void begin(Begin begin) throws IOException {
        ObjectNode tree = mapper.createObjectNode();
        ObjectNode starts = tree.putObject("starts");
        begin.starts.forEach(starts::put);
        ObjectNode written = tree.putObject("written");
        begin.written.forEach(written::put);
        Files.createDirectories(folder);
        write("begin.json", tree.toString());
    }

    private void write(String name, String text) throws IOException {
        Path fresh = folder.resolve(name + ".new");
        Files.writeString(fresh, text);
        try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        Files.move(
                fresh,
                folder.resolve(name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /// What is known of the job on a cluster; `null` if there is none.
    @Nullable ClusterJob job() throws IOException {
        Path file = folder.resolve(JOB);
        return Files.exists(file) ? ClusterJob.of(mapper.readTree(Files.readAllBytes(file))) : null;
    }

    /// Written before the job is submitted, so that none runs that nobody knows of.
    void job(ClusterJob job) throws IOException {
        Files.createDirectories(folder);
        write(JOB, job.toJson().toString());
    }

    /// The name of its folder.
    String name() {
        return String.valueOf(folder.getFileName());
    }

    boolean isPaused() {
        return Files.exists(folder.resolve("paused"));
    }

    void pause(boolean paused) throws IOException {
        Files.createDirectories(folder);
        if (paused) {
            write("paused", "");
        } else {
            Files.deleteIfExists(folder.resolve("paused"));
        }
    }

    /// The newest checkpoint or stop that is whole; `null` if there is none.
    @Nullable Path latest() throws IOException {
        Path latest = null;
        FileTime time = FileTime.fromMillis(0);
        for (Path place : new Path[] {checkpoints(), paused()}) {
            if (!Files.isDirectory(place)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(place, 3)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    boolean whole = METADATA.equals(String.valueOf(file.getFileName()));
                    if (whole && Files.getLastModifiedTime(file).compareTo(time) > 0) {
                        latest = file.getParent();
                        time = Files.getLastModifiedTime(file);
                    }
                }
            }
        }
        return latest;
    }

    /// Forgets where it was, so that it begins anew.
    void forgetState() throws IOException {
        deleteAll(checkpoints());
        deleteAll(paused());
        Files.deleteIfExists(folder.resolve("begin.json"));
        Files.deleteIfExists(folder.resolve(JOB));
    }

    void delete() throws IOException {
        deleteAll(folder);
    }

    static void deleteAll(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        var _ =
                Files.walkFileTree(
                        folder,
                        new SimpleFileVisitor<>() {
                            @Override
                            public FileVisitResult visitFile(Path file, BasicFileAttributes a)
                                    throws IOException {
                                Files.deleteIfExists(file);
                                return FileVisitResult.CONTINUE;
                            }

                            @Override
                            public FileVisitResult visitFileFailed(Path file, IOException e)
                                    throws IOException {
                                if (e instanceof NoSuchFileException) {
                                    return FileVisitResult.CONTINUE;
                                }
                                throw e;
                            }

                            @Override
                            public FileVisitResult postVisitDirectory(
                                    Path each, @Nullable IOException e) throws IOException {
                                Files.deleteIfExists(each);
                                return FileVisitResult.CONTINUE;
                            }
                        });
    }
}
