package io.millrace.gateway.http.socket;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.format.Utf8;
import io.millrace.stream.Receipt;
import io.vertx.core.http.WebSocketFrameType;

/// The client's side of one socket: frames in, actions out. Knows no sockets, threads or clock;
/// owned by the event loop.
///
/// A message counts as outstanding until its event is stored or refused, and until the client has
/// taken what it is told about that, if anything. While too much is outstanding, nothing is read.
final class SocketSession {
    /// Messages that may be outstanding before reading stops.
    static final int OUTSTANDING_MAX = 256;

    /// Bytes of messages that may be outstanding before reading stops.
    static final int OUTSTANDING_BYTES_MAX = 1 << 20;

    static final short UNSUPPORTED = 1003;
    static final short MALFORMED = 1007;
    static final short TOO_BIG = 1009;

    private static final int SMALL_BYTES = 16 << 10;

    private final SocketFormat format;
    private final SocketTerms terms;
    private final ControlEvents control;
    private final CreditAccount credit;
    private final int messageBytesMax;
    private final SocketActions actions;

    private byte[] fragments = new byte[0];
    private int length;
    private long messages;
    private int outstanding;
    private long outstandingBytes;
    private boolean reading = true;
    private boolean closed;

    /// A message on its way to the log.
    ///
    /// @param message the how manieth of the client it is, from 1
    /// @param bytes of the message
    record Submission(long message, Event event, int bytes) {}

    /// @param messageBytesMax how large a message may be, over all its fragments
    SocketSession(
            SocketFormat format,
            SocketTerms terms,
            ControlEvents control,
            CreditAccount credit,
            int messageBytesMax,
            SocketActions actions) {
        this.format = format;
        this.terms = terms;
        this.control = control;
        this.credit = credit;
        this.messageBytesMax = messageBytesMax;
        this.actions = actions;
    }

    /// Messages whose fate the client has not been told yet.
    int outstanding() {
        return outstanding;
    }

    /// Takes a frame with data; others are none of the session's affair.
    ///
    /// @param payload nobody may write to its bytes afterwards
    void frame(WebSocketFrameType type, Bytes payload, boolean last) {
        if (closed) {
            return;
        }
        // The decoder sees to it that continuations follow what they continue.
        if (type != WebSocketFrameType.CONTINUATION && type != format.frame()) {
            String wanted = format.frame() == WebSocketFrameType.TEXT ? "text" : "binary";
            close(UNSUPPORTED, "events come in %s frames here".formatted(wanted));
        } else if (payload.length() > messageBytesMax - length) {
            close(TOO_BIG, "a message may have at most %d bytes".formatted(messageBytesMax));
        } else if (last && length == 0) {
            message(payload);
        } else {
            collect(payload);
            if (last) {
                Bytes whole = Bytes.wrap(fragments, 0, length);
                fragments = new byte[0];
                length = 0;
                message(whole);
            }
        }
    }

    private void collect(Bytes payload) {
        int needed = length + payload.length();
        if (needed > fragments.length) {
            int roomy = (int) Math.min(messageBytesMax, 2L * Math.max(needed, SMALL_BYTES));
            byte[] larger = new byte[Math.max(needed, roomy)];
            System.arraycopy(fragments, 0, larger, 0, length);
            fragments = larger;
        }
        payload.copyTo(fragments, length);
        length = needed;
    }

    private void message(Bytes message) {
        int from = message.backingStart();
        if (format.frame() == WebSocketFrameType.TEXT
                && Utf8.firstMalformed(message.backingArray(), from, from + message.length())
                        >= 0) {
            close(MALFORMED, "a text message must be UTF-8");
            return;
        }
        messages++;
        outstanding++;
        outstandingBytes += message.length();
        Event event;
        try {
            event = format.read(message);
        } catch (MillraceException e) {
            actions.send(control.refused(messages, null, e), message.length());
            balance();
            return;
        }
        Submission submission = new Submission(messages, event, message.length());
        if (event.type().startsWith(ControlEvents.TYPES)) {
            control(submission);
        } else {
            actions.publish(terms.context(), submission);
        }
        balance();
    }

    private void control(Submission submission) {
        try {
            obey(submission.event());
            written(submission.bytes());
        } catch (MillraceException e) {
            failed(submission, e);
        }
    }

    private void obey(Event event) {
        if (!event.type().equals(ControlEvents.CREDIT)) {
            throw new MillraceException(
                    ErrorCode.EVENT_INVALID,
                    "type",
                    "begins with %s, which is for the socket's own events; a client may send %s"
                            .formatted(ControlEvents.TYPES, ControlEvents.CREDIT));
        }
        int more = ControlEvents.credit(event);
        if (!credit.isLimited()) {
            throw new MillraceException(
                    ErrorCode.EVENT_INVALID,
                    "type",
                    "grants credit, but the socket was opened without the parameter credit");
        }
        if (!credit.grant(more)) {
            throw new MillraceException(
                    ErrorCode.EVENT_INVALID,
                    "data",
                    "there would be more than %d of credit".formatted(CreditAccount.BALANCE_MAX));
        }
    }

    /// An event is stored as its stream promises.
    void stored(Submission submission, Receipt receipt) {
        if (terms.acks() && !closed) {
            actions.send(
                    control.accepted(submission.message(), submission.event(), receipt),
                    submission.bytes());
        } else {
            written(submission.bytes());
        }
    }

    /// An event was refused.
    void failed(Submission submission, MillraceException problem) {
        if (closed) {
            written(submission.bytes());
            return;
        }
        actions.send(
                control.refused(submission.message(), submission.event(), problem),
                submission.bytes());
    }

    /// All that is to be said of a message has been taken by the client.
    void written(int bytes) {
        outstanding--;
        outstandingBytes -= bytes;
        balance();
    }

    private void balance() {
        boolean full = outstanding >= OUTSTANDING_MAX || outstandingBytes >= OUTSTANDING_BYTES_MAX;
        boolean low =
                outstanding <= OUTSTANDING_MAX / 2 && outstandingBytes <= OUTSTANDING_BYTES_MAX / 2;
        if (closed) {
            return;
        }
        if (reading ? full : low) {
            reading = !reading;
            actions.reading(reading);
        }
    }

    private void close(short code, String reason) {
        closed = true;
        fragments = new byte[0];
        actions.close(code, reason);
    }

    /// The socket is closed: nothing is read or said any more.
    void closed() {
        closed = true;
        fragments = new byte[0];
    }
}
