package io.millrace.gateway.kafka.share;

import io.millrace.gateway.kafka.serial.Serial;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// The members of one share group. Each gets all partitions of the topics that it has subscribed
/// to, so nothing has to be agreed upon. Owned by the coordinator's serial.
final class ShareGroup {
    private final TreeMap<String, Member> members = new TreeMap<>();
    private int epoch;

    /// What a member has of one topic.
    record Assigned(Uuid id, String name, int partitions) {}

    /// One consumer.
    static final class Member {
        final String id;
        String clientId = "";
        String host = "";
        @Nullable String rack;
        TreeSet<String> topics = new TreeSet<>();
        List<Assigned> assigned = List.of();
        int epoch;
        int previousEpoch;
        Serial.@Nullable Timer timer;

        Member(String id) {
            this.id = id;
        }
    }

    int epoch() {
        return epoch;
    }

    Map<String, Member> members() {
        return members;
    }

    /// A member, which is new if there was none.
    Member obtain(String id) {
        return members.computeIfAbsent(id, Member::new);
    }

    /// Something has changed that members have to know of.
    void changed() {
        epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }

    @Nullable Member remove(String id) {
        Member gone = members.remove(id);
        if (gone != null) {
            if (gone.timer != null) {
                gone.timer.cancel();
            }
            changed();
        }
        return gone;
    }

    /// As Kafka calls it.
    String state() {
        return members.isEmpty() ? "Empty" : "Stable";
    }
}
