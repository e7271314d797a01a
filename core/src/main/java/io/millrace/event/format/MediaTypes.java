package io.millrace.event.format;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a media type says about the bytes that it belongs to. Types and the names of parameters are
/// compared without regard to case; parameters other than `charset` do not matter.
public final class MediaTypes {
    public static final String JSON = "application/json";
    public static final String STRUCTURED_JSON = "application/cloudevents+json";
    public static final String BATCH_JSON = "application/cloudevents-batch+json";

    /// Types outside `text/` whose content is text all the same, besides `+xml` and `+yaml`.
    private static final Set<String> TEXT =
            Set.of(
                    "application/xml",
                    "application/yaml",
                    "application/x-yaml",
                    "application/toml",
                    "application/javascript",
                    "application/ecmascript",
                    "application/graphql",
                    "application/sql",
                    "application/x-ndjson",
                    "application/x-www-form-urlencoded",
                    "application/edifact",
                    "application/edi-x12",
                    "application/edi-consent");

    /// What data of a media type is.
    enum Content {
        /// One JSON value in UTF-8: `*/json` or `*/*+json`.
        JSON,
        /// Text in UTF-8.
        TEXT,
        /// Anything else, text in another charset included.
        BYTES
    }

    private MediaTypes() {}

    /// The mode of a message with this content type; without one it is binary.
    public static ContentMode mode(@Nullable String contentType) {
        if (contentType == null || !isPrefix(contentType, "application/cloudevents")) {
            return ContentMode.BINARY;
        }
        String type = type(contentType);
        boolean utf8 = isUtf8(contentType);
        if (utf8 && type.equalsIgnoreCase(STRUCTURED_JSON)) {
            return ContentMode.STRUCTURED_JSON;
        }
        if (utf8 && type.equalsIgnoreCase(BATCH_JSON)) {
            return ContentMode.BATCH_JSON;
        }
        return ContentMode.UNSUPPORTED;
    }

    /// Whether data of this type is JSON: `*/json` or `*/*+json` (CloudEvents JSON format, section
    /// 3.1.1), whatever its charset.
    public static boolean isJson(String contentType) {
        if (contentType.equals(JSON)) {
            return true;
        }
        String type = type(contentType);
        return isSuffix(type, "/json") || isSuffix(type, "+json");
    }

    /// Whether data of this type is text in UTF-8, other than JSON.
    public static boolean isText(@Nullable String contentType) {
        return content(contentType) == Content.TEXT;
    }

    static Content content(@Nullable String contentType) {
        if (contentType == null) {
            return Content.BYTES;
        }
        if (contentType.equals(JSON)) {
            return Content.JSON;
        }
        if (!isUtf8(contentType)) {
            return Content.BYTES;
        }
        if (isJson(contentType)) {
            return Content.JSON;
        }
        String type = type(contentType).toLowerCase(Locale.ROOT);
        boolean text =
                type.startsWith("text/")
                        || type.endsWith("+xml")
                        || type.endsWith("+yaml")
                        || TEXT.contains(type);
        return text ? Content.TEXT : Content.BYTES;
    }

    /// The type without its parameters.
    private static String type(String contentType) {
        int semicolon = contentType.indexOf(';');
        return semicolon < 0 ? contentType.strip() : contentType.substring(0, semicolon).strip();
    }

    /// Whether the charset is UTF-8 or its part ASCII, or not given.
    private static boolean isUtf8(String contentType) {
        String charset = charset(contentType);
        return charset == null
                || charset.equalsIgnoreCase("utf-8")
                || charset.equalsIgnoreCase("utf8")
                || charset.equalsIgnoreCase("us-ascii");
    }

    /// The charset as it is written, without quotes; `null` if none is given.
    static @Nullable String charset(String contentType) {
        int at = contentType.indexOf(';');
        while (at >= 0 && at < contentType.length()) {
            int from = at + 1;
            at = parameterEnd(contentType, from);
            String parameter = contentType.substring(from, at).strip();
            if (isPrefix(parameter, "charset=")) {
                String value = parameter.substring("charset=".length());
                boolean quoted =
                        value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                return quoted ? value.substring(1, value.length() - 1) : value;
            }
        }
        return null;
    }

    /// The next semicolon outside quotes, or the end.
    private static int parameterEnd(String contentType, int from) {
        boolean quoted = false;
        for (int i = from; i < contentType.length(); i++) {
            char c = contentType.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\') {
                i++;
            } else if (!quoted && c == ';') {
                return i;
            }
        }
        return contentType.length();
    }

    private static boolean isPrefix(String text, String prefix) {
        return text.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    private static boolean isSuffix(String text, String suffix) {
        return text.regionMatches(
                true, text.length() - suffix.length(), suffix, 0, suffix.length());
    }
}
