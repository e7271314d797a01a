package io.millrace.gateway.http.message;

import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Quoted;
import io.millrace.event.format.JsonFormat;
import io.millrace.event.format.Utf8;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// Reads the documents of requests token by token, without a tree. Thread-safe.
public final class JsonBody {
    /// An event may stand in an object in an array in an object, and its data below it.
    private static final int DEPTH_MAX = JsonFormat.DATA_DEPTH_MAX + 4;

    private final JsonFactory factory =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH_MAX)
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    /// @throws MillraceException MEDIA_TYPE_UNSUPPORTED unless it is JSON or not said
    public static void check(@Nullable String contentType) {
        if (contentType != null && !isJson(contentType)) {
            throw new MillraceException(
                    ErrorCode.MEDIA_TYPE_UNSUPPORTED, "content-type", "must be application/json");
        }
    }

    /// Whether it is `application/json`, with whatever parameters.
    public static boolean isJson(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return type.strip().toLowerCase(Locale.ROOT).equals("application/json");
    }

    /// Reads a whole document.
    ///
    /// @param reading called with the cursor at the document's only value, of which it must leave
    ///   nothing; what it finds wrong it tells the cursor
    /// @return what `reading` gave
    /// @throws MillraceException REQUEST_INVALID with everything that is wrong
    public <T> T read(Bytes document, Function<JsonCursor, T> reading) {
        Bytes text = checked(document);
        ProblemCollector problems = new ProblemCollector(ErrorCode.REQUEST_INVALID);
        try (JsonParser parser =
                factory.createParser(
                        ObjectReadContext.empty(),
                        text.backingArray(),
                        text.backingStart(),
                        text.length())) {
            try {
                parser.nextToken();
                T result = reading.apply(new JsonCursor(parser, text, problems));
                if (parser.nextToken() != null) {
                    throw invalid("the document goes on after its end");
                }
                problems.throwIfAny();
                return result;
            } catch (JacksonException e) {
                throw invalid(
                        "the document is not JSON at byte %d: %s"
                                .formatted(
                                        parser.currentLocation().getByteOffset(),
                                        Quoted.shortened(e.getOriginalMessage())));
            }
        }
    }

    /// The document without a byte order mark, in UTF-8 beyond doubt.
    private static Bytes checked(Bytes document) {
        if (document.isEmpty()) {
            throw invalid("the body is missing; it is a JSON object");
        }
        byte[] array = document.backingArray();
        int from = document.backingStart();
        int malformed = Utf8.firstMalformed(array, from, from + document.length());
        if (malformed >= 0) {
            throw invalid("the document is not UTF-8 at byte %d".formatted(malformed - from));
        }
        for (int i = 0; i < Math.min(4, document.length()); i++) {
            if (document.at(i) == 0) {
                throw invalid("the document has a zero byte; it must be JSON in UTF-8");
            }
        }
        boolean marked =
                document.length() >= 3
                        && document.at(0) == (byte) 0xEF
                        && document.at(1) == (byte) 0xBB
                        && document.at(2) == (byte) 0xBF;
        return marked ? document.slice(3, document.length()) : document;
    }

    private static MillraceException invalid(String detail) {
        return new MillraceException(ErrorCode.REQUEST_INVALID, detail);
    }
}
