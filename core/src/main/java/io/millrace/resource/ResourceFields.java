package io.millrace.resource;

import io.millrace.config.Durations;
import io.millrace.config.Fields;
import io.millrace.config.ProblemCollector;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what documents of several kinds have in common. As with [Fields], `null` stands for what
/// is absent or wrong.
final class ResourceFields {
    private static final int DELAYS_MAX = 100;

    private ResourceFields() {}

    /// The fields of a document, whose kind must be this one.
    static Fields of(ResourceDocument document, ResourceKind kind, ProblemCollector problems) {
        Fields fields = new Fields(document.tree(), document.path(), problems);
        if (!fields.is("kind", kind.word())) {
            fields.wrong("kind", "must be " + kind.word());
        }
        fields.string("name");
        return fields;
    }

    static @Nullable Duration duration(Fields fields, String key, Duration min, Duration max) {
        Duration duration = fields.duration(key);
        if (duration == null || within(duration, min, max)) {
            return duration;
        }
        fields.wrong(key, bounds(min, max));
        return null;
    }

    private static boolean within(Duration duration, Duration min, Duration max) {
        return duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0;
    }

    private static String bounds(Duration min, Duration max) {
        return "must be from %s to %s".formatted(Durations.print(min), Durations.print(max));
    }

    /// A list of delays.
    ///
    /// @return empty if it is absent; what is wrong is left out and reported
    static List<Duration> delays(Fields fields, String key, Duration max) {
        List<String> texts = fields.strings(key);
        List<Duration> delays = new ArrayList<>();
        if (texts.size() > DELAYS_MAX) {
            fields.wrong(key, "must have at most %d delays".formatted(DELAYS_MAX));
            return delays;
        }
        for (int i = 0; i < texts.size(); i++) {
            String path = "%s[%d]".formatted(key, i);
            try {
                Duration delay = Durations.parse(texts.get(i));
                delays.add(delay);
                if (delay.compareTo(max) > 0) {
                    fields.wrong(path, bounds(Duration.ZERO, max));
                }
            } catch (IllegalArgumentException e) {
                fields.wrong(path, String.valueOf(e.getMessage()));
            }
        }
        return delays;
    }

    static void write(ObjectNode document, String key, List<Duration> delays) {
        ArrayNode list = document.putArray(key);
        delays.forEach(delay -> list.add(Durations.print(delay)));
    }

    static @Nullable Context context(Fields fields, String key) {
        String path = fields.string(key);
        if (path == null) {
            return null;
        }
        try {
            return Context.of(path);
        } catch (MillraceException e) {
            wrong(fields, key, e);
            return null;
        }
    }

    static @Nullable String name(Fields fields, String key) {
        String name = fields.string(key);
        if (name == null || ResourceReader.isName(name)) {
            return name;
        }
        fields.wrong(key, "must be a name: 1 to 63 of a-z, 0-9 and -, not beginning with -");
        return null;
    }

    /// Reports what someone else found wrong with a field's value.
    static void wrong(Fields fields, String key, MillraceException found) {
        for (Problem problem : found.problems()) {
            fields.wrong(key, problem.detail());
        }
    }
}
