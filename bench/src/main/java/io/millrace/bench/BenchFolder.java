package io.millrace.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// A folder for one run, below `-Dbench.folder` or the system's temporary folder.
public record BenchFolder(Path path) implements AutoCloseable {
    public static BenchFolder create() {
        try {
            String parent =
                    System.getProperty("bench.folder", System.getProperty("java.io.tmpdir"));
            return new BenchFolder(Files.createTempDirectory(Path.of(parent), "millrace-bench"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> paths = Files.walk(path)) {
            for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
