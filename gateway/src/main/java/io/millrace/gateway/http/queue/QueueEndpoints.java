package io.millrace.gateway.http.queue;

import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.consume.LeaseAnswer;
import io.millrace.gateway.http.consume.ReceiveEndpoint;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.JsonBody;
import io.millrace.gateway.http.message.JsonCursor;
import io.millrace.gateway.http.message.JsonDocument;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Queues emptied and paused, jobs taken back or fetched by their numbers.
public final class QueueEndpoints {
    private static final List<String> KEYS = List.of("numbers");

    private final BrokerDoor broker;
    private final LeaseAnswer answer;
    private final JsonBody body = new JsonBody();

    public QueueEndpoints(BrokerDoor broker, LeaseAnswer answer) {
        this.broker = broker;
        this.answer = answer;
    }

    /// `POST /queues/{name}/deferred`.
    public @Nullable Answer deferred(Call call) throws InterruptedException {
        Duration lease = ReceiveEndpoint.lease(call.query("lease"));
        JsonBody.check(call.contentType());
        List<String> numbers = body.read(call.content(), QueueEndpoints::numbers);
        return answer.of(
                call,
                broker.queues().fetchDeferred(Principal.LOCAL, call.variable(), numbers, lease));
    }

    private static List<String> numbers(JsonCursor cursor) {
        List<String> numbers = new ArrayList<>();
        cursor.object(
                "",
                KEYS,
                1,
                (_, path) ->
                        cursor.array(
                                path,
                                ReceiveEndpoint.LEASES_MAX,
                                (_, at) -> number(cursor, at, numbers)));
        return numbers;
    }

    private static void number(JsonCursor cursor, String path, List<String> numbers) {
        String number = cursor.string(path);
        if (number == null) {
            return;
        }
        if (JobNumbers.isNumber(number)) {
            numbers.add(number);
        } else {
            cursor.wrong(path, JobNumbers.EXPECTED);
        }
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
