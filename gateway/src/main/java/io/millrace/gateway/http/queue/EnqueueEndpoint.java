package io.millrace.gateway.http.queue;

import io.millrace.broker.Queues;
import io.millrace.event.Event;
import io.millrace.event.format.ByteSink;
import io.millrace.event.format.JsonFormat;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Endpoint;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.JsonText;
import io.millrace.security.Principal;
import java.util.List;

/// `POST /queues/{name}`: puts jobs in, read as events are when they are published.
public final class EnqueueEndpoint implements Endpoint {
    private static final int JOB_BYTES = 48;

    private final BrokerDoor broker;
    private final int jobsMax;
    private final JsonFormat format = new JsonFormat();

    /// @param jobsMax how many one request may bring
    public EnqueueEndpoint(BrokerDoor broker, int jobsMax) {
        this.broker = broker;
        this.jobsMax = jobsMax;
    }

    @Override
    public Answer serve(Call call) {
        call.query();
        List<Event> jobs = call.message().all(format, call.content(), jobsMax);
        return answer(broker.queues().enqueue(Principal.LOCAL, call.variable(), jobs));
    }

    /// 201 if there is a new job among them.
    private static Answer answer(List<Queues.Enqueued> jobs) {
        ByteSink out = new ByteSink(64 + JOB_BYTES * jobs.size());
        boolean created = false;
        out.ascii("{\"jobs\":[");
        String separator = "{";
        for (Queues.Enqueued job : jobs) {
            out.ascii(separator);
            separator = ",{";
            if (job.number() != null) {
                out.ascii("\"number\":");
                JsonText.string(out, job.number());
                out.write(',');
            }
            out.ascii("\"duplicate\":");
            out.ascii(job.duplicate() ? "true}" : "false}");
            created |= !job.duplicate();
        }
        out.ascii("]}");
        return Answer.json(out).withStatus(created ? 201 : 200);
    }
}
