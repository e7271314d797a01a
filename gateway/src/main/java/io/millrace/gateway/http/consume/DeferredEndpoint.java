package io.millrace.gateway.http.consume;

import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Endpoint;
import io.millrace.gateway.http.message.JsonBody;
import io.millrace.gateway.http.message.JsonCursor;
import io.millrace.group.EventNumber;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `POST …/{name}/deferred`: takes leases on what was set aside, by its numbers.
public final class DeferredEndpoint implements Endpoint {
    private static final List<String> KEYS = List.of("numbers");

    private final Consumption consumption;
    private final LeaseAnswer answer;
    private final Numbers numbers;
    private final JsonBody body = new JsonBody();

    /// How numbers look.
    public interface Numbers {
        boolean isNumber(String text);

        /// What a number has to be, as a sentence without its subject.
        String expected();
    }

    /// The numbers of a subscription's events.
    public static final Numbers EVENTS =
            new Numbers() {
                @Override
                public boolean isNumber(String text) {
                    return EventNumber.parse(text) != null;
                }

                @Override
                public String expected() {
                    return "must be the number of an event, such as events-0-17";
                }
            };

    public DeferredEndpoint(Consumption consumption, LeaseAnswer answer, Numbers numbers) {
        this.consumption = consumption;
        this.answer = answer;
        this.numbers = numbers;
    }

    @Override
    public @Nullable Answer serve(Call call) throws InterruptedException {
        Duration lease = ReceiveEndpoint.lease(call.query("lease"));
        JsonBody.check(call.contentType());
        List<String> wanted = body.read(call.content(), this::numbers);
        return answer.of(
                call, consumption.fetchDeferred(Principal.LOCAL, call.variable(), wanted, lease));
    }

    private List<String> numbers(JsonCursor cursor) {
        List<String> wanted = new ArrayList<>();
        cursor.object(
                "",
                KEYS,
                1,
                (_, path) ->
                        cursor.array(
                                path,
                                ReceiveEndpoint.LEASES_MAX,
                                (_, at) -> number(cursor, at, wanted)));
        return wanted;
    }

    private void number(JsonCursor cursor, String path, List<String> wanted) {
        String number = cursor.string(path);
        if (number == null) {
            return;
        }
        if (numbers.isNumber(number)) {
            wanted.add(number);
        } else {
            cursor.wrong(path, numbers.expected());
        }
    }
}
