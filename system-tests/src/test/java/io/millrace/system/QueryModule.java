package io.millrace.system;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a server loads with its first query, as the build left it.
final class QueryModule {
    private QueryModule() {}

    static String classPath() {
        return target().resolve("classes") + File.pathSeparator + libraries();
    }

    private static Path target() {
        return Path.of("..", "query", "target").toAbsolutePath().normalize();
    }

    /// Flink, without what Millrace adds.
    static String libraries() {
        try {
            return Files.readString(target().resolve("classpath.txt")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
