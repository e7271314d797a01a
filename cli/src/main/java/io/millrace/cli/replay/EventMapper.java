package io.millrace.cli.replay;

import io.millrace.cli.http.Encoding;
import io.millrace.cli.process.CommandFailure;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.Timestamp;
import io.millrace.event.format.ByteSink;
import io.millrace.event.format.JsonFormat;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes an event of each row. Immutable.
final class EventMapper {
    private final Shape shape;
    private final JsonFormat format = new JsonFormat();

    /// What the events look like.
    ///
    /// @param context where they belong
    /// @param sanitize whether characters that no context may have become `_`; else they are
    ///   refused
    /// @param type what happened
    /// @param source where it happened; the context if it is `null`
    /// @param subject what it happened to
    /// @param id what tells one event from the others of its source
    /// @param partitionKey the extension attribute of that name
    /// @param time which column holds the time
    /// @param payload what the data is made of
    record Shape(
            Template context,
            boolean sanitize,
            Template type,
            @Nullable Template source,
            @Nullable Template subject,
            Template id,
            @Nullable Template partitionKey,
            @Nullable TimeColumn time,
            Payload payload) {}

    /// An event on its way.
    ///
    /// @param row where it comes from
    /// @param context where it belongs
    /// @param event the event
    /// @param json the event in CloudEvents' JSON format
    record Outgoing(Row row, Context context, Event event, byte[] json) {
        /// Whether the event names its context itself, by its source, so that it can share a
        /// request with events of other contexts.
        boolean namesItsContext() {
            try {
                Context named = Context.ofSource(event.source());
                return named != null && named.equals(context);
            } catch (MillraceException _) {
                // A source may be any URI; this one just is no context.
                return false;
            }
        }
    }

    EventMapper(Shape shape) {
        this.shape = shape;
    }

    /// Refuses templates that name columns which are not there.
    void check(Columns columns) {
        shape.context().check(columns);
        shape.type().check(columns);
        shape.id().check(columns);
        check(shape.source(), columns);
        check(shape.subject(), columns);
        check(shape.partitionKey(), columns);
        shape.payload().check(columns);
        TimeColumn time = shape.time();
        if (time != null && !columns.index().containsKey(time.column())) {
            throw CommandFailure.usage(
                    "--time-column: there is no column %s. The columns are %s."
                            .formatted(time.column(), columns.listed()));
        }
    }

    private static void check(@Nullable Template template, Columns columns) {
        if (template != null) {
            template.check(columns);
        }
    }

    /// The time that the row tells; `null` without a time column.
    @Nullable Timestamp time(Row row) {
        return shape.time() == null ? null : shape.time().at(row);
    }

    /// The event for a row.
    ///
    /// @param shift how much later its time is to be
    /// @throws CommandFailure naming the row and everything that is wrong with it
    Outgoing map(Row row, Duration shift) {
        try {
            Context context = context(row);
            Template source = shape.source();
            EventBuilder event =
                    Event.builder()
                            .id(shape.id().expand(row))
                            .source(
                                    source == null
                                            ? Encoding.path(context.path())
                                            : source.expand(row))
                            .type(shape.type().expand(row));
            event.subject(shape.subject() == null ? null : shape.subject().expand(row));
            Timestamp time = time(row);
            if (time != null && !shift.isZero()) {
                time = Timestamp.of(time.instant().plus(shift));
            }
            event.time(time);
            if (shape.partitionKey() != null) {
                event.extension("partitionkey", shape.partitionKey().expand(row));
            }
            Payload.Data data = shape.payload().of(row);
            event.dataContentType(data.mediaType()).data(Bytes.utf8(data.text()));
            Event built = event.build();
            ByteSink json = new ByteSink(512);
            format.write(built, json);
            return new Outgoing(row, context, built, json.toArray());
        } catch (MillraceException e) {
            String problems =
                    e.problems().stream().map(Problem::toString).collect(Collectors.joining("; "));
            throw CommandFailure.failed(row.place() + ": " + problems);
        }
    }

    private Context context(Row row) {
        return Context.of(
                shape.context()
                        .expand(
                                row,
                                (value, column, _) ->
                                        shape.sanitize()
                                                ? sanitized(value.text())
                                                : checked(row, column, value.text())));
    }

    /// A value must not add a level to a context, nor turn it into a pattern.
    private static String checked(Row row, String column, String value) {
        for (int i = 0; i < value.length(); i++) {
            if (isForbidden(value.charAt(i))) {
                throw CommandFailure.failed(
                        ("%s: the value \"%s\" of column %s has a character that a "
                                        + "context's segment cannot have (/ * + # or a control character). "
                                        + "--sanitize puts _ in its place.")
                                .formatted(row.place(), value, column));
            }
        }
        if (value.isEmpty()) {
            throw CommandFailure.failed(
                    ("%s: column %s is empty, so the context would have an empty segment. "
                                    + "--sanitize puts _ in its place.")
                            .formatted(row.place(), column));
        }
        return value;
    }

    private static String sanitized(String value) {
        if (value.isEmpty() || value.equals(".") || value.equals("..")) {
            return "_";
        }
        StringBuilder sanitized = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            sanitized.append(isForbidden(c) ? '_' : c);
        }
        return sanitized.toString();
    }

    private static boolean isForbidden(char c) {
        return c == '/' || c == '*' || c == '+' || c == '#' || Character.isISOControl(c);
    }
}
