package io.millrace.gateway.http.query;

import io.millrace.broker.query.AdHocQuery;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Endpoint;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.io.Clock;
import io.millrace.security.Principal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// `POST /api/v1/query/run`: runs a statement and sends its rows as they come, one JSON document a
/// line, until it ends or the client goes.
///
/// What fails before the first line is an error as any other; after that, it is the last line.
public final class RunEndpoint implements Endpoint {
    /// How many statements are run at the same time: each is a job of the engine, with threads and
    /// buffers of its own.
    public static final int PLACES = 16;

    private final BrokerDoor broker;
    private final QueryRequests requests;
    private final Duration heartbeat;

    /// @param heartbeat after which time without rows a client is shown that the connection lives
    public RunEndpoint(BrokerDoor broker, Clock clock, Duration heartbeat) {
        this.broker = broker;
        this.requests = new QueryRequests(clock);
        this.heartbeat = heartbeat;
    }

    @Override
    public @Nullable Answer serve(Call call) throws InterruptedException {
        call.query();
        AdHocQuery query = requests.run(call);
        try (RowStream rows = new RowStream(call, heartbeat)) {
            try {
                broker.queries().run(Principal.LOCAL, query, rows);
                rows.end();
            } catch (MillraceException e) {
                rows.fail(e);
            } catch (InterruptedException e) {
                if (call.isGone()) {
                    throw e;
                }
                rows.fail(
                        new MillraceException(
                                ErrorCode.SHUTTING_DOWN, "come back when the server is up again"));
            } catch (RuntimeException e) {
                rows.fail(Call.internal(e));
            }
        }
        return null;
    }
}
