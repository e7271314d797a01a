package io.millrace.gateway.http.status;

import io.millrace.broker.GroupStatus;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.JsonDocument;
import io.millrace.group.Ledger;
import io.millrace.schedule.ScheduleStatus;
import io.millrace.security.Principal;
import java.time.Instant;

/// How subscriptions and queues are doing.
public final class GroupStatusEndpoints {
    private final BrokerDoor broker;

    public GroupStatusEndpoints(BrokerDoor broker) {
        this.broker = broker;
    }

    /// `GET /api/v1/subscriptions/{name}/status`.
    public Answer subscription(Call call) {
        call.query();
        return answer(broker.subscriptions().status(Principal.LOCAL, call.variable()));
    }

    /// `GET /api/v1/queues/{name}/status`.
    public Answer queue(Call call) {
        call.query();
        return answer(broker.queues().status(Principal.LOCAL, call.variable()));
    }

    private static Answer answer(GroupStatus status) {
        JsonDocument json = new JsonDocument();
        write(json, status);
        return Answer.json(json.sink());
    }

    /// `GET /api/v1/schedules/{name}/status`.
    public Answer schedule(Call call) {
        call.query();
        ScheduleStatus status = broker.scheduleStatus(Principal.LOCAL, call.variable());
        Instant next = status.next();
        Instant last = status.last();
        JsonDocument json = new JsonDocument();
        json.beginObject()
                .text("name", status.name())
                .textOrNull("next", next == null ? null : next.toString())
                .textOrNull("last", last == null ? null : last.toString())
                .textOrNull("lastProblem", status.lastProblem())
                .number("waiting", status.waiting())
                .endObject();
        return Answer.json(json.sink());
    }

    /// `GET /api/v1/ledger`.
    public Answer ledger(Call call) {
        call.query();
        JsonDocument json = new JsonDocument();
        json.beginObject().beginArray("items");
        broker.subscriptions().status(Principal.LOCAL).forEach(status -> write(json, status));
        broker.queues().status(Principal.LOCAL).forEach(status -> write(json, status));
        json.endArray().endObject();
        return Answer.json(json.sink());
    }

    private static void write(JsonDocument json, GroupStatus status) {
        json.beginObject()
                .text("kind", status.kind())
                .text("name", status.name())
                .text("state", word(status.state()))
                .textOrNull("reason", status.reason())
                .number("waiting", status.waiting())
                .decimal("perSecond", status.perSecond())
                .textOrNull("lastFailure", status.lastFailure());
        write(json.name("ledger"), status.ledger());
        json.endObject();
    }

    private static void write(JsonDocument json, Ledger ledger) {
        json.beginObject()
                .number("accepted", ledger.accepted())
                .number("settled", ledger.settled())
                .number("filtered", ledger.filtered())
                .number("expired", ledger.expired())
                .number("deadLettered", ledger.deadLettered())
                .number("pending", ledger.pending())
                .number("leased", ledger.leased())
                .number("delayed", ledger.delayed())
                .number("deferred", ledger.deferred())
                .number("unread", ledger.unread());
        if (ledger.oldestPendingMillis() != 0) {
            json.time("oldestPending", ledger.oldestPendingMillis());
        }
        json.endObject();
    }

    private static String word(GroupStatus.State state) {
        return switch (state) {
            case ACTIVE -> "active";
            case PAUSED -> "paused";
            case DISABLED -> "disabled";
            case PENDING -> "pending";
        };
    }
}
