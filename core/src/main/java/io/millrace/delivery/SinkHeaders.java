package io.millrace.delivery;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Headers that a user wants in each delivery, besides those that the protocol sets. Their values
/// may be keys, so none is ever shown. Immutable.
public final class SinkHeaders {
    public static final SinkHeaders NONE = new SinkHeaders(Map.of());

    private static final int COUNT_MAX = 50;
    private static final int VALUE_LENGTH_MAX = 4096;

    /// What belongs to the protocol, or to the connection.
    private static final Set<String> RESERVED =
            Set.of(
                    "host",
                    "connection",
                    "content-encoding",
                    "content-length",
                    "content-type",
                    "expect",
                    "http2-settings",
                    "keep-alive",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    private final Map<String, Secret> values;

    private SinkHeaders(Map<String, Secret> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /// @param field which the headers are of, to be named in errors
    /// @throws MillraceException RESOURCE_INVALID with everything that is wrong
    public static SinkHeaders of(String field, Map<String, Secret> headers) {
        List<Problem> problems = new ArrayList<>();
        Map<String, Secret> values = new LinkedHashMap<>();
        if (headers.size() > COUNT_MAX) {
            problems.add(problem(field, "must be at most %d headers".formatted(COUNT_MAX)));
        }
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            String wrong = wrong(lower, value.reveal());
            if (wrong == null && values.put(lower, value) != null) {
                wrong = "is given twice";
            }
            if (wrong != null) {
                problems.add(problem(field + "." + printable(name), wrong));
            }
        });
        if (!problems.isEmpty()) {
            throw new MillraceException(problems);
        }
        return new SinkHeaders(values);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    private static @Nullable String wrong(String name, String value) {
        if (!name.matches("[!#$%&'*+.^_`|~0-9a-z-]{1,256}")) {
            return "is no name of a header";
        }
        boolean reserved =
                RESERVED.contains(name)
                        || name.startsWith("ce-")
                        || name.startsWith("proxy-")
                        || name.startsWith("webhook-");
        if (reserved) {
            return "is set by the protocol itself";
        }
        if (value.length() > VALUE_LENGTH_MAX) {
            return "must have at most %d characters".formatted(VALUE_LENGTH_MAX);
        }
        boolean clean = value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7F));
        return clean && value.equals(value.strip())
                ? null
                : "must be printable ASCII without line breaks and outer blanks";
    }

    /// Names come from users: nothing in them may break a log line.
    private static String printable(String name) {
        String shown = name.length() > 64 ? name.substring(0, 64) : name;
        return shown.replaceAll("[^\\x21-\\x7E]", "?");
    }

    private static Problem problem(String field, String detail) {
        return new Problem(ErrorCode.RESOURCE_INVALID, field, detail);
    }

    public boolean contains(String name) {
        return values.containsKey(name);
    }

    /// The values by name, in lower case.
    public Map<String, Secret> values() {
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SinkHeaders that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    public void forEach(BiConsumer<String, Secret> action) {
        values.forEach(action);
    }

    /// The names alone.
    @Override
    public String toString() {
        return values.keySet().toString();
    }
}
