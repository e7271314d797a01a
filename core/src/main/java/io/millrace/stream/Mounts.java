package io.millrace.stream;

import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which stream a context belongs to: the one with the deepest mount over it. Immutable; a change
/// makes a new one.
public final class Mounts {
    private final Map<String, Stream> byMount = new HashMap<>();
    private final TreeMap<String, Stream> byName = new TreeMap<>();
    private final Map<String, Stream> byTopic = new HashMap<>();
    private final Map<UUID, Stream> byTopicId = new HashMap<>();

    /// @param streams no two with the same name or mount, one of them on the root
    public Mounts(Collection<Stream> streams) {
        for (Stream stream : streams) {
            byName.put(stream.name(), stream);
            byMount.put(stream.mount().path(), stream);
            byTopic.put(stream.topic(), stream);
            byTopicId.put(stream.topicId(), stream);
        }
    }

    /// The stream for events of this context.
    public Stream of(Context context) {
        String path = context.path();
        while (path.length() > 1) {
            Stream stream = byMount.get(path);
            if (stream != null) {
                return stream;
            }
            path = path.substring(0, path.lastIndexOf('/'));
        }
        Stream root = byMount.get("/");
        if (root == null) {
            throw new IllegalStateException("no stream is mounted on /");
        }
        return root;
    }

    public @Nullable Stream named(String name) {
        return byName.get(name);
    }

    /// The stream that Kafka's clients call so.
    public @Nullable Stream ofTopic(String topic) {
        return byTopic.get(topic);
    }

    /// The stream with that topic's identity.
    public @Nullable Stream ofTopic(UUID id) {
        return byTopicId.get(id);
    }

    /// All streams by name.
    public Collection<Stream> all() {
        return byName.values();
    }

    /// The streams that may hold events of contexts that the pattern covers, by name.
    ///
    /// A stream holds what lies at or below its mount. It may also hold what lies below a deeper
    /// mount, recorded before that was there.
    public List<Stream> reachedBy(ContextPattern pattern) {
        List<Stream> reached = new ArrayList<>();
        for (Stream stream : byName.values()) {
            if (pattern.reaches(stream.mount())) {
                reached.add(stream);
            }
        }
        return reached;
    }
}
