package io.millrace.resource;

import io.millrace.config.Durations;
import io.millrace.config.Fields;
import io.millrace.config.ProblemCollector;
import io.millrace.log.Durability;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A queue as it is set up: it holds jobs for competing workers.
///
/// ```yaml
/// kind: Queue
/// name: orders
/// durability: synced           # synced, buffered
/// lease: 60s
/// deliveriesMax: 10            # failures until the dead letters
/// retry: [0s]                  # delay after the 1st, 2nd ... failure
/// duplicateWindow: 10m         # 0s switches it off
/// ordered: false
/// expiry: forever
/// lengthMax: unlimited
/// overflow: refuse             # refuse, drop-oldest
/// ```
///
/// @param leasing how jobs are lent to workers
/// @param duplicateWindow how long a job's source and id are remembered; zero for not at all
/// @param ordered whether jobs of one `partitionkey` are given out one at a time and in order
/// @param expiry of jobs without an `expirytime`; `null` for never
/// @param lengthMax jobs; `null` for as many as there is room for
/// @param overflow what happens beyond it
public record QueueResource(
        String name,
        Durability durability,
        LeasePolicy leasing,
        Duration duplicateWindow,
        boolean ordered,
        @Nullable Duration expiry,
        @Nullable Long lengthMax,
        Overflow overflow)
        implements Resource {
    private static final Duration WINDOW_DEFAULT = Duration.ofMinutes(10);
    private static final Duration WINDOW_MAX = Duration.ofDays(7);
    private static final Duration EXPIRY_MAX = Duration.ofDays(36_500);
    private static final String FOREVER = "forever";
    private static final String UNLIMITED = "unlimited";

    /// Reads the fields of a document of this kind.
    ///
    /// @return `null` if something is wrong, which has been added to the problems then
    public static @Nullable QueueResource read(
            ResourceDocument document, ProblemCollector problems) {
        int before = problems.size();
        Fields fields = ResourceFields.of(document, ResourceKind.QUEUE, problems);
        Durability durability = fields.oneOf("durability", Durability.class);
        LeasePolicy leasing = LeasePolicy.read(fields);
        Duration window =
                ResourceFields.duration(fields, "duplicateWindow", Duration.ZERO, WINDOW_MAX);
        Boolean ordered = fields.bool("ordered");
        Duration expiry =
                fields.is("expiry", FOREVER)
                        ? null
                        : ResourceFields.duration(
                                fields, "expiry", Duration.ofMillis(1), EXPIRY_MAX);
        Long lengthMax =
                fields.is("lengthMax", UNLIMITED)
                        ? null
                        : fields.integer("lengthMax", 1, Long.MAX_VALUE);
        Overflow overflow = fields.oneOf("overflow", Overflow.class);
        fields.end();
        if (problems.size() > before) {
            return null;
        }
        return new QueueResource(
                document.name(),
                Objects.requireNonNullElse(durability, Durability.SYNCED),
                leasing,
                Objects.requireNonNullElse(window, WINDOW_DEFAULT),
                Boolean.TRUE.equals(ordered),
                expiry,
                lengthMax,
                Objects.requireNonNullElse(overflow, Overflow.REFUSE));
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.QUEUE;
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("kind", kind().word());
        document.put("name", name);
        document.put("durability", Fields.word(durability));
        leasing.writeTo(document);
        document.put("duplicateWindow", Durations.print(duplicateWindow));
        document.put("ordered", ordered);
        document.put("expiry", expiry == null ? FOREVER : Durations.print(expiry));
        if (lengthMax == null) {
            document.put("lengthMax", UNLIMITED);
        } else {
            document.put("lengthMax", lengthMax);
        }
        document.put("overflow", Fields.word(overflow));
        return document;
    }
}
