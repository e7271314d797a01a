package io.millrace.event.filter;

import io.millrace.event.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where a field is in JSON data: names with dots between them (`room.kind`), or a JSON Pointer
/// (RFC 6901) if it begins with `/`, for names that have dots or are empty. The empty path is the
/// data as a whole.
///
/// In an array, a name of digits selects one element; any other name is looked for in all of them.
///
/// @param text as it was written
/// @param names from the outside to the inside
public record DataPath(String text, List<String> names) {
    /// How many names a path may have.
    public static final int NAMES_MAX = 32;

    private static final int FOUND_MAX = 5;
    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");
    private static final Pattern BAD_ESCAPE = Pattern.compile("~(?![01])");

    public DataPath {
        names = List.copyOf(names);
    }

    /// @throws IllegalArgumentException with a sentence that says what is wrong
    static DataPath parse(String text) {
        List<String> names = new ArrayList<>();
        boolean pointer = text.startsWith("/");
        if (pointer && BAD_ESCAPE.matcher(text).find()) {
            throw new IllegalArgumentException(
                    "in a path that begins with /, write ~0 for ~ and ~1 for /");
        }
        String[] parts = text.isEmpty() ? new String[0] : text.split(pointer ? "/" : "\\.", -1);
        for (int i = pointer ? 1 : 0; i < parts.length; i++) {
            if (parts[i].isEmpty() && !pointer) {
                throw new IllegalArgumentException(
                        "has an empty name; write names with one dot between them, or a JSON"
                                + " Pointer such as /a.b/c");
            }
            names.add(pointer ? parts[i].replace("~1", "/").replace("~0", "~") : parts[i]);
        }
        if (names.size() > NAMES_MAX) {
            throw new IllegalArgumentException("has more than %d names".formatted(NAMES_MAX));
        }
        return new DataPath(text, names);
    }

    /// What is done with the values that a path leads to.
    interface Visitor {
        /// @return whether to stop
        boolean visit(JsonNode value);
    }

    /// Shows the visitor every value at this path, until it wants to stop. An array at the end of
    /// the path is one value.
    ///
    /// @return whether the visitor has stopped
    boolean walk(@Nullable JsonNode root, Visitor visitor) {
        return root != null && walk(root, 0, visitor);
    }

    private boolean walk(JsonNode node, int depth, Visitor visitor) {
        if (depth == names.size()) {
            return visitor.visit(node);
        }
        String name = names.get(depth);
        if (node.isObject()) {
            JsonNode child = node.get(name);
            return child != null && walk(child, depth + 1, visitor);
        }
        if (!node.isArray()) {
            return false;
        }
        if (isIndex(name)) {
            JsonNode element = node.get(Integer.parseInt(name));
            return element != null && walk(element, depth + 1, visitor);
        }
        for (int i = 0; i < node.size(); i++) {
            if (walk(node.get(i), depth, visitor)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIndex(String name) {
        return !name.isEmpty()
                && name.charAt(0) >= '0'
                && name.charAt(0) <= '9'
                && INDEX.matcher(name).matches();
    }

    /// The values at this path for people, shortened; `null` if there are none.
    @Nullable String found(@Nullable JsonNode root) {
        List<String> values = new ArrayList<>();
        boolean more =
                walk(
                        root,
                        value -> {
                            if (values.size() == FOUND_MAX) {
                                return true;
                            }
                            values.add(Quoted.shortened(value.toString()));
                            return false;
                        });
        return values.isEmpty() ? null : String.join(", ", values) + (more ? ", …" : "");
    }

    /// As it was written, shortened; the data as a whole is `""`.
    @Override
    public String toString() {
        return text.isEmpty() ? "\"\"" : Quoted.shortened(text);
    }
}
