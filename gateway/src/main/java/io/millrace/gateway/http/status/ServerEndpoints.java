package io.millrace.gateway.http.status;

import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.config.HttpLimits;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.JsonDocument;
import io.millrace.io.Clock;
import java.util.ArrayList;
import java.util.List;

/// What the server is and how it feels.
public final class ServerEndpoints {
    private final BrokerDoor broker;
    private final HttpLimits limits;
    private final String version;
    private final long startedMillis;
    private volatile boolean ready;
    private volatile boolean stopping;

    public ServerEndpoints(BrokerDoor broker, HttpLimits limits, Clock clock) {
        this.broker = broker;
        this.limits = limits;
        this.startedMillis = clock.epochMillis();
        String packaged = ServerEndpoints.class.getPackage().getImplementationVersion();
        this.version = packaged == null ? "development" : packaged;
    }

    public void ready() {
        ready = true;
    }

    public void stopping() {
        stopping = true;
    }

    /// `GET /api/v1/server`.
    public Answer server(Call call) {
        call.query();
        JsonDocument json = new JsonDocument();
        json.beginObject()
                .text("name", "millrace")
                .text("version", version)
                .time("started", startedMillis)
                .name("limits")
                .beginObject()
                .number("eventBytes", broker.eventBytesMax())
                .number("batchBytes", limits.batchBytesMax())
                .number("batchEvents", limits.batchEventsMax())
                .endObject()
                .endObject();
        return Answer.json(json.sink());
    }

    /// `GET /health/live`.
    public Answer live(Call call) {
        call.query();
        JsonDocument json = new JsonDocument();
        json.beginObject().text("status", "live").endObject();
        return Answer.json(json.sink());
    }

    /// `GET /health/ready`.
    public Answer readiness(Call call) {
        call.query();
        List<String> problems = new ArrayList<>();
        if (!stopping) {
            problems.addAll(broker.failures());
            problems.addAll(broker.damages());
        }
        String status =
                stopping
                        ? "stopping"
                        : !ready ? "starting" : problems.isEmpty() ? "ready" : "degraded";
        JsonDocument json = new JsonDocument();
        json.beginObject().text("status", status).beginArray("problems");
        problems.forEach(json::element);
        json.endArray().endObject();
        boolean serving = ready && !stopping;
        return Answer.json(json.sink()).withStatus(serving ? 200 : 503);
    }
}
