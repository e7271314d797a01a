package io.millrace.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Options of a run, as in `--rounds 5`.
public final class Arguments {
    private final Map<String, String> values = new HashMap<>();

    private Arguments() {}

    /// @param known the names of all options, with blanks between them
    /// @throws IllegalArgumentException if there are others, or one has no value
    public static Arguments of(String[] given, String known) {
        List<String> names = List.of(known.split(" "));
        Arguments arguments = new Arguments();
        for (int i = 0; i < given.length; i += 2) {
            String name = given[i].startsWith("--") ? given[i].substring(2) : "";
            if (!names.contains(name) || i + 1 == given.length) {
                throw new IllegalArgumentException(
                        "%s; options, each with a value: %s".formatted(given[i], known));
            }
            arguments.values.put(name, given[i + 1]);
        }
        return arguments;
    }

    public int number(String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    public @Nullable Path path(String name) {
        String value = values.get(name);
        return value == null ? null : Path.of(value).toAbsolutePath();
    }
}
