package io.millrace.gateway.kafka.group;

import io.millrace.gateway.kafka.group.classic.ClassicGroup;
import io.millrace.gateway.kafka.group.classic.ClassicRequests;
import io.millrace.gateway.kafka.group.classic.ClassicRequests.Committer;
import io.millrace.gateway.kafka.group.consumer.ConsumerGroup;
import io.millrace.gateway.kafka.group.consumer.ConsumerMember;
import io.millrace.gateway.kafka.group.consumer.ConsumerRequests;
import io.millrace.gateway.kafka.group.state.Turn;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Who may commit offsets: members with the group's present generation or their present epoch, and
/// anyone else only while the group has no members. Only for the coordinator's thread.
final class CommitChecks {
    private static final int KNOWS_MEMBER_EPOCHS = 9;

    private CommitChecks() {}

    /// @param version of OffsetCommit
    static Errors commit(@Nullable GroupEntry entry, Committer committer, int version, Turn turn) {
        ClassicGroup classic = entry == null ? null : entry.classic();
        ConsumerGroup consumer = entry == null ? null : entry.consumer();
        if (classic != null) {
            Errors error = ClassicRequests.checkCommit(classic, committer, false);
            if (error == Errors.NONE) {
                ClassicRequests.touch(classic, committer.memberId(), turn);
            }
            return error;
        }
        if (consumer != null) {
            ConsumerMember member = consumer.member(committer.memberId());
            if (member != null && !member.isClassic() && version < KNOWS_MEMBER_EPOCHS) {
                return Errors.UNSUPPORTED_VERSION;
            }
            return commit(consumer, committer);
        }
        if (committer.generation() < 0) {
            return Errors.NONE;
        }
        return version >= KNOWS_MEMBER_EPOCHS && entry == null
                ? Errors.GROUP_ID_NOT_FOUND
                : Errors.ILLEGAL_GENERATION;
    }

    /// The same for offsets in a transaction, which older clients commit without saying who they
    /// are.
    static Errors transaction(@Nullable GroupEntry entry, Committer committer) {
        ClassicGroup classic = entry == null ? null : entry.classic();
        ConsumerGroup consumer = entry == null ? null : entry.consumer();
        if (classic != null) {
            return ClassicRequests.checkCommit(classic, committer, true);
        }
        if (consumer != null) {
            return commit(consumer, committer);
        }
        return committer.generation() < 0 ? Errors.NONE : Errors.ILLEGAL_GENERATION;
    }

    private static Errors commit(ConsumerGroup group, Committer committer) {
        if (committer.generation() < 0 && group.isEmpty()) {
            return Errors.NONE;
        }
        return ConsumerRequests.checkEpoch(group, committer.memberId(), committer.generation());
    }

    /// Whether a member may fetch offsets; whoever does not say who they are may.
    static Errors fetch(@Nullable GroupEntry entry, @Nullable String memberId, int epoch) {
        ConsumerGroup consumer = entry == null ? null : entry.consumer();
        if (consumer == null || (memberId == null && epoch < 0)) {
            return Errors.NONE;
        }
        return ConsumerRequests.checkEpoch(consumer, memberId == null ? "" : memberId, epoch);
    }
}
