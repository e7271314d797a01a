package io.millrace.gateway.http.status;

import io.millrace.broker.stream.StreamStatus;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.JsonDocument;
import io.millrace.io.Clock;
import io.millrace.security.Principal;

/// The state of streams: partitions, offsets, sizes.
public final class StatusEndpoints {
    private final BrokerDoor broker;
    private final Clock clock;

    public StatusEndpoints(BrokerDoor broker, Clock clock) {
        this.broker = broker;
        this.clock = clock;
    }

    /// `GET /api/v1/streams/{name}/status`.
    public Answer one(Call call) {
        call.query();
        JsonDocument json = new JsonDocument();
        write(json, broker.status(Principal.LOCAL, call.variable()));
        return Answer.json(json.sink());
    }

    /// `GET /api/v1/status`.
    public Answer all(Call call) {
        call.query();
        JsonDocument json = new JsonDocument();
        json.beginObject().time("time", clock.epochMillis()).beginArray("streams");
        for (StreamStatus status : broker.status(Principal.LOCAL)) {
            write(json, status);
        }
        json.endArray().endObject();
        return Answer.json(json.sink());
    }

    private static void write(JsonDocument json, StreamStatus status) {
        json.beginObject()
                .text("name", status.name())
                .text("mount", status.mount())
                .text("durability", status.durability())
                .number("events", status.events())
                .number("bytes", status.bytes())
                .beginArray("partitions");
        for (StreamStatus.PartitionStatus partition : status.partitions()) {
            json.beginObject()
                    .number("partition", partition.partition())
                    .number("start", partition.start())
                    .number("end", partition.end())
                    .number("bytes", partition.bytes())
                    .number("published", partition.published());
            if (partition.lastRecordedMillis() != null) {
                json.time("lastRecorded", partition.lastRecordedMillis());
            }
            json.text("state", partition.failure() == null ? "open" : "failed");
            if (partition.failure() != null) {
                json.text("reason", partition.failure());
            }
            if (!partition.damages().isEmpty()) {
                json.beginArray("damages");
                partition.damages().forEach(json::element);
                json.endArray();
            }
            json.endObject();
        }
        json.endArray().endObject();
    }
}
