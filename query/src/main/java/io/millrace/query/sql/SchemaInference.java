package io.millrace.query.sql;

import io.millrace.broker.query.Feed;
import io.millrace.broker.query.Feeds;
import io.millrace.broker.query.InferredSchema;
import io.millrace.broker.query.QueryGround;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.log.EventRecords;
import io.millrace.log.LogRecord;
import io.millrace.log.LogSlice;
import io.millrace.log.ReadBuffer;
import io.millrace.resource.QueryInput;
import io.millrace.resource.Selection;
import io.millrace.view.ViewChange;
import io.millrace.view.ViewEntry;
import io.millrace.view.ViewFollower;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Learns the types of data from the latest events. Used by one thread.
public final class SchemaInference {
    private static final int BYTES_MAX = 256 << 10;
    private static final int FIELDS_MAX = 500;

    /// So many samples of a partition tell its types.
    private static final int ENOUGH = 20;

    private static final int FURTHER = 8;
    private static final long RECORDS_MAX = 500_000;

    private final JsonMapper mapper = new JsonMapper();
    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final Map<String, Integer> seen = new LinkedHashMap<>();
    private int samples;

    /// What values of a field have been, as a type that takes them all.
    private enum Kind {
        NONE,
        BOOLEAN,
        BIGINT,
        DOUBLE,
        STRING
    }

    /// @param input events, or a view: one that a query fills tells its own rows
    /// @param samplesMax how many events are looked at, at most
    /// @throws MillraceException VIEW_NOT_FOUND
    public InferredSchema infer(QueryGround ground, QueryInput input, int samplesMax) {
        String view = input.view();
        if (view == null) {
            return infer(ground.feeds(), input, samplesMax);
        }
        Selection from = ground.views().resource(view).from();
        if (from != null) {
            QueryInput events =
                    new QueryInput(from.pattern(), from.stream(), from.types(), null, null);
            return infer(ground.feeds(), events, samplesMax);
        }
        try (ViewFollower rows = ground.views().follow(view)) {
            for (ViewChange row : rows.next(samplesMax, Duration.ZERO)) {
                ViewEntry entry = row.entry();
                if (entry != null) {
                    accept(entry.value());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return result();
    }

    private InferredSchema infer(Feeds feeds, QueryInput input, int samplesMax) {
        List<Feed> all = feeds.of(input.pattern(), input.stream());
        int each = Math.max(1, samplesMax / Math.max(1, all.size()));
        for (Feed feed : all) {
            // What is wanted may be rare among what is newest: then look further back.
            for (long back = each; sample(feed, input, back, each); back *= FURTHER) {}
        }
        return result();
    }

    private InferredSchema result() {
        Map<String, String> types = new LinkedHashMap<>();
        Set<String> optional = new LinkedHashSet<>();
        kinds.forEach((field, kind) -> {
            types.put(field, kind == Kind.NONE ? Kind.STRING.name() : kind.name());
            if (seen.getOrDefault(field, 0) < samples) {
                optional.add(field);
            }
        });
        return new InferredSchema(types, optional, samples);
    }

    /// Looks at the newest records of a partition.
    ///
    /// @param back how many
    /// @param wanted how many samples are enough
    /// @return whether there are too few, and more records to look at
    private boolean sample(Feed feed, QueryInput input, long back, int wanted) {
        int before = samples;
        long end = feed.readableOffset() - (back == wanted ? 0 : back / FURTHER);
        long offset = Math.max(feed.startOffset(), feed.readableOffset() - back);
        boolean isAll = offset <= feed.startOffset();
        ReadBuffer buffer = ReadBuffer.reused(BYTES_MAX);
        while (offset < end) {
            LogSlice slice;
            try {
                slice = feed.read(offset, buffer);
            } catch (MillraceException _) {
                return false;
            }
            slice.forEach(record -> accept(record, feed, input));
            offset = Math.max(offset + 1, slice.nextOffset());
        }
        return samples - before < Math.min(wanted, ENOUGH) && !isAll && back < RECORDS_MAX;
    }

    private void accept(LogRecord record, Feed feed, QueryInput input) {
        if (!input.pattern().matches(EventRecords.context(record, feed.origin()))) {
            return;
        }
        Event event = EventRecords.decode(record, feed.origin()).event();
        Bytes data = event.data();
        boolean wanted =
                input.types().isEmpty()
                        || input.types().stream().anyMatch(type -> fits(type, event.type()));
        if (wanted && data != null) {
            accept(data);
        }
    }

    private void accept(Bytes data) {
        JsonNode tree;
        try {
            tree = mapper.readTree(data.backingArray(), data.backingStart(), data.length());
        } catch (JacksonException _) {
            return;
        }
        if (tree.isObject()) {
            samples++;
            for (Map.Entry<String, JsonNode> field : tree.properties()) {
                accept(field.getKey(), field.getValue());
            }
        }
    }

    private static boolean fits(String wanted, String type) {
        return wanted.endsWith("*")
                ? type.startsWith(wanted.substring(0, wanted.length() - 1))
                : wanted.equals(type);
    }

    private void accept(String field, JsonNode value) {
        if (!kinds.containsKey(field) && kinds.size() >= FIELDS_MAX) {
            return;
        }
        seen.merge(field, 1, Integer::sum);
        kinds.merge(field, kind(value), SchemaInference::both);
    }

    private static Kind kind(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return Kind.NONE;
        }
        if (value.isBoolean()) {
            return Kind.BOOLEAN;
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return Kind.BIGINT;
        }
        return value.isNumber() ? Kind.DOUBLE : Kind.STRING;
    }

    private static Kind both(Kind a, Kind b) {
        if (a == b || b == Kind.NONE) {
            return a;
        }
        if (a == Kind.NONE) {
            return b;
        }
        boolean numbers =
                (a == Kind.BIGINT || a == Kind.DOUBLE) && (b == Kind.BIGINT || b == Kind.DOUBLE);
        return numbers ? Kind.DOUBLE : Kind.STRING;
    }
}
