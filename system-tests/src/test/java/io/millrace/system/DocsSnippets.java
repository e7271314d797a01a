package io.millrace.system;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds what can be run in a Markdown document: fences that begin with `sh run`, each with the
/// fence `… output` that follows it, if one does.
public final class DocsSnippets {
    private DocsSnippets() {}

    /// A command of a document.
    ///
    /// @param file the document, for messages
    /// @param line the line of the fence, from 1
    /// @param command for bash
    /// @param output what is promised; `null` if only success is
    public record Snippet(String file, int line, String command, @Nullable OutputPattern output) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /// All commands of a document, in their order.
    ///
    /// @throws IllegalArgumentException if a fence is not closed, or an output follows no command
    public static List<Snippet> of(String file, String markdown) {
        List<Snippet> snippets = new ArrayList<>();
        @Nullable Fence command = null;
        for (Fence fence : fences(file, markdown)) {
            if (fence.info.endsWith(" output")) {
                if (command == null) {
                    throw new IllegalArgumentException(
                            file + ":" + fence.line + ": an output without a command before it");
                }
                snippets.add(command.snippet(file, OutputPattern.of(fence.text)));
                command = null;
            } else {
                if (command != null) {
                    snippets.add(command.snippet(file, null));
                }
                command = fence.info.equals("sh run") ? fence : null;
            }
        }
        if (command != null) {
            snippets.add(command.snippet(file, null));
        }
        return snippets;
    }

    private record Fence(int line, String info, String text) {
        Snippet snippet(String file, @Nullable OutputPattern output) {
            return new Snippet(file, line, text, output);
        }
    }

    /// Fences at the left margin; an indented one is an example of a fence.
    private static List<Fence> fences(String file, String markdown) {
        List<Fence> fences = new ArrayList<>();
        List<String> lines = markdown.lines().toList();
        int at = 0;
        while (at < lines.size()) {
            if (lines.get(at).startsWith("```")) {
                int end = at + 1;
                while (end < lines.size() && !lines.get(end).startsWith("```")) {
                    end++;
                }
                if (end == lines.size()) {
                    throw new IllegalArgumentException(
                            file + ":" + (at + 1) + ": the fence is not closed");
                }
                String info = lines.get(at).substring(3).strip();
                fences.add(new Fence(at + 1, info, String.join("\n", lines.subList(at + 1, end))));
                at = end;
            }
            at++;
        }
        return fences;
    }
}
