package io.millrace.house;

import java.util.List;

/// A text file of the repository.
///
/// @param path relative to the repository, with `/`
/// @param text as it is
public record SourceText(String path, String text) {
    public List<String> lines() {
        return text.lines().toList();
    }

    /// The file's name without its folder.
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /// The folder with no `/` at its end; empty for the repository itself.
    public String folder() {
        return path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
    }

    public boolean isJava() {
        return path.endsWith(".java");
    }

    public boolean isMarkdown() {
        return path.endsWith(".md");
    }

    /// Whether it is Java that is shipped, in contrast to tests and benchmarks.
    public boolean isMainJava() {
        return isJava() && path.contains("src/main/java/");
    }

    /// The line, counted from 1, that a place in the text is on.
    public int lineAt(int index) {
        return 1 + (int) text.substring(0, index).chars().filter(c -> c == '\n').count();
    }

    /// How a problem names the place.
    public String at(int line) {
        return path + ":" + line + ": ";
    }
}
