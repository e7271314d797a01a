package io.millrace.gateway.http.consume;

import io.millrace.broker.SettleRequest;
import io.millrace.event.format.ByteSink;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Endpoint;
import io.millrace.gateway.http.message.JsonBody;
import io.millrace.gateway.http.message.JsonText;
import io.millrace.group.SettleResult;
import io.millrace.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `POST …/{name}/settle`: says what becomes of leases.
public final class SettleEndpoint implements Endpoint {
    private static final int RESULT_BYTES = 128;

    private final Consumption consumption;
    private final SettleReader reader;

    /// @param emitting whether completing may publish an event
    public SettleEndpoint(Consumption consumption, boolean emitting) {
        this.consumption = consumption;
        this.reader = new SettleReader(emitting);
    }

    @Override
    public Answer serve(Call call) {
        call.query();
        JsonBody.check(call.contentType());
        List<SettleRequest> requests = reader.read(call.content());
        List<SettleResult> results = consumption.settle(Principal.LOCAL, call.variable(), requests);
        return answer(results);
    }

    private static Answer answer(List<SettleResult> results) {
        ByteSink out = new ByteSink(64 + RESULT_BYTES * results.size());
        out.ascii("{\"results\":[");
        int refused = 0;
        String separator = "";
        for (SettleResult result : results) {
            out.ascii(separator);
            separator = ",";
            out.ascii("{\"token\":");
            JsonText.string(out, result.token());
            out.ascii(",\"outcome\":\"");
            out.ascii(word(result.outcome()));
            out.write('"');
            String refusal = refusal(result.outcome());
            if (refusal != null) {
                refused++;
                out.ascii(",\"detail\":\"");
                out.ascii(refusal);
                out.write('"');
            }
            if (result.deadlineMillis() != 0) {
                out.ascii(",\"deadline\":");
                JsonText.time(out, result.deadlineMillis());
            }
            out.write('}');
        }
        out.ascii("],\"refused\":");
        JsonText.number(out, refused);
        out.write('}');
        return Answer.json(out);
    }

    private static String word(SettleResult.Outcome outcome) {
        return switch (outcome) {
            case DONE -> "done";
            case DEAD_LETTERED -> "dead-lettered";
            case SETTLED_BEFORE -> "settled-before";
            case LEASE_ENDED -> "lease-ended";
            case GIVEN_TO_ANOTHER -> "given-to-another";
            case UNKNOWN -> "unknown";
        };
    }

    /// Why nothing was changed, in ASCII and without quotes; `null` if the settlement holds.
    private static @Nullable String refusal(SettleResult.Outcome outcome) {
        return switch (outcome) {
            case DONE, DEAD_LETTERED -> null;
            case SETTLED_BEFORE -> "it had been settled before; nothing was changed";
            case LEASE_ENDED ->
                    "the lease had ended; the event will be given out again, so ask for longer"
                            + " leases or renew them";
            case GIVEN_TO_ANOTHER ->
                    "the lease had ended, and somebody else has been given the event since; ask"
                            + " for longer leases or renew them";
            case UNKNOWN -> "no lease with this token was ever given here";
        };
    }
}
