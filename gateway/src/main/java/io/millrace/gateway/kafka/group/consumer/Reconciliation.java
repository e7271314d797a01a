package io.millrace.gateway.kafka.group.consumer;

import io.millrace.gateway.kafka.group.consumer.ConsumerMember.State;

import org.jspecify.annotations.Nullable;

/// Brings a member nearer to what it is to have, one step for each time that it reports: first it
/// gives up what it has too much and says so, then it gets what nobody else has any more. Only for
/// the coordinator's thread.
final class Reconciliation {
    private Reconciliation() {}

    /// Does the member's next step.
    ///
    /// @param owned what the member says it has; `null` if it did not say
    /// @return whether anything changed
    static boolean step(
            ConsumerGroup group, ConsumerMember member, @Nullable Partitions owned, long now) {
        int target = group.assignmentEpoch();
        if (member.state == State.STABLE && member.epoch == target) {
            return false;
        }
        switch (member.state) {
            case STABLE, UNRELEASED -> {}
            case UNREVOKED -> {
                if (owned == null || owned.meets(member.revoking)) {
                    return false;
                }
            }
        }
        State before = member.state;
        int epochBefore = member.epoch;
        Partitions assignedBefore = member.assigned;
        Partitions revokingBefore = member.revoking;
        move(group, member, owned, target);
        boolean isChanged =
                before != member.state
                        || epochBefore != member.epoch
                        || !assignedBefore.equals(member.assigned)
                        || !revokingBefore.equals(member.revoking);
        if (isChanged) {
            group.changed(member);
            if (!member.isClassic()) {
                if (member.state == State.UNREVOKED) {
                    group.expectStep(member, now);
                } else {
                    member.stepDeadline = Long.MAX_VALUE;
                }
            }
        }
        return isChanged;
    }

    private static void move(
            ConsumerGroup group, ConsumerMember member, @Nullable Partitions owned, int target) {
        group.owners.release(member.id(), member.revoking);
        Partitions kept = member.assigned.where(member.target::contains);
        Partitions surplus = member.assigned.where((topic, p) -> !member.target.contains(topic, p));
        if (!surplus.isEmpty() && (owned == null || owned.meets(surplus))) {
            // What was given up in the step before counts as an epoch of its own, so that a
            // report that was late is not taken for this one's answer.
            if (member.state == State.UNREVOKED) {
                member.step(member.epoch + 1);
            }
            member.state = State.UNREVOKED;
            member.assigned = kept;
            member.revoking = surplus;
            return;
        }
        group.owners.release(member.id(), surplus);
        Partitions missing = member.target.where((topic, p) -> !kept.contains(topic, p));
        Partitions free =
                missing.where((topic, p) -> group.owners.isFreeFor(member.id(), topic, p));
        group.owners.take(member.id(), free);
        member.state = free.count() == missing.count() ? State.STABLE : State.UNRELEASED;
        member.assigned = member.state == State.STABLE ? member.target : kept.plus(free);
        member.revoking = Partitions.NONE;
        member.step(target);
    }

    /// Whether something that the member waits for could be given to it now.
    static boolean canGoOn(ConsumerGroup group, ConsumerMember member) {
        Partitions missing = member.target.where((topic, p) -> !member.assigned.contains(topic, p));
        return missing.where((topic, p) -> !group.owners.isFreeFor(member.id(), topic, p))
                .isEmpty();
    }
}
