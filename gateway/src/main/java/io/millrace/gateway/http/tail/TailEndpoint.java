package io.millrace.gateway.http.tail;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Endpoint;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.door.Follower;
import io.millrace.gateway.http.message.Accept;
import io.millrace.gateway.http.read.ReadEndpoint;
import io.millrace.security.Principal;
import io.millrace.stream.Start;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `GET /tail/{pattern}`: follows contexts live, as server-sent events or over a WebSocket.
public final class TailEndpoint implements Endpoint {
    static final String PATH = "/tail";
    private static final String EVENT_STREAM = "text/event-stream";

    private final BrokerDoor broker;
    private final Duration heartbeat;

    public TailEndpoint(BrokerDoor broker, Duration heartbeat) {
        this.broker = broker;
        this.heartbeat = heartbeat;
    }

    @Override
    public @Nullable Answer serve(Call call) throws InterruptedException {
        String path = call.target().below(PATH, ErrorCode.PATTERN_INVALID, "pattern");
        ContextPattern pattern = ContextPattern.of(path);
        Start start = start(call);
        boolean webSocket = call.wantsWebSocket();
        if (!webSocket) {
            Accept.choose(call.header("accept"), List.of(EVENT_STREAM));
        }
        if (call.isHead()) {
            return Answer.empty(200).with("content-type", EVENT_STREAM);
        }
        try (Follower tail = broker.tail(Principal.LOCAL, pattern, start)) {
            TailSink sink =
                    webSocket
                            ? new WebSocketSink(call.upgrade())
                            : new EventStreamSink(call.stream(200, headers(tail)));
            new TailPump(call, tail, sink, heartbeat).run();
        }
        return null;
    }

    private static Map<String, String> headers(Follower tail) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", EVENT_STREAM);
        headers.put("cache-control", "no-store");
        headers.put("x-accel-buffering", "no");
        if (!tail.resumable()) {
            headers.put("millrace-resume", "none");
        }
        return headers;
    }

    private static Start start(Call call) {
        String from = call.query("from").one("from");
        String last = call.header("last-event-id");
        String text = last == null || last.isEmpty() ? from : last;
        Start start = ReadEndpoint.start(text, new Start.Next());
        if (start instanceof Start.At) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "from",
                    "must be first, last, next, a time or a position; an offset says nothing without its stream");
        }
        return start;
    }
}
