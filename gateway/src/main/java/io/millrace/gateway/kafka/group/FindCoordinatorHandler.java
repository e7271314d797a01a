package io.millrace.gateway.kafka.group;

import io.millrace.gateway.kafka.group.CoordinatorAddress.HostAndPort;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.RequestHandler;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.Errors;

/// FindCoordinator: of groups, transactions and share groups it is always this broker.
final class FindCoordinatorHandler implements RequestHandler {
    private static final int HAS_KEYS = 4;
    private static final byte SHARE = 2;

    private final CoordinatorAddress address;

    FindCoordinatorHandler(CoordinatorAddress address) {
        this.address = address;
    }

    @Override
    public void handle(KafkaRequest request, Answer answer) {
        FindCoordinatorRequestData data = (FindCoordinatorRequestData) request.message();
        boolean isKnown = data.keyType() >= 0 && data.keyType() <= SHARE;
        Errors error = isKnown ? Errors.NONE : Errors.INVALID_REQUEST;
        HostAndPort here = address.advertised();
        FindCoordinatorResponseData response = new FindCoordinatorResponseData();
        if (request.version() < HAS_KEYS) {
            answer.send(
                    response.setErrorCode(error.code())
                            .setErrorMessage(isKnown ? null : "There is no such kind of key.")
                            .setNodeId(isKnown ? 0 : -1)
                            .setHost(isKnown ? here.host() : "")
                            .setPort(isKnown ? here.port() : -1));
            return;
        }
        for (String key : data.coordinatorKeys()) {
            response.coordinators()
                    .add(
                            new Coordinator()
                                    .setKey(key)
                                    .setErrorCode(error.code())
                                    .setErrorMessage(
                                            isKnown ? null : "There is no such kind of key.")
                                    .setNodeId(isKnown ? 0 : -1)
                                    .setHost(isKnown ? here.host() : "")
                                    .setPort(isKnown ? here.port() : -1));
        }
        answer.send(response);
    }
}
