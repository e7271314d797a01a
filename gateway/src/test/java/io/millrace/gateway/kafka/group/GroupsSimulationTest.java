package io.millrace.gateway.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Topics.Topic;
import io.millrace.gateway.kafka.group.Harness.Asked;

import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/// Members of both protocols that come, crash, leave and lose answers, and a coordinator that
/// crashes: no two of them ever have the same partition, what was acknowledged stays committed, and
/// when nothing happens any more everything is shared out and nobody is stuck.
class GroupsSimulationTest {
    private static final long SEED = 848_2026;
    private static final int RUNS = 150;
    private static final int STEPS = 120;
    private static final int PARTITIONS = 7;

    /// A member in whatever way it is one.
    private interface Actor {
        void step();

        /// Loses the answer to its next report.
        void stepInVain();

        void leave();

        void serverCrashed();

        Set<Integer> owned();

        boolean isSettled();

        String memberId();

        int epoch();
    }

    @Test
    void membersOfTheNewProtocol() {
        simulate(0);
    }

    @Test
    void membersOfTheClassicProtocol() {
        simulate(1);
    }

    @Test
    void membersOfBoth() {
        simulate(2);
    }

    private static void simulate(int kind) {
        for (int run = 0; run < RUNS; run++) {
            new Run(SEED + run * 31L, kind).go();
        }
    }

    /// One life of a group.
    private static final class Run {
        private final String what;
        private final Random random;
        private final int kind;
        private final Harness harness = new Harness();
        private final Topic topic = harness.topics.add("t", PARTITIONS);
        private final List<Actor> actors = new ArrayList<>();
        private final long[] acknowledged = new long[PARTITIONS];
        private final long[] attempted = new long[PARTITIONS];
        private long nextOffset = 1;
        private int names;

        Run(long seed, int kind) {
            this.what = "kind " + kind + ", seed " + seed;
            this.random = new Random(seed);
            this.kind = kind;
        }

        void go() {
            for (int step = 0; step < STEPS; step++) {
                act();
                check(step);
            }
            rest();
        }

        private void act() {
            int dice = random.nextInt(100);
            if (actors.isEmpty() || (dice < 6 && actors.size() < 6)) {
                actors.add(newActor());
            } else if (dice < 9) {
                actors.remove(random.nextInt(actors.size()));
            } else if (dice < 12) {
                actors.remove(random.nextInt(actors.size())).leave();
            } else if (dice < 15) {
                harness.restart();
                actors.forEach(Actor::serverCrashed);
            } else if (dice < 18) {
                // The answer is lost, as is whatever was not on disk.
                harness.table.hold();
                any().stepInVain();
                harness.restart();
                actors.forEach(Actor::serverCrashed);
            } else if (dice < 24) {
                any().stepInVain();
            } else if (dice < 34) {
                harness.pass(random.nextInt(3_000));
                actors.forEach(Actor::step);
            } else if (dice < 50) {
                commit(any());
            } else {
                any().step();
            }
        }

        private Actor any() {
            return actors.get(random.nextInt(actors.size()));
        }

        private Actor newActor() {
            boolean isNew = kind == 0 || (kind == 2 && random.nextBoolean());
            return isNew ? new Modern("m" + names++) : new Classic(random.nextBoolean());
        }

        private void check(int step) {
            Map<Integer, Actor> owners = new HashMap<>();
            for (Actor actor : actors) {
                for (int partition : actor.owned()) {
                    Actor other = owners.put(partition, actor);
                    assertThat(other)
                            .as("%s, step %d: two have partition %d", what, step, partition)
                            .isNull();
                }
            }
            if (step % 10 == 0) {
                checkOffsets(step);
            }
        }

        private void rest() {
            if (actors.isEmpty()) {
                actors.add(newActor());
            }
            for (int i = 0; i < 120; i++) {
                harness.pass(1_000);
                actors.forEach(Actor::step);
                check(STEPS + i);
            }
            Set<Integer> all = new TreeSet<>();
            for (Actor actor : actors) {
                assertThat(actor.isSettled()).as("%s: nobody is stuck", what).isTrue();
                all.addAll(actor.owned());
            }
            assertThat(all).as("%s: everything is shared out", what).hasSize(PARTITIONS);
        }

        private void commit(Actor actor) {
            for (int partition : actor.owned()) {
                long offset = nextOffset++;
                OffsetCommitRequestData request =
                        new OffsetCommitRequestData()
                                .setGroupId("g")
                                .setMemberId(actor.memberId())
                                .setGenerationIdOrMemberEpoch(actor.epoch());
                request.topics()
                        .add(
                                new OffsetCommitRequestTopic()
                                        .setName("t")
                                        .setPartitions(
                                                List.of(
                                                        new OffsetCommitRequestPartition()
                                                                .setPartitionIndex(partition)
                                                                .setCommittedOffset(offset))));
                Asked asked = harness.ask(ApiKeys.OFFSET_COMMIT, 9, request);
                attempted[partition] = offset;
                short error =
                        asked.as(OffsetCommitResponseData.class)
                                .topics()
                                .getFirst()
                                .partitions()
                                .getFirst()
                                .errorCode();
                if (error == 0) {
                    acknowledged[partition] = offset;
                }
            }
        }

        private void checkOffsets(int step) {
            List<Integer> numbers = new ArrayList<>();
            for (int i = 0; i < PARTITIONS; i++) {
                numbers.add(i);
            }
            harness.call(
                            ApiKeys.OFFSET_FETCH,
                            9,
                            new OffsetFetchRequestData()
                                    .setGroups(
                                            List.of(
                                                    new OffsetFetchRequestGroup()
                                                            .setGroupId("g")
                                                            .setTopics(
                                                                    List.of(
                                                                            new OffsetFetchRequestTopics()
                                                                                    .setName("t")
                                                                                    .setPartitionIndexes(
                                                                                            numbers))))),
                            OffsetFetchResponseData.class)
                    .groups()
                    .getFirst()
                    .topics()
                    .getFirst()
                    .partitions()
                    .forEach(each ->
                            assertThat(Math.max(each.committedOffset(), 0))
                                    .as("%s, step %d: an offset", what, step)
                                    .isBetween(
                                            acknowledged[each.partitionIndex()],
                                            attempted[each.partitionIndex()]));
        }

        /// Speaks KIP-848.
        private final class Modern implements Actor {
            private final NewClient client;
            private Errors last = Errors.NONE;

            Modern(String id) {
                client = new NewClient(harness, "g", id, null);
            }

            @Override
            public void step() {
                last = client.beat();
            }

            @Override
            public void stepInVain() {
                client.beatInVain();
            }

            @Override
            public void leave() {
                if (client.epoch > 0) {
                    client.send(-1, false);
                }
            }

            @Override
            public void serverCrashed() {
                client.reportAgain();
            }

            @Override
            public Set<Integer> owned() {
                return client.owned.getOrDefault(topic.id(), Set.of());
            }

            @Override
            public boolean isSettled() {
                return last == Errors.NONE;
            }

            @Override
            public String memberId() {
                return client.memberId;
            }

            @Override
            public int epoch() {
                return client.epoch;
            }
        }

        private enum Phase {
            OUT,
            JOINING,
            SYNCING,
            IN
        }

        /// Speaks the classic protocol, eagerly or cooperatively.
        private final class Classic implements Actor {
            private final ClassicClient client = new ClassicClient(harness, "g", null);
            private final boolean isCooperative;
            private Set<Integer> owned = Set.of();
            private Phase phase = Phase.OUT;
            private Asked asked = new Asked(ApiKeys.JOIN_GROUP, (short) 9);

            Classic(boolean isCooperative) {
                this.isCooperative = isCooperative && kind == 2;
            }

            @Override
            public void step() {
                switch (phase) {
                    case OUT -> join();
                    case JOINING -> joined();
                    case SYNCING -> synced();
                    case IN -> heard(client.heartbeat());
                }
            }

            private void heard(Errors error) {
                switch (error) {
                    case NONE -> {}
                    case REBALANCE_IN_PROGRESS -> {
                        if (!isCooperative) {
                            owned = Set.of();
                        }
                        phase = Phase.OUT;
                    }
                    default -> {
                        owned = Set.of();
                        phase = Phase.OUT;
                        if (error == Errors.UNKNOWN_MEMBER_ID) {
                            client.memberId = "";
                        }
                    }
                }
            }

            private void join() {
                client.consumerOf(
                        List.of("t"),
                        owned.stream().map(each -> new TopicPartition("t", each)).toList());
                asked = client.askJoin();
                phase = Phase.JOINING;
            }

            private void joined() {
                if (!asked.isAnswered()) {
                    return;
                }
                JoinGroupResponseData response = client.joined(asked);
                if (response.errorCode() != 0) {
                    heard(Errors.forCode(response.errorCode()));
                    return;
                }
                Map<String, byte[]> shares = new HashMap<>();
                if (response.leader().equals(client.memberId) && !response.skipAssignment()) {
                    // A leader shares out as the eager protocol does, so everyone starts anew.
                    List<List<TopicPartition>> parts = new ArrayList<>();
                    response.members().forEach(_ -> parts.add(new ArrayList<>()));
                    for (int i = 0; i < PARTITIONS; i++) {
                        parts.get(i % parts.size()).add(new TopicPartition("t", i));
                    }
                    for (int i = 0; i < parts.size(); i++) {
                        ByteBuffer bytes =
                                ConsumerProtocol.serializeAssignment(new Assignment(parts.get(i)));
                        byte[] copy = new byte[bytes.remaining()];
                        bytes.get(copy);
                        shares.put(response.members().get(i).memberId(), copy);
                    }
                }
                if (!response.leader().isEmpty()) {
                    owned = Set.of();
                }
                asked = client.askSync(shares);
                phase = Phase.SYNCING;
            }

            private void synced() {
                if (!asked.isAnswered()) {
                    return;
                }
                SyncGroupResponseData response = ClassicClient.synced(asked);
                if (response.errorCode() != 0) {
                    heard(Errors.forCode(response.errorCode()));
                    return;
                }
                Set<Integer> now = new TreeSet<>();
                if (response.assignment().length > 0) {
                    ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(response.assignment()))
                            .partitions()
                            .forEach(each -> now.add(each.partition()));
                }
                owned = now;
                phase = Phase.IN;
            }

            @Override
            public void stepInVain() {
                if (phase == Phase.IN) {
                    client.heartbeat();
                }
            }

            @Override
            public void leave() {
                if (!client.memberId.isEmpty()) {
                    client.leave();
                }
            }

            @Override
            public void serverCrashed() {
                if (phase != Phase.IN) {
                    phase = Phase.OUT;
                    owned = Set.of();
                }
            }

            @Override
            public Set<Integer> owned() {
                return owned;
            }

            @Override
            public boolean isSettled() {
                return phase == Phase.IN;
            }

            @Override
            public String memberId() {
                return client.memberId;
            }

            @Override
            public int epoch() {
                return client.generation;
            }
        }
    }
}
