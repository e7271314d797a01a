package io.millrace.gateway.http.queue;

import io.millrace.broker.Queues;
import io.millrace.event.format.ByteSink;
import io.millrace.event.format.JsonFormat;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Endpoint;
import io.millrace.gateway.http.consume.LeaseAnswer;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.JsonText;
import io.millrace.gateway.http.message.Query;
import io.millrace.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `GET /queues/{name}/jobs`: shows jobs without taking them.
public final class PeekEndpoint implements Endpoint {
    private static final int JOBS_MAX = 1_000;
    private static final int JOBS_DEFAULT = 100;

    /// Few enough that their events fit into memory however large they are.
    private static final int PORTION = 50;

    private final BrokerDoor broker;
    private final JsonFormat format = new JsonFormat();

    public PeekEndpoint(BrokerDoor broker) {
        this.broker = broker;
    }

    @Override
    public Answer serve(Call call) {
        Query query = call.query("after", "max");
        String after = query.one("after");
        if (after != null) {
            JobNumbers.checked("after", after);
        }
        int max = query.number("max", 1, JOBS_MAX, JOBS_DEFAULT);
        ByteSink out = new ByteSink(4 << 10);
        out.ascii("{\"jobs\":[");
        write(out, call.variable(), after, max);
        out.ascii("]}");
        return Answer.json(out);
    }

    private void write(ByteSink out, String queue, @Nullable String after, int max) {
        String last = after;
        for (int written = 0; written < max; ) {
            int portion = Math.min(PORTION, max - written);
            List<Queues.Peeked> jobs = broker.queues().peek(Principal.LOCAL, queue, last, portion);
            for (Queues.Peeked job : jobs) {
                if (out.length() >= LeaseAnswer.BYTES_MAX) {
                    return;
                }
                if (written++ > 0) {
                    out.write(',');
                }
                write(out, job);
                last = job.number();
            }
            if (jobs.size() < portion) {
                return;
            }
        }
    }

    private void write(ByteSink out, Queues.Peeked job) {
        out.ascii("{\"number\":");
        JsonText.string(out, job.number());
        out.ascii(",\"state\":");
        JsonText.string(out, job.state());
        if (job.untilMillis() != 0) {
            out.ascii(",\"until\":");
            JsonText.time(out, job.untilMillis());
        }
        out.ascii(",\"deliveries\":");
        JsonText.number(out, job.deliveries());
        out.ascii(",\"failures\":");
        JsonText.number(out, job.failures());
        out.ascii(",\"recordedtime\":");
        JsonText.time(out, job.job().recordedMillis());
        out.ascii(",\"event\":");
        format.write(job.job().event(), out);
        out.write('}');
    }
}
