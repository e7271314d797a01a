package io.millrace.gateway.http.subscription;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Endpoint;
import io.millrace.gateway.http.door.BrokerDoor;

/// `GET` and `POST /webhook-callbacks/{key}`: sinks, or people with a browser, grant the permission
/// to push that was asked for (CloudEvents http-webhook.md, section 4.1.3). A body is not looked
/// at.
///
/// `HEAD` grants nothing: that is how programs look where a link in a message leads.
public final class CallbackEndpoint implements Endpoint {
    private final BrokerDoor broker;

    public CallbackEndpoint(BrokerDoor broker) {
        this.broker = broker;
    }

    @Override
    public Answer serve(Call call) {
        call.query();
        if (call.isHead()) {
            return Answer.empty(204).with("cache-control", "no-store");
        }
        if (!broker.calledBack(call.variable(), call.header("webhook-allowed-rate"))) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND,
                    "nobody asks for permission at this address, or it was granted already");
        }
        return Answer.text(200, "Events may be pushed now.\n").with("cache-control", "no-store");
    }
}
