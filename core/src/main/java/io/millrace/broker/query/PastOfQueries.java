package io.millrace.broker.query;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.io.Clock;
import io.millrace.resource.ColumnTemplate;
import io.millrace.resource.QueryOutput;
import io.millrace.view.ViewEntry;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Computes what a view held that a query fills: the query is run again, up to that time, and of
/// its rows the last one of the key is kept. Thread-safe; waits for the run.
public final class PastOfQueries {
    private static final Duration TIME_MAX = Duration.ofSeconds(60);

    /// As with the sink of views: the first that is a column says when a row became so.
    private static final List<String> TIMES = List.of("event_time", "window_time", "window_end");

    private final QueryHost host;
    private final Clock clock;

    public PastOfQueries(QueryHost host, Clock clock) {
        this.host = host;
        this.clock = clock;
    }

    /// What `AsOf` asks for.
    public @Nullable ViewEntry at(String view, String key, Instant time) {
        List<QueryHost.Filling> filling = host.filling(view);
        if (filling.size() != 1) {
            throw unknown(
                    filling.isEmpty()
                            ? "no query fills the view %s now".formatted(view)
                            : "%d queries fill the view %s, and nothing tells which was last"
                                    .formatted(filling.size(), view));
        }
        QueryHost.Filling by = filling.getFirst();
        ColumnTemplate template = keyOf(by.resource().output());
        if (template == null) {
            throw unknown("the query %s says no key".formatted(by.resource().name()));
        }
        LastOfKey last = new LastOfKey(template, key, time);
        try {
            by.running().replay(time, last);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.SHUTTING_DOWN, "the server is stopping");
        }
        return last.entry;
    }

    private static @Nullable ColumnTemplate keyOf(QueryOutput output) {
        return switch (output) {
            case QueryOutput.ToView to -> to.key();
            case QueryOutput.ToContext _ -> null;
        };
    }

    private static MillraceException unknown(String why) {
        return new MillraceException(ErrorCode.VIEW_PAST_UNKNOWN, "asOf", why);
    }

    /// Keeps the last row of one key; of the others nothing, so that any number may come.
    private final class LastOfKey implements RowReader {
        private final ColumnTemplate template;
        private final String key;
        private final Instant time;
        private final long begun = clock.nanoTime();
        private @Nullable ViewEntry entry;

        LastOfKey(ColumnTemplate template, String key, Instant time) {
            this.template = template;
            this.key = key;
            this.time = time;
        }

        @Override
        public void progress(String text) {
            requireTime();
        }

        @Override
        public void columns(List<QueryColumn> columns) {
            requireTime();
        }

        @Override
        public boolean row(String op, ObjectNode row) {
            requireTime();
            if (key.equals(key(row))) {
                // What was before an update is gone, unless the update follows.
                entry =
                        op.startsWith("-")
                                ? null
                                : new ViewEntry(key, Bytes.utf8(row.toString()), millis(row), null);
            }
            return true;
        }

        @Override
        public void idle() {
            requireTime();
        }

        private @Nullable String key(ObjectNode row) {
            StringBuilder text = new StringBuilder(template.texts().getFirst());
            for (int i = 0; i < template.columns().size(); i++) {
                JsonNode value = row.get(template.columns().get(i));
                if (value == null || value.isNull()) {
                    return null;
                }
                text.append(value.isString() ? value.stringValue() : value.toString());
                text.append(template.texts().get(i + 1));
            }
            return text.toString();
        }

        private long millis(ObjectNode row) {
            for (String name : TIMES) {
                JsonNode value = row.get(name);
                if (value != null && value.isString()) {
                    return millis(value.stringValue());
                }
            }
            return time.toEpochMilli();
        }

        private long millis(String text) {
            try {
                return text.endsWith("Z")
                        ? Instant.parse(text).toEpochMilli()
                        : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC).toEpochMilli();
            } catch (DateTimeException _) {
                return time.toEpochMilli();
            }
        }

        private void requireTime() {
            if (clock.nanoTime() - begun > TIME_MAX.toNanos()) {
                throw new MillraceException(
                        ErrorCode.OVERLOADED,
                        ("the query has more history than it can run through in %d s; ask for an earlier"
                                        + " time, or let it publish its results to a context and make a view"
                                        + " of that")
                                .formatted(TIME_MAX.toSeconds()));
            }
        }
    }
}
