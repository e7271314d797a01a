package io.millrace.gateway.kafka.admin;

import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.protocol.Errors;

/// Requests about access lists. A server whose guard lets everyone do everything answers as Kafka
/// does without an authorizer.
final class AccessRequests {
    private static final String OPEN =
            "this server has no security configured: everyone who reaches it may do everything";

    void describe(KafkaRequest request, Answer answer) {
        answer.send(
                new DescribeAclsResponseData()
                        .setErrorCode(Errors.SECURITY_DISABLED.code())
                        .setErrorMessage(OPEN));
    }

    void create(KafkaRequest request, Answer answer) {
        CreateAclsResponseData response = new CreateAclsResponseData();
        for (int i = 0; i < ((CreateAclsRequestData) request.message()).creations().size(); i++) {
            response.results()
                    .add(
                            new AclCreationResult()
                                    .setErrorCode(Errors.SECURITY_DISABLED.code())
                                    .setErrorMessage(OPEN));
        }
        answer.send(response);
    }

    void delete(KafkaRequest request, Answer answer) {
        DeleteAclsResponseData response = new DeleteAclsResponseData();
        for (int i = 0; i < ((DeleteAclsRequestData) request.message()).filters().size(); i++) {
            response.filterResults()
                    .add(
                            new DeleteAclsFilterResult()
                                    .setErrorCode(Errors.SECURITY_DISABLED.code())
                                    .setErrorMessage(OPEN));
        }
        answer.send(response);
    }
}
