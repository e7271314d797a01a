package io.millrace.gateway.http.subscription;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.JsonBody;
import io.millrace.gateway.http.message.JsonCursor;
import io.millrace.security.Principal;
import io.millrace.stream.Start;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Subscriptions moved and paused.
public final class SubscriptionEndpoints {
    private static final List<String> KEYS = List.of("to");

    /// Stands for one that is wrong, until that is told.
    private static final Start NONE = new Start.Next();

    private final BrokerDoor broker;
    private final JsonBody body = new JsonBody();

    public SubscriptionEndpoints(BrokerDoor broker) {
        this.broker = broker;
    }

    /// `POST /subscriptions/{name}/seek`.
    public Answer seek(Call call) {
        call.query();
        JsonBody.check(call.contentType());
        broker.subscriptions().seek(Principal.LOCAL, call.variable(), start(call.content()));
        return Answer.empty(204);
    }

    private Start start(Bytes document) {
        return body.read(
                document,
                cursor -> {
                    Start[] start = {NONE};
                    cursor.object("", KEYS, 1, (_, path) -> start[0] = start(cursor, path));
                    return start[0];
                });
    }

    private static Start start(JsonCursor cursor, String path) {
        String text = cursor.string(path);
        if (text == null) {
            return NONE;
        }
        Start start =
                switch (text) {
                    case "earliest" -> new Start.First();
                    case "latest" -> new Start.Next();
                    default -> timeOrPosition(text);
                };
        if (start == null) {
            cursor.wrong(
                    path,
                    "must be earliest, latest, a time such as 2026-03-01T12:00:00Z, or a position"
                            + " as reading and following give it");
        }
        return start == null ? NONE : start;
    }

    private static @Nullable Start timeOrPosition(String text) {
        try {
            Start start = Start.parse(text);
            return start instanceof Start.Since || start instanceof Start.Resume ? start : null;
        } catch (MillraceException e) {
            if (e.code() != ErrorCode.REQUEST_INVALID) {
                throw e;
            }
            return null;
        }
    }

    /// `POST /subscriptions/{name}/pause`.
    public Answer pause(Call call) {
        call.query();
        broker.subscriptions().pause(Principal.LOCAL, call.variable());
        return Answer.empty(204);
    }

    /// `POST /subscriptions/{name}/resume`.
    public Answer resume(Call call) {
        call.query();
        broker.subscriptions().resume(Principal.LOCAL, call.variable());
        return Answer.empty(204);
    }
}
