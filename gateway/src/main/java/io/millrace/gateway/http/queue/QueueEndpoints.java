package io.millrace.gateway.http.queue;

import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.JsonDocument;
import io.millrace.security.Principal;

/// Queues emptied and paused, jobs taken back.
public final class QueueEndpoints {
    private final BrokerDoor broker;

    public QueueEndpoints(BrokerDoor broker) {
        this.broker = broker;
    }

    /// `DELETE /queues/{name}/jobs/{number}`.
    public Answer cancel(Call call) {
        call.query();
        String number = JobNumbers.checked("number", call.secondVariable());
        broker.queues().cancel(Principal.LOCAL, call.variable(), number);
        return Answer.empty(204);
    }

    /// `POST /queues/{name}/purge`.
    public Answer purge(Call call) {
        call.query();
        JsonDocument json = new JsonDocument();
        long purged = broker.queues().purge(Principal.LOCAL, call.variable());
        json.beginObject().number("purged", purged).endObject();
        return Answer.json(json.sink());
    }

    /// `POST /queues/{name}/pause`.
    public Answer pause(Call call) {
        call.query();
        broker.queues().pause(Principal.LOCAL, call.variable());
        return Answer.empty(204);
    }

    /// `POST /queues/{name}/resume`.
    public Answer resume(Call call) {
        call.query();
        broker.queues().resume(Principal.LOCAL, call.variable());
        return Answer.empty(204);
    }
}
