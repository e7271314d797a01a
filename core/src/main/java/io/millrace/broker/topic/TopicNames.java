package io.millrace.broker.topic;

import io.millrace.resource.ResourceReader;
import io.millrace.shard.StreamId;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;

/// How topics are called and identified.
public final class TopicNames {
    private static final int STEM_MAX = 54;
    private static final int HASH_DIGITS = 8;

    private TopicNames() {}

    /// The identity of a topic: the same after each start, and another once it is created anew.
    public static UUID id(StreamId stream) {
        return id("stream", stream);
    }

    /// The same for the topic of a queue.
    public static UUID ofQueue(StreamId queue) {
        return id("queue", queue);
    }

    private static UUID id(String kind, StreamId id) {
        return UUID.nameUUIDFromBytes((kind + "/" + id).getBytes(StandardCharsets.UTF_8));
    }

    /// The name of the stream for a topic: the same if that can be one, else one that is made of
    /// it.
    ///
    /// @param isTaken whether another stream has a name
    public static String resource(String topic, Predicate<String> isTaken) {
        if (ResourceReader.isName(topic) && !isTaken.test(topic)) {
            return topic;
        }
        StringBuilder stem = new StringBuilder();
        for (char c : topic.toLowerCase(Locale.ROOT).toCharArray()) {
            boolean fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (fits || !stem.isEmpty()) {
                stem.append(fits ? c : '-');
            }
        }
        if (stem.isEmpty()) {
            stem.append('t');
        }
        stem.setLength(Math.min(stem.length(), STEM_MAX));
        UUID hash = UUID.nameUUIDFromBytes(topic.getBytes(StandardCharsets.UTF_8));
        return stem + "-" + hash.toString().substring(0, HASH_DIGITS);
    }
}
