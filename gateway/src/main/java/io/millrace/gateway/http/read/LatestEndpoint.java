package io.millrace.gateway.http.read;

import io.millrace.broker.stream.LatestPage;
import io.millrace.broker.stream.LatestRequest;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Endpoint;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.Query;
import io.millrace.security.Principal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `GET /latest/{pattern}`: the newest or the retained event of each context, page by page.
public final class LatestEndpoint implements Endpoint {
    private static final String PATH = "/latest";
    private static final int LIMIT_DEFAULT = 1_000;

    private final BrokerDoor broker;
    private final EventList list = new EventList();

    public LatestEndpoint(BrokerDoor broker) {
        this.broker = broker;
    }

    @Override
    public @Nullable Answer serve(Call call) throws InterruptedException {
        Query query = call.query("retained", "limit", "after");
        String path = call.target().below(PATH, ErrorCode.PATTERN_INVALID, "pattern");
        String type = EventList.type(call);
        boolean retained = isRetained(query);
        int limit = query.number("limit", 1, LatestRequest.LIMIT_MAX, LIMIT_DEFAULT);
        LatestRequest request =
                new LatestRequest(ContextPattern.of(path), retained, limit, after(query));
        LatestPage page = broker.latest().page(Principal.LOCAL, request);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("cache-control", "no-store");
        Context next = page.next();
        if (next == null) {
            headers.put("millrace-end", "true");
        } else {
            headers.put("link", "<" + next(call, request, next) + ">; rel=\"next\"");
        }
        return list.send(call, type, page.events(), headers);
    }

    private static boolean isRetained(Query query) {
        String retained = query.one("retained");
        if (retained == null || retained.equals("false")) {
            return false;
        }
        if (retained.equals("true") || retained.isEmpty()) {
            return true;
        }
        throw new MillraceException(ErrorCode.REQUEST_INVALID, "retained", "must be true or false");
    }

    private static @Nullable Context after(Query query) {
        String after = query.one("after");
        if (after != null && !after.startsWith("/")) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "after",
                    "must be a context; take it from the answer before");
        }
        return after == null ? null : Context.recorded(after);
    }

    private static String next(Call call, LatestRequest request, Context after) {
        return call.target().path()
                + "?limit="
                + request.limit()
                + (request.retained() ? "&retained=true" : "")
                + "&after="
                + ReadEndpoint.encoded(after.path());
    }
}
