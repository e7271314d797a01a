package io.millrace.gateway.http.read;

import io.millrace.broker.ReadRequest;
import io.millrace.broker.ReadResult;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Endpoint;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.Query;
import io.millrace.security.Principal;
import io.millrace.stream.Start;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `GET /streams/{name}/events`: history, oldest first.
public final class ReadEndpoint implements Endpoint {
    private static final int EVENTS_MAX = 10_000;
    private static final int EVENTS_DEFAULT = 1_000;
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private final BrokerDoor broker;
    private final EventList list = new EventList();

    public ReadEndpoint(BrokerDoor broker) {
        this.broker = broker;
    }

    @Override
    public @Nullable Answer serve(Call call) throws InterruptedException {
        Query query = call.query("partition", "from", "max", "wait", "pattern");
        String type = EventList.type(call);
        ReadRequest request = request(call.variable(), query);
        ReadResult result = broker.read(Principal.LOCAL, request);
        Map<String, String> headers = headers(call, query, result);
        return list.send(call, type, result.events(), headers);
    }

    private static ReadRequest request(String stream, Query query) {
        String partition = query.one("partition");
        String pattern = query.one("pattern");
        Duration wait = query.duration("wait", Duration.ZERO, WAIT_MAX);
        Start start = start(query.one("from"), new Start.First());
        if (start instanceof Start.At && partition == null) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID, "from", "is an offset, so name its partition too");
        }
        return new ReadRequest(
                stream,
                partition == null ? null : query.number("partition", 0, Integer.MAX_VALUE, 0),
                start,
                query.number("max", 1, EVENTS_MAX, EVENTS_DEFAULT),
                wait == null ? Duration.ZERO : wait,
                pattern == null ? null : ContextPattern.of(pattern));
    }

    /// @param text of a `from` parameter; a `+` in a time arrives as a space
    public static Start start(@Nullable String text, Start otherwise) {
        return text == null ? otherwise : Start.parse(text.replace(' ', '+'));
    }

    private static Map<String, String> headers(Call call, Query query, ReadResult result) {
        String position = result.position().toString();
        StringBuilder next =
                new StringBuilder(call.target().path()).append("?from=").append(encoded(position));
        for (String name : List.of("partition", "max", "wait", "pattern")) {
            String value = query.one(name);
            if (value != null) {
                next.append('&').append(name).append('=').append(encoded(value));
            }
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("cache-control", "no-store");
        headers.put("millrace-position", position);
        headers.put("link", "<" + next + ">; rel=\"next\"");
        if (result.end()) {
            headers.put("millrace-end", "true");
        }
        return headers;
    }

    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
