package io.millrace.gateway.http.socket;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.gateway.http.message.Query;
import io.millrace.gateway.http.message.RequestTarget;
import io.millrace.gateway.http.read.ReadEndpoint;
import io.millrace.stream.Start;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client has asked for when it opened a socket, in the path and the parameters.
///
/// @param context what it publishes is published in; `null` takes it from each event's source
/// @param acks whether it wants to hear of what was stored
/// @param positions whether it wants to hear where to resume
/// @param credit how many events it takes before it grants more; `null` for as many as the
///   connection carries
record SocketTerms(
        @Nullable String context,
        boolean acks,
        boolean positions,
        List<Subscription> subscriptions,
        @Nullable Integer credit) {
    static final String PATH = "/socket";
    static final int SUBSCRIPTIONS_MAX = 16;
    static final int CREDIT_MAX = 1_000_000;

    /// What is followed, and from where on.
    record Subscription(ContextPattern pattern, Start start) {}

    /// @throws MillraceException with what is wrong
    static SocketTerms of(RequestTarget target) {
        Query query =
                Query.parse(
                        target.query(),
                        List.of("acks", "positions", "subscribe", "from", "credit"));
        List<Subscription> subscriptions = subscriptions(query);
        Integer credit = null;
        if (query.one("credit") != null) {
            if (subscriptions.isEmpty()) {
                throw wrong(
                        "credit", "is for events that are subscribed to, and subscribe is missing");
            }
            credit = query.number("credit", 0, CREDIT_MAX, 0);
        }
        return new SocketTerms(
                context(target),
                flag(query, "acks"),
                flag(query, "positions"),
                subscriptions,
                credit);
    }

    private static @Nullable String context(RequestTarget target) {
        if (target.path().length() == PATH.length()) {
            return null;
        }
        String path = target.below(PATH, ErrorCode.CONTEXT_INVALID, "context");
        // Now, and not with the first event: whoever opens the socket can still be told.
        return Context.of(path).path();
    }

    private static boolean flag(Query query, String name) {
        String text = query.one(name);
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.equals("true")) {
            return true;
        }
        throw wrong(name, "must be true or false");
    }

    private static List<Subscription> subscriptions(Query query) {
        List<String> patterns = query.all("subscribe");
        List<String> starts = query.all("from");
        if (patterns.size() > SUBSCRIPTIONS_MAX) {
            throw wrong("subscribe", "may be given %d times at most".formatted(SUBSCRIPTIONS_MAX));
        }
        if (starts.size() > 1 && starts.size() != patterns.size()) {
            throw wrong(
                    "from", "must be given once, or once for each subscribe, in the same order");
        }
        if (!starts.isEmpty() && patterns.isEmpty()) {
            throw wrong("from", "is for events that are subscribed to, and subscribe is missing");
        }
        List<Subscription> subscriptions = new ArrayList<>();
        for (int i = 0; i < patterns.size(); i++) {
            String from = starts.isEmpty() ? null : starts.get(starts.size() == 1 ? 0 : i);
            subscriptions.add(new Subscription(ContextPattern.of(patterns.get(i)), start(from)));
        }
        return List.copyOf(subscriptions);
    }

    private static Start start(@Nullable String from) {
        Start start = ReadEndpoint.start(from, new Start.Next());
        if (start instanceof Start.At) {
            throw wrong(
                    "from",
                    "must be first, last, next, a time or a position; an offset says nothing without its stream");
        }
        return start;
    }

    private static MillraceException wrong(String field, String detail) {
        return new MillraceException(ErrorCode.REQUEST_INVALID, field, detail);
    }
}
