package io.millrace.system;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds what can be run in a Markdown document: fences that begin with `sh run`, each with the
/// fence `… output` that follows it, if one does, and fences that begin with `console run`, where
/// commands stand behind `$` and their outputs below them. Comments, which no reader of the
/// rendered document sees, say more:
///
/// | comment | meaning |
/// |---|---|
/// | `<!-- not run: REASON -->` | the next fence holds commands and is left out |
/// | `<!-- file: NAME -->` | the next fence is put into that file |
/// | `<!-- run: COMMAND -->` | preparation that the document does not show |
/// | `<!-- pattern: TEXT -->` | the next output is a sample; this is what it has in common with others |
/// | `<!-- example: NAME -->` | the document wants this example to publish |
///
/// A fence of commands that is neither run nor left out with a reason is refused, so that none is
/// forgotten.
public final class DocsSnippets {
    private static final Pattern COMMENT =
            Pattern.compile("<!-- (not run|file|run|pattern|example):(.*)-->", Pattern.DOTALL);
    private static final Pattern UNMARKED = Pattern.compile("sh|bash|shell|console");
    private static final Pattern COMMANDS =
            Pattern.compile("(?m)^(\\$|curl|java|mvn|npm|millrace|bin/millrace|\\./\\w+) ");

    private final String file;
    private final List<Snippet> snippets = new ArrayList<>();
    private @Nullable String example;
    private @Nullable Comment comment;
    private @Nullable Fence command;

    private DocsSnippets(String file) {
        this.file = file;
    }

    /// A document.
    ///
    /// @param file its path
    /// @param example the example that has to publish; `null` if none
    /// @param snippets its commands, in their order
    public record Page(String file, @Nullable String example, List<Snippet> snippets) {}

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

    private record Fence(int line, String info, String text) {}

    private record Comment(int line, String kind, String text) {}

    /// All commands of a document, in their order.
    ///
    /// @throws IllegalArgumentException if a fence is not closed, an output follows no command,
    ///   commands are not marked, or a sample is not as its pattern says
    public static List<Snippet> of(String file, String markdown) {
        return page(file, markdown).snippets;
    }

    /// A document with all its commands.
    ///
    /// @throws IllegalArgumentException as [#of(String, String)] does
    public static Page page(String file, String markdown) {
        DocsSnippets document = new DocsSnippets(file);
        document.read(markdown.lines().toList());
        return new Page(file, document.example, document.snippets);
    }

    /// Takes fences and comments at the left margin; an indented one is an example of them.
    private void read(List<String> lines) {
        int at = 0;
        while (at < lines.size()) {
            String line = lines.get(at);
            if (line.startsWith("```")) {
                int end = find(lines, at + 1, "```");
                String text = String.join("\n", lines.subList(at + 1, end));
                take(new Fence(at + 1, line.substring(3).strip(), text));
                at = end;
            } else if (COMMENT.matcher(line + "-->").lookingAt()) {
                int end = at;
                while (!lines.get(end).endsWith("-->") && end < lines.size() - 1) {
                    end++;
                }
                take(at + 1, String.join("\n", lines.subList(at, end + 1)));
                at = end;
            }
            at++;
        }
        take(new Fence(lines.size(), "", ""));
        if (comment != null) {
            throw wrong(comment.line, "no fence follows this comment");
        }
    }

    private int find(List<String> lines, int from, String start) {
        for (int i = from; i < lines.size(); i++) {
            if (lines.get(i).startsWith(start)) {
                return i;
            }
        }
        throw wrong(from, "the fence is not closed");
    }

    private void take(int line, String text) {
        Matcher matcher = COMMENT.matcher(text);
        if (!matcher.matches()) {
            throw wrong(line, "the comment is not closed");
        }
        Comment found = new Comment(line, matcher.group(1), matcher.group(2).strip());
        switch (found.kind) {
            case "example" -> example = found.text;
            case "run" -> {
                finishCommand();
                snippets.add(new Snippet(file, line, found.text, null));
            }
            default -> comment = found;
        }
    }

    private void take(Fence fence) {
        Comment said = comment;
        if (fence.info.endsWith(" output")) {
            takeOutput(fence, said);
            comment = null;
            return;
        }
        finishCommand();
        if (said != null && said.kind.equals("file") && !fence.text.isEmpty()) {
            String end = "END_OF_FILE";
            add(fence.line, "cat > " + said.text + " << '" + end + "'\n" + fence.text + "\n" + end);
            comment = null;
        } else if (fence.info.equals("sh run")) {
            command = fence;
        } else if (fence.info.equals("console run")) {
            addSession(fence);
        } else if (said != null && said.kind.equals("not run") && !fence.text.isEmpty()) {
            comment = null;
        } else if (UNMARKED.matcher(fence.info).matches()
                || (fence.info.isEmpty() && COMMANDS.matcher(fence.text).find())) {
            throw wrong(fence.line, "commands that are neither run nor marked as not run");
        }
    }

    private void takeOutput(Fence fence, @Nullable Comment said) {
        if (command == null) {
            throw wrong(fence.line, "an output without a command before it");
        }
        OutputPattern promised = OutputPattern.of(fence.text);
        if (said != null && said.kind.equals("pattern")) {
            promised = OutputPattern.of(said.text);
            promised.mismatch(fence.text)
                    .ifPresent(mismatch -> {
                        throw wrong(fence.line, "not as the pattern says: " + mismatch);
                    });
        }
        snippets.add(new Snippet(file, command.line, command.text, promised));
        command = null;
    }

    private void finishCommand() {
        if (command != null) {
            add(command.line, command.text);
            command = null;
        }
    }

    private void add(int line, String text) {
        snippets.add(new Snippet(file, line, text, null));
    }

    /// The commands of a session with the shell, and what is below each of them.
    private void addSession(Fence fence) {
        List<String> lines = fence.text.lines().toList();
        int at = 0;
        while (at < lines.size()) {
            if (!lines.get(at).startsWith("$ ")) {
                throw wrong(fence.line + 1 + at, "a session begins with a command behind '$ '");
            }
            int first = at;
            StringBuilder text = new StringBuilder(lines.get(at++).substring(2));
            while (text.toString().endsWith("\\") && at < lines.size()) {
                text.append('\n').append(lines.get(at++));
            }
            int output = at;
            while (at < lines.size() && !lines.get(at).startsWith("$ ")) {
                at++;
            }
            OutputPattern promised =
                    at == output
                            ? null
                            : OutputPattern.of(String.join("\n", lines.subList(output, at)));
            snippets.add(new Snippet(file, fence.line + 1 + first, text.toString(), promised));
        }
    }

    private IllegalArgumentException wrong(int line, String what) {
        return new IllegalArgumentException(file + ":" + line + ": " + what);
    }
}
