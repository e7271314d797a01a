package io.millrace.query.job;

import io.millrace.event.Event;
import io.millrace.query.source.LogSource;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a cluster needs to run a query besides Flink: the jars of this room, of the broker's core
/// and of what reads JSON, some five megabytes. Classes that lie in a folder, as in a build, are
/// packed first. Thread-safe.
final class JobArtifact {
    /// One class of each library.
    private static final List<String> MEMBERS =
            List.of(
                    LogSource.class.getName(),
                    Event.class.getName(),
                    "tools.jackson.databind.JsonNode",
                    "tools.jackson.core.JsonParser",
                    "com.fasterxml.jackson.annotation.JsonProperty");

    private final Path folder;
    private @Nullable List<Path> jars;

    /// @param folder for jars that have to be packed
    JobArtifact(Path folder) {
        this.folder = folder;
    }

    synchronized List<Path> jars() throws IOException {
        List<Path> known = jars;
        if (known == null) {
            known = new ArrayList<>();
            for (String member : MEMBERS) {
                Path place = place(member);
                known.add(Files.isDirectory(place) ? packed(place, known.size()) : place);
            }
            jars = known;
        }
        return known;
    }

    private static Path place(String name) throws IOException {
        try {
            Class<?> member = Class.forName(name, false, JobArtifact.class.getClassLoader());
            CodeSource source = member.getProtectionDomain().getCodeSource();
            URL location = source == null ? null : source.getLocation();
            if (location == null) {
                throw new IOException("nobody knows where " + name + " comes from");
            }
            URI uri = location.toURI();
            // A link to a folder would be an empty jar.
            return Path.of(uri).toRealPath();
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new IOException("the job cannot be packed: " + e, e);
        }
    }

    private Path packed(Path classes, int number) throws IOException {
        Files.createDirectories(folder);
        Path jar = folder.resolve("classes-%d.jar".formatted(number));
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return jar;
    }
}
