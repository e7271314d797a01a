package io.millrace.gateway.http.consume;

import io.millrace.broker.ReceiveRequest;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Endpoint;
import io.millrace.gateway.http.message.Query;
import io.millrace.group.Leased;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `POST …/{name}/receive`: takes leases, and waits for them if there are none.
public final class ReceiveEndpoint implements Endpoint {
    public static final Duration WAIT_MAX = Duration.ofSeconds(60);
    public static final Duration LEASE_MIN = Duration.ofMillis(1);
    public static final Duration LEASE_MAX = Duration.ofDays(1);
    public static final int LEASES_MAX = 10_000;

    private final Consumption consumption;
    private final LeaseAnswer answer;

    public ReceiveEndpoint(Consumption consumption, LeaseAnswer answer) {
        this.consumption = consumption;
        this.answer = answer;
    }

    @Override
    public @Nullable Answer serve(Call call) throws InterruptedException {
        ReceiveRequest request = request(call.query("max", "wait", "lease"));
        List<Leased> leases = consumption.receive(Principal.LOCAL, call.variable(), request);
        return answer.of(call, leases);
    }

    /// Reads the parameters of a request for leases.
    public static ReceiveRequest request(Query query) {
        int max = query.number("max", 1, LEASES_MAX, 1);
        Duration wait = query.duration("wait", Duration.ZERO, WAIT_MAX);
        return new ReceiveRequest(max, wait == null ? Duration.ZERO : wait, lease(query));
    }

    /// The time of a lease; `null` for the usual one.
    public static @Nullable Duration lease(Query query) {
        return query.duration("lease", LEASE_MIN, LEASE_MAX);
    }
}
