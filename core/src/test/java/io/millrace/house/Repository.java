package io.millrace.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All text files of a checkout that people have written. Immutable.
public final class Repository {
    private static final Set<String> FOLDERS_LEFT_OUT =
            Set.of("target", "node_modules", ".git", ".data", ".idea", ".vscode", ".settings");
    private static final Set<String> FILES_LEFT_OUT =
            Set.of("package-lock.json", "LICENSE", ".git", ".classpath", ".project");

    private final Map<String, SourceText> files = new TreeMap<>();
    private final Set<String> others;

    /// A checkout in memory, for samples.
    ///
    /// @param texts content by path
    public Repository(Map<String, String> texts) {
        this(texts, Set.of());
    }

    private Repository(Map<String, String> texts, Set<String> others) {
        texts.forEach((path, text) -> files.put(path, new SourceText(path, text)));
        this.others = others;
    }

    /// The checkout that the test runs in.
    public static Repository here() {
        Path root = root();
        Map<String, String> texts = new TreeMap<>();
        Set<String> others = new java.util.TreeSet<>();
        try {
            Files.walkFileTree(root, new Walk(root, texts, others));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Repository(texts, others);
    }

    /// The folder of the checkout that the test runs in.
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("LICENSE"))) {
            Path parent = folder.getParent();
            if (parent == null) {
                throw new IllegalStateException("no LICENSE above " + Path.of("").toAbsolutePath());
            }
            folder = parent;
        }
        return folder;
    }

    public Collection<SourceText> files() {
        return files.values();
    }

    public @Nullable SourceText file(String path) {
        return files.get(path);
    }

    /// Whether there is a file, text or not, or a folder of that path.
    public boolean exists(String path) {
        return path.isEmpty()
                || files.containsKey(path)
                || others.contains(path)
                || files.keySet().stream().anyMatch(file -> file.startsWith(path + "/"))
                || others.stream().anyMatch(file -> file.startsWith(path + "/"));
    }

    /// Whether a file's path ends like this.
    public boolean hasFileEndingIn(String end) {
        return files.keySet().stream().anyMatch(file -> file.endsWith(end));
    }

    private static final class Walk extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Map<String, String> texts;
        private final Set<String> others;

        Walk(Path root, Map<String, String> texts, Set<String> others) {
            this.root = root;
            this.texts = texts;
            this.others = others;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = String.valueOf(folder.getFileName());
            return FOLDERS_LEFT_OUT.contains(name)
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            String path = root.relativize(file).toString().replace('\\', '/');
            String name = String.valueOf(file.getFileName());
            try {
                if (attributes.size() > 1 << 20 || FILES_LEFT_OUT.contains(name)) {
                    others.add(path);
                } else {
                    texts.put(path, Files.readString(file));
                }
            } catch (MalformedInputException e) {
                others.add(path);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
