package io.millrace.gateway.http.socket;

import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.format.ByteSink;
import io.millrace.event.format.JsonFormat;
import io.vertx.core.http.WebSocketFrameType;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// An event format and the subprotocol that stands for it (CloudEvents WebSockets binding, section
/// 1.5).
///
/// @param subprotocol as in the handshake
/// @param frame the type of frame that events come in, both ways
/// @param reader throws a [io.millrace.error.MillraceException] with everything that is wrong
record SocketFormat(
        String subprotocol,
        WebSocketFrameType frame,
        Function<Bytes, Event> reader,
        BiConsumer<Event, ByteSink> writer) {
    private static final JsonFormat JSON = new JsonFormat();

    /// The formats that there are; one more is one more line.
    private static final List<SocketFormat> ALL =
            List.of(
                    new SocketFormat(
                            "cloudevents.json", WebSocketFrameType.TEXT, JSON::read, JSON::write));

    static List<String> subprotocols() {
        return ALL.stream().map(SocketFormat::subprotocol).toList();
    }

    /// The format of a subprotocol that has been agreed on.
    static SocketFormat of(String subprotocol) {
        return ALL.stream()
                .filter(format -> format.subprotocol().equals(subprotocol))
                .findFirst()
                .orElseThrow();
    }

    Event read(Bytes message) {
        return reader.apply(message);
    }

    Bytes write(Event event) {
        ByteSink out = new ByteSink(512);
        writer.accept(event, out);
        return out.toBytes();
    }
}
