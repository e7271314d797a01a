package io.millrace.gateway.http.message;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.format.HttpHeaderValues;
import io.millrace.gateway.http.config.HttpLimits;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What matters of a request's headers, gathered in one pass over them. Owned by an event loop,
/// which uses it again for each request.
public final class RequestHead {
    private static final AsciiString HOST = AsciiString.cached("host");
    private static final AsciiString ORIGIN = AsciiString.cached("origin");
    private static final AsciiString EXPECT = AsciiString.cached("expect");
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    private static final AsciiString CONTENT_ENCODING = AsciiString.cached("content-encoding");
    private static final AsciiString TRANSFER_ENCODING = AsciiString.cached("transfer-encoding");

    /// Attributes whose names need not be made into new strings. The values of the first few differ
    /// from event to event.
    private static final String[] ATTRIBUTES = {
        "id", "time", "type", "source", "subject", "specversion", "dataschema", "partitionkey"
    };

    private static final int EVER_NEW = 2;
    private static final int HOST_VALUE = ATTRIBUTES.length;
    private static final int CONTENT_TYPE_VALUE = HOST_VALUE + 1;

    /// Longer values than this are not remembered.
    private static final int REMEMBERED_LENGTH_MAX = 256;

    /// The values of the last request, since the next one likely brings many of them again.
    private final @Nullable String[] remembered = new String[CONTENT_TYPE_VALUE + 1];

    private @Nullable String host;
    private @Nullable String origin;
    private @Nullable String contentType;
    private @Nullable String encoding;
    private long contentLength;
    private boolean chunked;
    private boolean continueExpected;
    private int count;

    private @Nullable EventBuilder event;
    private int known;
    private @Nullable Set<String> extensions;

    /// Reads the headers, and the attributes among them if they are wanted.
    ///
    /// @throws MillraceException HEADERS_TOO_LARGE, REQUEST_INVALID
    public void read(HttpServerRequest request, boolean attributes) {
        clear();
        MultiMap headers = request.headers();
        if (headers instanceof HttpHeaders http1) {
            Iterator<Map.Entry<CharSequence, CharSequence>> entries = http1.iteratorCharSequence();
            while (entries.hasNext()) {
                Map.Entry<CharSequence, CharSequence> entry = entries.next();
                header(entry.getKey(), entry.getValue(), attributes);
            }
        } else {
            for (Map.Entry<String, String> entry : headers) {
                header(entry.getKey(), entry.getValue(), attributes);
            }
            if (host == null && request.authority() != null) {
                host = request.authority().toString();
            }
        }
        if (count > HttpLimits.HEADERS_MAX) {
            throw new MillraceException(
                    ErrorCode.HEADERS_TOO_LARGE,
                    "the request has more than %d headers".formatted(HttpLimits.HEADERS_MAX));
        }
    }

    /// Forgets the last request.
    public RequestHead cleared() {
        clear();
        return this;
    }

    private void clear() {
        host = null;
        origin = null;
        contentType = null;
        encoding = null;
        contentLength = -1;
        chunked = false;
        continueExpected = false;
        count = 0;
        event = null;
        known = 0;
        extensions = null;
    }

    private void header(CharSequence name, CharSequence value, boolean attributes) {
        count++;
        int length = name.length();
        if (length > 3 && name.charAt(2) == '-' && isCe(name)) {
            if (attributes) {
                attribute(name, value);
            }
            return;
        }
        switch (length) {
            case 4 -> {
                if (same(HOST, name)) {
                    host = once("host", host, text(HOST_VALUE, value));
                }
            }
            case 6 -> {
                if (same(ORIGIN, name)) {
                    origin = once("origin", origin, value);
                } else if (same(EXPECT, name)) {
                    expect(value.toString());
                }
            }
            case 12 -> {
                if (same(CONTENT_TYPE, name)) {
                    contentType =
                            once("content-type", contentType, text(CONTENT_TYPE_VALUE, value));
                }
            }
            case 14 -> {
                if (same(CONTENT_LENGTH, name)) {
                    contentLength = length(value.toString());
                }
            }
            case 16 -> {
                if (same(CONTENT_ENCODING, name)) {
                    encoding = once("content-encoding", encoding, value);
                }
            }
            case 17 -> {
                if (same(TRANSFER_ENCODING, name)) {
                    chunked = true;
                }
            }
            default -> {}
        }
    }

    private static boolean isCe(CharSequence name) {
        return (name.charAt(0) | 0x20) == 'c' && (name.charAt(1) | 0x20) == 'e';
    }

    private static boolean same(AsciiString expected, CharSequence name) {
        return expected.contentEqualsIgnoreCase(name);
    }

    private static String once(String name, @Nullable String earlier, CharSequence value) {
        if (earlier != null) {
            throw new MillraceException(ErrorCode.REQUEST_INVALID, name, "is given twice");
        }
        return value.toString();
    }

    private void expect(String value) {
        if (!value.equalsIgnoreCase("100-continue")) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID, "expect", "only 100-continue is understood");
        }
        continueExpected = true;
    }

    private static long length(String text) {
        try {
            long length = Long.parseLong(text);
            if (length >= 0) {
                return length;
            }
        } catch (NumberFormatException _) {
            // Falls through.
        }
        throw new MillraceException(ErrorCode.REQUEST_INVALID, "content-length", "is no length");
    }

    /// The value as a string, the same one as last time if it is the same text.
    private String text(int place, CharSequence value) {
        String last = remembered[place];
        if (last != null && last.contentEquals(value)) {
            return last;
        }
        String text = value.toString();
        if (text.length() <= REMEMBERED_LENGTH_MAX) {
            remembered[place] = text;
        }
        return text;
    }

    private void attribute(CharSequence header, CharSequence value) {
        EventBuilder builder = event;
        if (builder == null) {
            builder = Event.builder();
            event = builder;
        }
        int place = place(header);
        String name = place < 0 ? extension(header) : ATTRIBUTES[place];
        if (name.equals("datacontenttype") || name.equals("data")) {
            throw new MillraceException(
                    ErrorCode.EVENT_INVALID,
                    name,
                    name.equals("data")
                            ? "travels in the body, not in a header"
                            : "travels in the Content-Type header");
        }
        try {
            String text = place < EVER_NEW ? value.toString() : text(place, value);
            builder.attribute(name, HttpHeaderValues.decode(text, name));
        } catch (MillraceException e) {
            e.problems().forEach(builder::report);
        }
    }

    /// Where the attribute that a header carries stands in [#ATTRIBUTES], or -1; it may be there
    /// only once.
    private int place(CharSequence header) {
        int length = header.length() - 3;
        for (int i = 0; i < ATTRIBUTES.length; i++) {
            String name = ATTRIBUTES[i];
            if (name.length() == length && endsWith(header, name)) {
                if ((known & 1 << i) != 0) {
                    throw twice(name);
                }
                known |= 1 << i;
                return i;
            }
        }
        return -1;
    }

    private String extension(CharSequence header) {
        String name = header.toString().substring(3).toLowerCase(Locale.ROOT);
        if (extensions == null) {
            extensions = new HashSet<>(4);
        }
        if (!extensions.add(name)) {
            throw twice(name);
        }
        return name;
    }

    private static boolean endsWith(CharSequence header, String name) {
        for (int i = 0; i < name.length(); i++) {
            if ((header.charAt(i + 3) | 0x20) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static MillraceException twice(String name) {
        return new MillraceException(ErrorCode.EVENT_INVALID, name, "is given twice");
    }

    public @Nullable String host() {
        return host;
    }

    public @Nullable String origin() {
        return origin;
    }

    public @Nullable String contentType() {
        return contentType;
    }

    /// The content encoding; `null` if the body is as it is.
    public @Nullable String encoding() {
        return encoding;
    }

    /// The `Content-Length`, or -1 without one.
    public long contentLength() {
        return contentLength;
    }

    public boolean chunked() {
        return chunked;
    }

    /// Whether the client waits for leave to send its body.
    public boolean continueExpected() {
        return continueExpected;
    }

    /// The attributes that were among the headers, for whoever asks first.
    public EventBuilder takeEvent() {
        EventBuilder builder = event == null ? Event.builder() : event;
        event = null;
        return builder;
    }

    /// Whether there were attributes among the headers.
    public boolean hasAttributes() {
        return event != null;
    }
}
