package io.millrace.gateway.http.socket;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.event.format.ByteSink;
import io.millrace.gateway.http.message.JsonText;
import io.millrace.gateway.http.message.ProblemDocument;
import io.millrace.stream.Receipt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The events by which a socket's two ends talk about the socket itself, since the binding has no
/// other messages. Thread-safe.
final class ControlEvents {
    /// Types that begin so are the socket's own and are never published here.
    static final String TYPES = "io.millrace.socket.";

    static final String ACCEPTED = TYPES + "accepted";
    static final String REFUSED = TYPES + "refused";
    static final String POSITION = TYPES + "position";
    static final String ENDED = TYPES + "ended";
    static final String CREDIT = TYPES + "credit";

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,6}");

    private final String source;
    private final AtomicLong count = new AtomicLong();

    /// @param source of all control events of one socket, and of nothing else
    ControlEvents(String source) {
        this.source = source;
    }

    /// A message's event is stored.
    ///
    /// @param message the how manieth message of the client it is, from 1
    Event accepted(long message, Event event, Receipt receipt) {
        ByteSink data = message(message, event);
        data.ascii(",\"receipt\":{\"stream\":");
        JsonText.string(data, receipt.stream());
        data.ascii(",\"partition\":");
        JsonText.number(data, receipt.partition());
        data.ascii(",\"offset\":");
        JsonText.number(data, receipt.offset());
        data.ascii("}}");
        return event(ACCEPTED, data);
    }

    /// A message was refused, and changed nothing.
    ///
    /// @param event `null` if the message is none
    Event refused(long message, @Nullable Event event, MillraceException problem) {
        ByteSink data = message(message, event);
        data.ascii(",\"problem\":");
        ProblemDocument.write(data, problem);
        data.ascii("}");
        return event(REFUSED, data);
    }

    private static ByteSink message(long message, @Nullable Event event) {
        ByteSink data = new ByteSink(256);
        data.ascii("{\"message\":");
        JsonText.number(data, message);
        if (event != null) {
            data.ascii(",\"id\":");
            JsonText.string(data, event.id());
            data.ascii(",\"source\":");
            JsonText.string(data, event.source());
        }
        return data;
    }

    /// Everything of a pattern up to here has been sent.
    ///
    /// @param position where to resume; `null` if there is no way to
    Event position(ContextPattern pattern, @Nullable String position) {
        ByteSink data = subscription(pattern, position);
        data.ascii("}");
        return event(POSITION, data);
    }

    /// No more events of a pattern come, and the socket is about to be closed.
    Event ended(ContextPattern pattern, @Nullable String position, MillraceException problem) {
        ByteSink data = subscription(pattern, position);
        data.ascii(",\"problem\":");
        ProblemDocument.write(data, problem);
        data.ascii("}");
        return event(ENDED, data);
    }

    private static ByteSink subscription(ContextPattern pattern, @Nullable String position) {
        ByteSink data = new ByteSink(256);
        data.ascii("{\"subscribe\":");
        JsonText.string(data, pattern.toString());
        data.ascii(",\"position\":");
        if (position == null) {
            data.ascii("null");
        } else {
            JsonText.string(data, position);
        }
        return data;
    }

    private Event event(String type, ByteSink data) {
        return Event.builder()
                .id(Long.toString(count.incrementAndGet()))
                .source(source)
                .type(type)
                .dataContentType("application/json")
                .data(data.toBytes())
                .build();
    }

    /// How much credit a client's control event grants.
    ///
    /// @throws MillraceException EVENT_INVALID
    static int credit(Event event) {
        Bytes data = event.data();
        String text = data == null || data.length() > 16 ? "" : data.toUtf8().strip();
        if (NUMBER.matcher(text).matches()) {
            int credit = Integer.parseInt(text);
            if (credit <= SocketTerms.CREDIT_MAX) {
                return credit;
            }
        }
        throw new MillraceException(
                ErrorCode.EVENT_INVALID,
                "data",
                "must be a whole number from 1 to %d: how many more events may come"
                        .formatted(SocketTerms.CREDIT_MAX));
    }
}
