package io.millrace.gateway.kafka.group;

import io.millrace.gateway.kafka.group.state.Reply;
import io.millrace.gateway.kafka.request.Answer;
import java.util.function.Function;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/// A reply that is sent to the client.
///
/// @param failure makes the response in which everything failed
record AnswerReply<T extends ApiMessage>(Answer answer, Function<Errors, T> failure)
        implements Reply<T> {
    @Override
    public void send(T response) {
        answer.send(response);
    }

    @Override
    public void refuse(Errors error) {
        answer.send(failure.apply(error));
    }
}
