package io.millrace.gateway.http.queue;

import io.millrace.broker.ReceiveRequest;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Endpoint;
import io.millrace.gateway.http.consume.LeaseAnswer;
import io.millrace.gateway.http.consume.ReceiveEndpoint;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.Query;
import io.millrace.group.Leased;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `POST /queues/{name}/receive`: jobs, leased or settled as they are given out.
public final class QueueReceiveEndpoint implements Endpoint {
    private final BrokerDoor broker;
    private final LeaseAnswer answer;

    public QueueReceiveEndpoint(BrokerDoor broker, LeaseAnswer answer) {
        this.broker = broker;
        this.answer = answer;
    }

    @Override
    public @Nullable Answer serve(Call call) throws InterruptedException {
        Query query = call.query("max", "wait", "lease", "mode");
        ReceiveRequest request = ReceiveEndpoint.request(query);
        String mode = query.one("mode");
        return switch (mode == null ? "lease" : mode) {
            case "lease" ->
                    answer.of(
                            call,
                            broker.queues().receive(Principal.LOCAL, call.variable(), request));
            case "delete" -> {
                if (request.lease() != null) {
                    throw wrong("lease", "means nothing with mode=delete");
                }
                yield answer.ofSettled(call, settled(call.variable(), request));
            }
            default -> throw wrong("mode", "must be lease or delete");
        };
    }

    /// Takes jobs in portions that fit into one answer however large they are, since none can be
    /// given back.
    private List<Leased> settled(String name, ReceiveRequest request) throws InterruptedException {
        List<Leased> taken = new ArrayList<>();
        long bytesLeft = LeaseAnswer.BYTES_MAX;
        Duration wait = request.waitMax();
        while (taken.size() < request.max() && bytesLeft > 0) {
            long fitting = Math.max(1, bytesLeft / broker.eventBytesMax());
            int portion = (int) Math.min(request.max() - taken.size(), fitting);
            List<Leased> jobs = portion(name, new ReceiveRequest(portion, wait, null), taken);
            if (jobs.isEmpty()) {
                break;
            }
            for (Leased job : jobs) {
                Bytes data = job.event().event().data();
                bytesLeft -= data == null ? 0 : data.length();
            }
            taken.addAll(jobs);
            wait = Duration.ZERO;
        }
        return taken;
    }

    /// @param taken if there are some already, they are not lost to what goes wrong behind them
    private List<Leased> portion(String name, ReceiveRequest request, List<Leased> taken)
            throws InterruptedException {
        try {
            return broker.queues().receiveAndDelete(Principal.LOCAL, name, request);
        } catch (MillraceException | InterruptedException e) {
            if (taken.isEmpty()) {
                throw e;
            }
            return List.of();
        }
    }

    private static MillraceException wrong(String field, String detail) {
        return new MillraceException(ErrorCode.REQUEST_INVALID, field, detail);
    }
}
