package io.millrace.gateway.kafka.group.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.gateway.kafka.group.consumer.Assignor.Candidate;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

class AssignorTest {
    private static final long SEED = 20260522;

    @Test
    void everythingIsGivenOnceWhateverTheSubscriptions() {
        Random random = new Random(SEED);
        for (int run = 0; run < 500; run++) {
            Map<UUID, Integer> counts = new HashMap<>();
            List<UUID> topics = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                topics.add(new UUID(random.nextLong(), i));
                counts.put(topics.getLast(), random.nextInt(9));
            }
            boolean alike = random.nextBoolean();
            List<Candidate> members = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(7); i++) {
                Set<UUID> subscribed = new HashSet<>(topics);
                if (!alike) {
                    subscribed.removeIf(_ -> random.nextBoolean());
                }
                String id = "m" + random.nextInt(1000) + "-" + i;
                members.add(new Candidate(id, id, subscribed, Partitions.NONE));
            }
            for (Assignor assignor : Assignor.all()) {
                Map<String, Partitions> before = assignor.assign(members, counts);
                check(before, members, counts, run);
                List<Candidate> later = withCurrent(members, before);
                assertThat(assignor.assign(later, counts))
                        .as("seed %d run %d: nothing moves without a reason", SEED, run)
                        .isEqualTo(before);
                if (later.size() > 1) {
                    later.remove(random.nextInt(later.size()));
                    Map<String, Partitions> after = assignor.assign(later, counts);
                    check(after, later, counts, run);
                    if (alike && assignor instanceof UniformAssignor) {
                        balancedAndSticky(after, later, run);
                    }
                }
            }
        }
    }

    private static List<Candidate> withCurrent(
            List<Candidate> members, Map<String, Partitions> current) {
        List<Candidate> later = new ArrayList<>();
        for (Candidate each : members) {
            later.add(
                    new Candidate(
                            each.memberId(),
                            each.order(),
                            each.topics(),
                            current.getOrDefault(each.memberId(), Partitions.NONE)));
        }
        return later;
    }

    private static void check(
            Map<String, Partitions> given,
            List<Candidate> members,
            Map<UUID, Integer> counts,
            int run) {
        Set<String> all = new HashSet<>();
        int expected = 0;
        for (UUID topic : counts.keySet()) {
            if (members.stream().anyMatch(each -> each.topics().contains(topic))) {
                expected += counts.getOrDefault(topic, 0);
            }
        }
        for (Candidate member : members) {
            Partitions its = given.getOrDefault(member.memberId(), Partitions.NONE);
            assertThat(member.topics()).containsAll(its.topics());
            for (UUID topic : its.topics()) {
                for (int partition : its.of(topic)) {
                    assertThat(all.add(topic + "/" + partition))
                            .as("seed %d run %d: once", SEED, run)
                            .isTrue();
                }
            }
        }
        assertThat(all).as("seed %d run %d: all", SEED, run).hasSize(expected);
    }

    private static void balancedAndSticky(
            Map<String, Partitions> given, List<Candidate> members, int run) {
        int total = given.values().stream().mapToInt(Partitions::count).sum();
        int min = total / members.size();
        for (Candidate member : members) {
            Partitions its = given.getOrDefault(member.memberId(), Partitions.NONE);
            assertThat(its.count())
                    .as("seed %d run %d: balance", SEED, run)
                    .isBetween(min, min + (total % members.size() == 0 ? 0 : 1));
            int kept = its.where(member.current()::contains).count();
            assertThat(kept)
                    .as("seed %d run %d: stickiness", SEED, run)
                    .isGreaterThanOrEqualTo(Math.min(member.current().count(), min));
        }
    }
}
