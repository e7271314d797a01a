package io.millrace.gateway.http.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.gateway.http.message.RequestTarget;
import io.millrace.stream.Receipt;
import io.vertx.core.http.WebSocketFrameType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The client's side of a socket, without a socket.
final class SocketSessionTest {
    private static final int MESSAGE_BYTES_MAX = 64 << 10;

    private final List<String> log = new ArrayList<>();
    private final Queue<SocketSession.Submission> published = new ArrayDeque<>();
    private final Queue<Integer> unwritten = new ArrayDeque<>();
    private CreditAccount credit = CreditAccount.unlimited();

    private SocketSession session(String target) {
        return new SocketSession(
                SocketFormat.of("cloudevents.json"),
                SocketTerms.of(RequestTarget.of(target)),
                new ControlEvents("/socket/1"),
                credit,
                MESSAGE_BYTES_MAX,
                new SocketActions() {
                    @Override
                    public void publish(
                            @Nullable String context, SocketSession.Submission submission) {
                        published.add(submission);
                        log.add("publish %s in %s".formatted(submission.event().id(), context));
                    }

                    @Override
                    public void send(Event event, int bytes) {
                        unwritten.add(bytes);
                        Bytes data = event.data();
                        log.add(
                                "%s %s"
                                        .formatted(
                                                event.type()
                                                        .substring(ControlEvents.TYPES.length()),
                                                data == null ? "" : data.toUtf8()));
                    }

                    @Override
                    public void reading(boolean wanted) {
                        log.add(wanted ? "read" : "pause");
                    }

                    @Override
                    public void close(short code, String reason) {
                        log.add("close %d %s".formatted(code, reason));
                    }
                });
    }

    private static Bytes event(String id) {
        return Bytes.utf8(
                "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/s\",\"type\":\"t\"}"
                        .formatted(id));
    }

    private static Bytes control(String type, String data) {
        return Bytes.utf8(
                "{\"specversion\":\"1.0\",\"id\":\"c\",\"source\":\"/s\",\"type\":\"%s%s\",\"data\":%s}"
                        .formatted(ControlEvents.TYPES, type, data));
    }

    private static void text(SocketSession session, Bytes message) {
        session.frame(WebSocketFrameType.TEXT, message, true);
    }

    @Test
    void messageIsPublishedInTheContextOfThePath() {
        text(session("/socket/a/b"), event("1"));
        text(session("/socket"), event("2"));
        assertThat(log).containsExactly("publish 1 in /a/b", "publish 2 in null");
    }

    @Test
    void fragmentsAreOneMessage() {
        SocketSession session = session("/socket/a");
        byte[] whole = event("ü").toArray();
        for (int i = 0; i < whole.length; i++) {
            session.frame(
                    i == 0 ? WebSocketFrameType.TEXT : WebSocketFrameType.CONTINUATION,
                    Bytes.wrap(whole, i, 1),
                    i == whole.length - 1);
        }
        text(session, event("2"));
        assertThat(log).containsExactly("publish ü in /a", "publish 2 in /a");
    }

    @Test
    void acknowledgementsAreSentToThoseWhoAsk() {
        SocketSession session = session("/socket/a?acks=true");
        text(session, event("1"));
        session.stored(published.remove(), new Receipt("events", 2, 17));
        assertThat(log)
                .contains(
                        "accepted {\"message\":1,\"id\":\"1\",\"source\":\"/s\",\"receipt\":"
                                + "{\"stream\":\"events\",\"partition\":2,\"offset\":17}}");
        log.clear();
        SocketSession silent = session("/socket/a");
        text(silent, event("1"));
        silent.stored(published.remove(), new Receipt("events", 2, 17));
        assertThat(log).containsExactly("publish 1 in /a");
        assertThat(silent.outstanding()).isZero();
    }

    @Test
    void refusalsAreAlwaysSent() {
        SocketSession session = session("/socket/a");
        text(session, Bytes.utf8("no json"));
        text(session, Bytes.utf8("[]"));
        text(session, Bytes.EMPTY);
        text(session, Bytes.utf8("{\"specversion\":\"1.0\",\"source\":\"/s\",\"type\":\"\"}"));
        text(session, event("5"));
        session.failed(published.remove(), new MillraceException(ErrorCode.DISK_FULL, "full"));
        assertThat(log).hasSize(6);
        assertThat(log.get(0)).startsWith("refused {\"message\":1,\"problem\":{\"type\":");
        assertThat(log.get(1)).startsWith("refused {\"message\":2,").contains("invalid-event");
        assertThat(log.get(2)).startsWith("refused {\"message\":3,").contains("invalid-event");
        assertThat(log.get(3)).contains("\"field\":\"id\"").contains("\"field\":\"type\"");
        assertThat(log.get(5))
                .startsWith("refused {\"message\":5,\"id\":\"5\",\"source\":\"/s\",")
                .contains("disk-full");
    }

    @Test
    void wrongFramesCloseTheSocketAndNothingFollows() {
        SocketSession session = session("/socket/a");
        session.frame(WebSocketFrameType.BINARY, event("1"), true);
        text(session, event("2"));
        assertThat(log).containsExactly("close 1003 events come in text frames here");
        log.clear();
        text(session("/socket/a"), Bytes.wrap(new byte[] {'{', (byte) 0xFF}));
        assertThat(log).containsExactly("close 1007 a text message must be UTF-8");
    }

    @Test
    void tooLargeMessageClosesTheSocketInOnePieceAndInMany() {
        text(session("/socket/a"), Bytes.wrap(new byte[MESSAGE_BYTES_MAX + 1]));
        SocketSession session = session("/socket/a");
        byte[] piece = " ".repeat(MESSAGE_BYTES_MAX / 4).getBytes(StandardCharsets.US_ASCII);
        session.frame(WebSocketFrameType.TEXT, Bytes.wrap(piece), false);
        for (int i = 0; i < 3; i++) {
            session.frame(WebSocketFrameType.CONTINUATION, Bytes.wrap(piece), false);
        }
        assertThat(log).containsExactly("close 1009 a message may have at most 65536 bytes");
        session.frame(WebSocketFrameType.CONTINUATION, Bytes.wrap(new byte[1]), true);
        assertThat(log)
                .containsExactly(
                        "close 1009 a message may have at most 65536 bytes",
                        "close 1009 a message may have at most 65536 bytes");
    }

    @Test
    void readingStopsWhileTooManyAreOutstanding() {
        SocketSession session = session("/socket/a");
        for (int i = 1; i < SocketSession.OUTSTANDING_MAX; i++) {
            text(session, event("" + i));
        }
        assertThat(log).doesNotContain("pause");
        text(session, event("last"));
        assertThat(log).endsWith("pause");
        for (int i = 0; i < SocketSession.OUTSTANDING_MAX / 2 - 1; i++) {
            session.stored(published.remove(), new Receipt("events", 0, i));
        }
        assertThat(log).endsWith("pause");
        session.stored(published.remove(), new Receipt("events", 0, 1));
        assertThat(log).endsWith("read");
    }

    @Test
    void readingStopsWhileTooManyBytesAreOutstanding() {
        SocketSession session = session("/socket/a");
        String data = "x".repeat(60_000);
        while (!log.contains("pause")) {
            text(
                    session,
                    Bytes.utf8(
                            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data\":\"%s\"}"
                                    .formatted(data)));
        }
        assertThat(published).hasSize(18);
    }

    @Test
    void whatTheClientDoesNotReadIsOutstanding() {
        SocketSession session = session("/socket/a?acks=true");
        for (int i = 0; i < SocketSession.OUTSTANDING_MAX; i++) {
            text(session, event("" + i));
            session.stored(published.remove(), new Receipt("events", 0, i));
        }
        assertThat(log).contains("pause").doesNotContain("read");
        while (!unwritten.isEmpty()) {
            session.written(unwritten.remove());
        }
        assertThat(log).endsWith("read");
        assertThat(session.outstanding()).isZero();
    }

    @Test
    void creditIsGrantedAndNotPublished() {
        credit = CreditAccount.of(0);
        SocketSession session = session("/socket?subscribe=/a&credit=0");
        text(session, control("credit", " 2 "));
        assertThat(log).isEmpty();
        assertThat(credit.spend()).isTrue();
        assertThat(credit.spend()).isTrue();
        assertThat(credit.spend()).isFalse();
        assertThat(session.outstanding()).isZero();
    }

    @Test
    void wrongControlEventsAreRefused() {
        credit = CreditAccount.of(0);
        SocketSession session = session("/socket?subscribe=/a&credit=0");
        for (String data : List.of("0", "-1", "1.5", "\"1\"", "1000001", "99999999999", "{}")) {
            log.clear();
            text(session, control("credit", data));
            assertThat(log.getFirst())
                    .as(data)
                    .startsWith("refused")
                    .contains("\"field\":\"data\"");
        }
        for (int i = 0; i < 1_000; i++) {
            log.clear();
            text(session, control("credit", "1000000"));
        }
        assertThat(log).isEmpty();
        text(session, control("credit", "1"));
        assertThat(log.getFirst()).contains("more than 1000000000 of credit");
        log.clear();
        text(session, control("accepted", "1"));
        assertThat(log.getFirst()).contains("\"field\":\"type\"");
        log.clear();
        credit = CreditAccount.unlimited();
        text(session("/socket"), control("credit", "1"));
        assertThat(log.getFirst()).contains("without the parameter credit");
        assertThat(published).isEmpty();
    }

    @Test
    void closedSessionSaysNothing() {
        SocketSession session = session("/socket/a?acks=true");
        text(session, event("1"));
        session.closed();
        log.clear();
        session.stored(published.remove(), new Receipt("events", 0, 1));
        text(session, event("2"));
        assertThat(log).isEmpty();
        assertThat(session.outstanding()).isZero();
    }
}
