package io.millrace.event;

import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What makes a CloudEvent valid (CloudEvents 1.0, sections "Context Attributes" and "Type
/// System").
final class EventRules {
    /// The specification only advises to stay within 20 characters, so longer names are taken; this
    /// limit keeps them within what headers of every protocol carry.
    private static final int NAME_LENGTH_MAX = 128;

    /// Names that an extension cannot have: those of the core attributes, and `data`.
    private static final Set<String> TAKEN =
            Set.of(
                    "specversion",
                    "id",
                    "source",
                    "type",
                    "subject",
                    "time",
                    "datacontenttype",
                    "dataschema",
                    "data");

    private EventRules() {}

    static void check(EventBuilder event) {
        required(event, "id", event.id);
        required(event, "source", event.source);
        required(event, "type", event.type);
        uriReference(event, "source", event.source);
        optional(event, "subject", event.subject);
        contentType(event, event.dataContentType);
        optional(event, "dataschema", event.dataSchema);
        if (event.dataSchema != null && !event.dataSchema.isEmpty()) {
            uri(event, "dataschema", event.dataSchema);
        }
        if (!event.extensions.isEmpty()) {
            event.extensions.forEach((name, value) -> extension(event, name, value));
        }
    }

    private static void extension(EventBuilder event, String name, AttributeValue value) {
        if (!isName(name)) {
            wrong(
                    event,
                    Quoted.shortened(name),
                    "an attribute's name has 1 to %d characters of a-z and 0-9"
                            .formatted(NAME_LENGTH_MAX));
        } else if (TAKEN.contains(name)) {
            wrong(event, name, "this name cannot be an extension's");
        }
        switch (value) {
            case AttributeValue.StringValue(String text) -> text(event, name, text);
            case AttributeValue.UriReferenceValue(String text) -> {
                text(event, name, text);
                uriReference(event, name, text);
            }
            case AttributeValue.UriValue(String text) -> {
                text(event, name, text);
                uri(event, name, text);
            }
            case AttributeValue.BooleanValue _, AttributeValue.IntegerValue _ -> {}
            case AttributeValue.BinaryValue _, AttributeValue.TimestampValue _ -> {}
        }
    }

    private static boolean isName(String name) {
        if (name.isEmpty() || name.length() > NAME_LENGTH_MAX) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    private static void required(EventBuilder event, String name, @Nullable String value) {
        if (value == null) {
            wrong(event, name, "is missing");
        } else if (value.isEmpty()) {
            wrong(event, name, "must not be empty");
        } else {
            text(event, name, value);
        }
    }

    private static void optional(EventBuilder event, String name, @Nullable String value) {
        if (value != null) {
            if (value.isEmpty()) {
                wrong(event, name, "must not be empty; leave it out instead");
            } else {
                text(event, name, value);
            }
        }
    }

    /// Refuses what the type String forbids: control characters, noncharacters and lone surrogates.
    private static void text(EventBuilder event, String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 0x20 && c < 0x7F) {
                continue;
            }
            int codePoint = value.codePointAt(i);
            if (!isAllowed(codePoint)) {
                wrong(
                        event,
                        name,
                        "has the forbidden character U+%04X at %d".formatted(codePoint, i));
                return;
            }
            if (Character.isSupplementaryCodePoint(codePoint)) {
                i++;
            }
        }
    }

    static boolean isAllowed(int codePoint) {
        boolean control = codePoint <= 0x1F || (codePoint >= 0x7F && codePoint <= 0x9F);
        boolean surrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
        boolean noncharacter =
                (codePoint & 0xFFFE) == 0xFFFE || (codePoint >= 0xFDD0 && codePoint <= 0xFDEF);
        return !control && !surrogate && !noncharacter;
    }

    /// Demands `type/subtype`, perhaps with parameters, all in printable ASCII (RFC 2045, section
    /// 5.1), because headers carry this attribute as it is.
    private static void contentType(EventBuilder event, @Nullable String value) {
        if (value == null || value.equals("application/json")) {
            return;
        }
        int slash = tokenEnd(value, 0);
        int end = slash < value.length() ? tokenEnd(value, slash + 1) : slash;
        boolean named =
                slash > 0
                        && slash < value.length()
                        && value.charAt(slash) == '/'
                        && end > slash + 1;
        boolean ended =
                end == value.length()
                        || value.charAt(end) == ';'
                        || value.substring(end).stripLeading().startsWith(";");
        if (!named || !ended || !isPrintable(value)) {
            wrong(
                    event,
                    "datacontenttype",
                    "must be a media type such as application/json, but is \"%s\""
                            .formatted(Quoted.shortened(value)));
        }
    }

    private static int tokenEnd(String value, int from) {
        int at = from;
        while (at < value.length() && isTokenCharacter(value.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isTokenCharacter(char c) {
        return c > ' ' && c < 0x7F && "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
    }

    private static boolean isPrintable(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    /// A fragment is let through although RFC 3986, section 4.3, has none: schemas are widely named
    /// with one.
    private static void uri(EventBuilder event, String name, String value) {
        if (UriScheme.end(value) < 0) {
            wrong(event, name, "must be an absolute URI, beginning with a scheme such as https:");
        } else {
            uriReference(event, name, value);
        }
    }

    /// Refuses what no URI reference can contain (RFC 3986); the rest is left as written.
    private static void uriReference(EventBuilder event, String name, @Nullable String value) {
        if (value == null) {
            return;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean forbidden =
                    c <= ' ' || c == '"' || c == '<' || c == '>' || c == '\\' || c == '^'
                            || c == '`' || c == '{' || c == '|' || c == '}' || c == 0x7F;
            if (forbidden) {
                wrong(
                        event,
                        name,
                        "must be a URI reference, but has the character U+%04X at %d"
                                .formatted((int) c, i));
                return;
            }
            if (c == '%' && !isEscape(value, i)) {
                wrong(
                        event,
                        name,
                        "must be a URI reference, but has a %% without two hex digits at %d"
                                .formatted(i));
                return;
            }
        }
    }

    private static boolean isEscape(String value, int at) {
        return at + 2 < value.length()
                && Character.digit(value.charAt(at + 1), 16) >= 0
                && Character.digit(value.charAt(at + 2), 16) >= 0;
    }

    private static void wrong(EventBuilder event, String name, String detail) {
        event.report(new Problem(ErrorCode.EVENT_INVALID, name, detail));
    }
}
