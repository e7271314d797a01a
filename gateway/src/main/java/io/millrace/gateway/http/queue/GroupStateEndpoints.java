package io.millrace.gateway.http.queue;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.security.Principal;

/// `/queues/{name}/groups/{group}/state`: the states of ordered groups, as bytes.
public final class GroupStateEndpoints {
    public static final int BYTES_MAX = 256 << 10;

    private final BrokerDoor broker;

    public GroupStateEndpoints(BrokerDoor broker) {
        this.broker = broker;
    }

    public Answer get(Call call) {
        call.query();
        Bytes state =
                broker.queues().groupState(Principal.LOCAL, call.variable(), call.secondVariable());
        if (state == null) {
            throw new MillraceException(ErrorCode.NOT_FOUND, "group", "has no state");
        }
        return Answer.of(200, "application/octet-stream", state.toArray())
                .with("cache-control", "no-store");
    }

    public Answer put(Call call) {
        call.query();
        broker.queues()
                .groupState(
                        Principal.LOCAL, call.variable(), call.secondVariable(), call.content());
        return Answer.empty(204);
    }

    public Answer delete(Call call) {
        call.query();
        broker.queues().groupState(Principal.LOCAL, call.variable(), call.secondVariable(), null);
        return Answer.empty(204);
    }
}
