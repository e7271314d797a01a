package io.millrace.gateway.http.consume;

import io.millrace.event.format.ByteSink;
import io.millrace.event.format.JsonFormat;
import io.millrace.gateway.http.message.JsonText;
import io.millrace.group.Leased;
import io.millrace.stream.StoredEvent;

/// Writes leases as JSON (docs/reference/http-api.md, "A lease"). Thread-safe.
public final class LeaseWriter {
    private final JsonFormat format = new JsonFormat();
    private final boolean isOfJobs;

    /// @param isOfJobs whether what is leased are jobs of a queue
    public LeaseWriter(boolean isOfJobs) {
        this.isOfJobs = isOfJobs;
    }

    /// Writes one lease.
    public void write(ByteSink out, Leased leased) {
        StoredEvent stored = leased.event();
        out.ascii("{\"token\":");
        JsonText.string(out, leased.token());
        out.ascii(",\"deadline\":");
        JsonText.time(out, leased.deadlineMillis());
        out.ascii(",\"deliveries\":");
        JsonText.number(out, leased.deliveries());
        out.ascii(",\"failures\":");
        JsonText.number(out, leased.failures());
        out.ascii(",\"first\":");
        JsonText.time(out, leased.firstMillis());
        position(out, stored.stream(), stored.partition(), stored.offset());
        out.ascii(",\"number\":\"");
        if (isOfJobs) {
            // A job's number is its lane, which is the partition it is recorded in, and its offset.
            JsonText.number(out, stored.partition());
            out.write('-');
            JsonText.number(out, stored.offset());
        } else {
            out.ascii(leased.number().toString());
        }
        out.write('"');
        out.ascii(",\"recordedtime\":");
        JsonText.time(out, stored.recordedMillis());
        out.ascii(",\"context\":");
        JsonText.string(out, stored.context().path());
        out.ascii(",\"event\":");
        format.write(stored.event(), out);
        out.write('}');
    }

    /// Writes where an event is recorded, as a member behind others.
    private static void position(ByteSink out, String stream, int partition, long offset) {
        out.ascii(",\"position\":{\"stream\":");
        JsonText.string(out, stream);
        out.ascii(",\"partition\":");
        JsonText.number(out, partition);
        out.ascii(",\"offset\":");
        JsonText.number(out, offset);
        out.write('}');
    }
}
