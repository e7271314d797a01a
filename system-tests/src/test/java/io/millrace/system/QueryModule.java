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
        Path target = Path.of("..", "query", "target").toAbsolutePath().normalize();
        try {
            return target.resolve("classes")
                    + File.pathSeparator
                    + Files.readString(target.resolve("classpath.txt")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
