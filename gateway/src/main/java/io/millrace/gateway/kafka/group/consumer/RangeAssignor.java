package io.millrace.gateway.kafka.group.consumer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Gives each member a run of neighbouring partitions of each topic, members in the same order for
/// all topics, so that the same numbers of several topics meet in one member.
final class RangeAssignor implements Assignor {
    @Override
    public String name() {
        return "range";
    }

    @Override
    public Map<String, Partitions> assign(List<Candidate> members, Map<UUID, Integer> counts) {
        Map<String, Partitions.Builder> shares = new HashMap<>();
        Map<UUID, List<Candidate>> subscribers = new HashMap<>();
        List<Candidate> sorted = new ArrayList<>(members);
        sorted.sort(Comparator.comparing(Candidate::order));
        for (Candidate member : sorted) {
            shares.put(member.memberId(), new Partitions.Builder());
            for (UUID topic : member.topics()) {
                subscribers.computeIfAbsent(topic, _ -> new ArrayList<>()).add(member);
            }
        }
        subscribers.forEach((topic, those) -> {
            int count = counts.getOrDefault(topic, 0);
            int next = 0;
            for (int i = 0; i < those.size(); i++) {
                int share = count / those.size() + (i < count % those.size() ? 1 : 0);
                Partitions.Builder mine = shares.get(those.get(i).memberId());
                for (int end = next + share; next < end && mine != null; next++) {
                    mine.add(topic, next);
                }
            }
        });
        Map<String, Partitions> done = HashMap.newHashMap(shares.size());
        shares.forEach((memberId, share) -> done.put(memberId, share.build()));
        return done;
    }
}
