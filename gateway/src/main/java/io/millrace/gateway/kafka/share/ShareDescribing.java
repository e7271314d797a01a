package io.millrace.gateway.kafka.share;

import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData.Assignment;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData.TopicPartitions;
import org.apache.kafka.common.protocol.Errors;

/// Answers ShareGroupDescribe.
final class ShareDescribing {
    private final ShareGround ground;
    private final ShareMembership membership;
    private final KnownGroups known;

    ShareDescribing(ShareGround ground, ShareMembership membership, KnownGroups known) {
        this.ground = ground;
        this.membership = membership;
        this.known = known;
    }

    void handle(KafkaRequest request, Answer answer) {
        ShareGroupDescribeRequestData data = (ShareGroupDescribeRequestData) request.message();
        ground.serial()
                .run(() -> {
                    ShareGroupDescribeResponseData described = new ShareGroupDescribeResponseData();
                    data.groupIds().forEach(id -> described.groups().add(group(id)));
                    answer.send(described);
                });
    }

    private DescribedGroup group(String id) {
        ShareGroup group = membership.find(id);
        if (group == null) {
            return known.contains(id)
                    ? new DescribedGroup()
                            .setGroupId(id)
                            .setGroupState("Empty")
                            .setAssignorName("simple")
                    : new DescribedGroup()
                            .setGroupId(id)
                            .setGroupState("Dead")
                            .setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
                            .setErrorMessage("there is no share group " + id);
        }
        List<ShareGroupDescribeResponseData.Member> members =
                group.members().values().stream().map(ShareDescribing::member).toList();
        return new DescribedGroup()
                .setGroupId(id)
                .setGroupState(group.state())
                .setGroupEpoch(group.epoch())
                .setAssignmentEpoch(group.epoch())
                .setAssignorName("simple")
                .setMembers(members);
    }

    private static ShareGroupDescribeResponseData.Member member(ShareGroup.Member member) {
        List<TopicPartitions> assigned =
                member.assigned.stream()
                        .map(topic ->
                                new TopicPartitions()
                                        .setTopicId(topic.id())
                                        .setTopicName(topic.name())
                                        .setPartitions(
                                                IntStream.range(0, topic.partitions())
                                                        .boxed()
                                                        .toList()))
                        .toList();
        return new ShareGroupDescribeResponseData.Member()
                .setMemberId(member.id)
                .setRackId(member.rack)
                .setMemberEpoch(member.epoch)
                .setClientId(member.clientId)
                .setClientHost(member.host)
                .setSubscribedTopicNames(List.copyOf(member.topics))
                .setAssignment(new Assignment().setTopicPartitions(assigned));
    }
}
