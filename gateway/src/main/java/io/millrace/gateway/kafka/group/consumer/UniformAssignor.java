package io.millrace.gateway.kafka.group.consumer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Gives all members equally many partitions, as far as their subscriptions allow, and lets each
/// keep what it has as far as that allows.
final class UniformAssignor implements Assignor {
    private static final int BALANCE_ROUNDS_MAX = 16;

    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public Map<String, Partitions> assign(List<Candidate> members, Map<UUID, Integer> counts) {
        List<Candidate> sorted = new ArrayList<>(members);
        sorted.sort(Comparator.comparing(Candidate::order));
        Sharing sharing = new Sharing(sorted, counts);
        Set<UUID> first = sorted.isEmpty() ? Set.of() : sorted.getFirst().topics();
        boolean alike = sorted.stream().allMatch(each -> each.topics().equals(first));
        if (alike) {
            sharing.evenly();
        } else {
            sharing.keep(Integer.MAX_VALUE, 0);
            sharing.giveToTheLeastLoaded();
            sharing.balance();
        }
        return sharing.done();
    }

    /// One sharing out.
    private static final class Sharing {
        private final List<Candidate> members;
        private final Map<UUID, Integer> counts;
        private final Map<String, Partitions.Builder> shares = new LinkedHashMap<>();
        private final Map<UUID, @Nullable Candidate[]> owners = new LinkedHashMap<>();

        Sharing(List<Candidate> members, Map<UUID, Integer> counts) {
            this.members = members;
            this.counts = counts;
            members.forEach(member -> shares.put(member.memberId(), new Partitions.Builder()));
            members.stream()
                    .flatMap(member -> member.topics().stream())
                    .forEach(topic ->
                            owners.computeIfAbsent(
                                    topic, _ -> new @Nullable Candidate[count(topic)]));
        }

        private int count(UUID topic) {
            return counts.getOrDefault(topic, 0);
        }

        private int load(Candidate member) {
            return share(member).count();
        }

        private Partitions.Builder share(Candidate member) {
            return shares.computeIfAbsent(member.memberId(), _ -> new Partitions.Builder());
        }

        private void give(Candidate member, UUID topic, int partition, @Nullable Candidate[] of) {
            of[partition] = member;
            share(member).add(topic, partition);
        }

        /// Lets each keep what it has, up to `max`, and `extra` of them one more.
        void keep(int max, int extra) {
            int left = extra;
            for (Candidate member : members) {
                int kept = 0;
                for (UUID topic : member.current().topics()) {
                    @Nullable Candidate @Nullable [] of =
                            member.topics().contains(topic) ? owners.get(topic) : null;
                    for (int partition : of == null ? new int[0] : member.current().of(topic)) {
                        boolean isFree =
                                of != null && partition < of.length && of[partition] == null;
                        boolean isExtra = kept == max && left > 0;
                        if (of != null && isFree && (kept < max || isExtra)) {
                            left -= isExtra ? 1 : 0;
                            kept++;
                            give(member, topic, partition, of);
                        }
                    }
                }
            }
        }

        /// All members have subscribed to the same topics.
        void evenly() {
            if (members.isEmpty()) {
                return;
            }
            int total = owners.values().stream().mapToInt(of -> of.length).sum();
            int min = total / members.size();
            keep(min, total % members.size());
            int next = 0;
            for (Map.Entry<UUID, @Nullable Candidate[]> each : owners.entrySet()) {
                @Nullable Candidate[] of = each.getValue();
                for (int partition = 0; partition < of.length; partition++) {
                    if (of[partition] == null) {
                        // First everyone up to the minimum, then one more as far as that goes.
                        while (next < members.size() && load(members.get(next)) >= min) {
                            next++;
                        }
                        if (next < members.size()) {
                            give(members.get(next), each.getKey(), partition, of);
                        } else {
                            give(withoutExtra(min), each.getKey(), partition, of);
                        }
                    }
                }
            }
        }

        private int extraFrom;

        private Candidate withoutExtra(int min) {
            while (extraFrom < members.size() - 1 && load(members.get(extraFrom)) > min) {
                extraFrom++;
            }
            return members.get(extraFrom);
        }

        private Map<UUID, List<Candidate>> subscribers() {
            Map<UUID, List<Candidate>> subscribers = new HashMap<>();
            for (Candidate member : members) {
                for (UUID topic : member.topics()) {
                    subscribers.computeIfAbsent(topic, _ -> new ArrayList<>()).add(member);
                }
            }
            return subscribers;
        }

        private Candidate leastLoaded(List<Candidate> those) {
            Candidate least = those.getFirst();
            int load = load(least);
            for (Candidate each : those) {
                int its = load(each);
                if (its < load) {
                    least = each;
                    load = its;
                }
            }
            return least;
        }

        /// Topics with few subscribers first, as there is less choice.
        void giveToTheLeastLoaded() {
            Map<UUID, List<Candidate>> subscribers = subscribers();
            subscribers.entrySet().stream()
                    .sorted(
                            Comparator.<Map.Entry<UUID, List<Candidate>>>comparingInt(
                                            each -> each.getValue().size())
                                    .thenComparing(Map.Entry::getKey))
                    .forEach(each -> {
                        @Nullable Candidate[] of = owners.get(each.getKey());
                        for (int i = 0; of != null && i < of.length; i++) {
                            if (of[i] == null) {
                                Candidate least = leastLoaded(each.getValue());
                                give(least, each.getKey(), i, of);
                            }
                        }
                    });
        }

        /// Moves partitions from those who have more to those who have less, until nothing moves.
        void balance() {
            Map<UUID, List<Candidate>> subscribers = subscribers();
            boolean moved = true;
            for (int round = 0; moved && round < BALANCE_ROUNDS_MAX; round++) {
                moved = false;
                for (Map.Entry<UUID, List<Candidate>> each : subscribers.entrySet()) {
                    @Nullable Candidate[] of = owners.get(each.getKey());
                    for (int i = 0; of != null && i < of.length; i++) {
                        Candidate owner = of[i];
                        Candidate least = leastLoaded(each.getValue());
                        if (owner != null && load(owner) > load(least) + 1) {
                            share(owner).remove(each.getKey(), i);
                            give(least, each.getKey(), i, of);
                            moved = true;
                        }
                    }
                }
            }
        }

        Map<String, Partitions> done() {
            Map<String, Partitions> done = HashMap.newHashMap(shares.size());
            shares.forEach((memberId, share) -> done.put(memberId, share.build()));
            return done;
        }
    }
}
