package io.millrace.gateway.http.message;

import io.millrace.config.Durations;
import io.millrace.config.ProblemCollector;
import io.millrace.config.Suggestions;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.Quoted;
import io.millrace.event.format.JsonFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Walks through a document that [JsonBody] reads. Owned by one thread.
///
/// Every reading method begins at a value and leaves nothing of it; if the value is wrong, that is
/// reported under its `path` and the method gives `null`.
public final class JsonCursor {
    private final JsonParser parser;
    private final Bytes document;
    private final ProblemCollector problems;

    JsonCursor(JsonParser parser, Bytes document, ProblemCollector problems) {
        this.parser = parser;
        this.document = document;
        this.problems = problems;
    }

    /// Reads one member of an object.
    @FunctionalInterface
    public interface Member {
        /// @param path of the member
        void read(String name, String path);
    }

    /// Reads the elements of an array.
    @FunctionalInterface
    public interface Element {
        /// @param path of the element, such as `ids[3]`
        void read(int index, String path);
    }

    /// Reports a problem.
    public void wrong(String path, String detail) {
        problems.add(path, detail);
    }

    /// Reads an object. Members that are `null` are passed over as if they were absent; those that
    /// are not known, come twice, or are missing, are reported.
    ///
    /// @param path of the object itself, empty for the document
    /// @param known names, at most 64
    /// @param required so many of the known names, from the first, must be there
    /// @return whether it is an object
    public boolean object(String path, List<String> known, int required, Member member) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            unfit(path, "must be a JSON object");
            return false;
        }
        String prefix = path.isEmpty() ? "" : path + ".";
        long seen = 0;
        long given = 0;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            int place = known.indexOf(name);
            long bit = 1L << place;
            if (place < 0) {
                unfit(
                        prefix + Quoted.shortened(name),
                        "is not known" + Suggestions.sentence(name, known));
                continue;
            }
            if ((seen & bit) != 0) {
                unfit(prefix + name, "appears twice");
            } else if (token != JsonToken.VALUE_NULL) {
                given |= bit;
                member.read(name, prefix + name);
            }
            seen |= bit;
        }
        for (int i = 0; i < required; i++) {
            if ((given & 1L << i) == 0) {
                wrong(prefix + known.get(i), "is missing");
            }
        }
        return true;
    }

    /// Reads an array.
    ///
    /// @param max how many elements it may have
    /// @throws MillraceException BATCH_TOO_LARGE if it has more
    public void array(String path, int max, Element element) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            unfit(path, "must be a JSON array");
            return;
        }
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (i == max) {
                throw new MillraceException(
                        ErrorCode.BATCH_TOO_LARGE,
                        path,
                        "has more than %d elements; send several requests".formatted(max));
            }
            element.read(i, path + "[" + i + "]");
        }
    }

    /// The texts in an array.
    public List<String> strings(String path, int max) {
        List<String> strings = new ArrayList<>();
        array(
                path,
                max,
                (_, at) -> {
                    String string = string(at);
                    if (string != null) {
                        strings.add(string);
                    }
                });
        return strings;
    }

    /// A text, without lone surrogates.
    public @Nullable String string(String path) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            unfit(path, "must be a string");
            return null;
        }
        String text = parser.getString();
        if (!isWellFormed(text)) {
            wrong(path, "has half of a surrogate pair");
            return null;
        }
        return text;
    }

    private static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                boolean pair =
                        i + 1 < text.length()
                                && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /// A text with at least one character that is no space, and at most so many.
    public @Nullable String sentence(String path, int lengthMax) {
        String text = string(path);
        if (text != null && (text.isBlank() || text.length() > lengthMax)) {
            wrong(path, "must be a text of 1 to %d characters".formatted(lengthMax));
            return null;
        }
        return text;
    }

    public @Nullable Boolean flag(String path) {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> {
                unfit(path, "must be true or false");
                yield null;
            }
        };
    }

    /// A duration with its unit.
    public @Nullable Duration duration(String path, Duration min, Duration max) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            try {
                Duration duration = Durations.parse(parser.getString());
                if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
                    return duration;
                }
            } catch (IllegalArgumentException _) {
                // Said below.
            }
        }
        unfit(path, Query.expected(min, max));
        return null;
    }

    /// A number, also with a fraction.
    public @Nullable Double number(String path, double min, double max) {
        if (parser.currentToken().isNumeric()) {
            double number = Double.parseDouble(parser.getString());
            if (number >= min && number <= max) {
                return number;
            }
        }
        unfit(path, "must be a number from %s to %s".formatted(plain(min), plain(max)));
        return null;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    /// A whole number.
    public @Nullable Long integer(String path, long min, long max) {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            long number = parser.getLongValue();
            if (number >= min && number <= max) {
                return number;
            }
        }
        unfit(path, "must be a whole number from %d to %d".formatted(min, max));
        return null;
    }

    /// A moment as RFC 3339 has it, in milliseconds since 1970.
    public @Nullable Long time(String path) {
        String text = string(path);
        if (text == null) {
            return null;
        }
        try {
            return Query.millis(path, text);
        } catch (MillraceException e) {
            e.problems().forEach(problems::add);
            return null;
        }
    }

    /// An event in the JSON format, its data byte for byte as they stand here.
    public @Nullable Event event(String path, JsonFormat format) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            unfit(path, "must be an event, a JSON object");
            return null;
        }
        long from = parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        long to = parser.currentLocation().getByteOffset();
        try {
            return format.read(document.slice((int) from, (int) to));
        } catch (MillraceException e) {
            for (Problem problem : e.problems()) {
                String field = problem.field() == null ? path : path + "." + problem.field();
                problems.add(new Problem(problem.code(), field, problem.detail()));
            }
            return null;
        }
    }

    /// A context, not percent-encoded.
    public @Nullable String context(String path) {
        String text = string(path);
        try {
            return text == null ? null : Context.of(text).path();
        } catch (MillraceException e) {
            e.problems()
                    .forEach(each -> problems.add(new Problem(each.code(), path, each.detail())));
            return null;
        }
    }

    private void unfit(String path, String detail) {
        wrong(path, detail);
        parser.skipChildren();
    }
}
