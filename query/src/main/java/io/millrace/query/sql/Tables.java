package io.millrace.query.sql;

import io.millrace.broker.query.QueryGround;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.query.source.EventClock;
import io.millrace.query.source.SourceColumn;
import io.millrace.query.source.SourcePlan;
import io.millrace.resource.EventTimeRules;
import io.millrace.resource.QueryInput;
import io.millrace.resource.Selection;
import io.millrace.resource.ViewResource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;

/// Makes the tables of one statement. Used by the planner's thread.
final class Tables {
    private static final int SAMPLES = 1_000;

    /// Later than any event: of a view every event counts, however late.
    private static final long UNLIMITED = Long.MAX_VALUE / 4;

    private final String door;
    private final QueryGround ground;
    private final Statements.Purpose purpose;
    private final Scans scans;
    private final boolean wantsProcTime;

    Tables(String door, QueryGround ground, Statements.Purpose purpose, Scans scans) {
        this.door = door;
        this.ground = ground;
        this.purpose = purpose;
        this.scans = scans;
        this.wantsProcTime =
                purpose.sql().toLowerCase(Locale.ROOT).contains(EventColumns.PROC_TIME);
    }

    /// @throws MillraceException QUERY_INVALID
    EventCatalog.TableMade make(String name, QueryInput input) {
        String view = input.view();
        return view == null ? ofEvents(name, input) : ofView(name, input, view);
    }

    private EventCatalog.TableMade ofEvents(String name, QueryInput input) {
        List<SourceColumn> columns = EventColumns.of(fields(input));
        SourcePlan plan =
                new SourcePlan(
                        door,
                        name,
                        null,
                        input.pattern().toString(),
                        input.stream(),
                        input.types(),
                        List.copyOf(columns),
                        rules(purpose.eventTime().lateness().toMillis()),
                        purpose.starts(),
                        purpose.ends());
        Schema.Builder schema = schema(columns);
        boolean isFree =
                columns.stream().noneMatch(each -> each.name().equals(EventColumns.PROC_TIME));
        if (wantsProcTime && isFree) {
            schema.columnByExpression(EventColumns.PROC_TIME, "PROCTIME()");
        }
        schema.watermark(EventColumns.EVENT_TIME, "SOURCE_WATERMARK()");
        return new EventCatalog.TableMade(schema.build(), new EventTable(plan, scans));
    }

    private EventCatalog.TableMade ofView(String name, QueryInput input, String view) {
        if (!ground.views().has(view)) {
            throw new MillraceException(
                    ErrorCode.QUERY_INVALID,
                    "inputs.%s.view".formatted(name),
                    "there is no view %s".formatted(view));
        }
        ViewResource resource = ground.views().resource(view);
        Selection from = resource.from();
        List<SourceColumn> columns =
                from == null
                        ? EventColumns.ofRowView(fields(input))
                        : EventColumns.ofEventView(fields(input));
        SourcePlan plan =
                new SourcePlan(
                        door,
                        name,
                        view,
                        from == null ? "/**" : from.pattern().toString(),
                        from == null ? null : from.stream(),
                        from == null ? List.of() : from.types(),
                        List.copyOf(columns),
                        rules(UNLIMITED),
                        // Whatever begins when: what is true of a key may have been said long ago.
                        Map.of(),
                        purpose.ends());
        Schema.Builder schema = schema(columns).primaryKey(EventColumns.VIEW_KEY);
        if (from != null && !isLookedUp(name)) {
            schema.watermark(EventColumns.EVENT_TIME, "SOURCE_WATERMARK()");
        }
        return new EventCatalog.TableMade(
                schema.build(), new KeyedTable(view, from != null, plan, scans));
    }

    /// Whether the statement looks rows up as they are at the moment. Flink does so only with
    /// tables that have no watermark.
    private boolean isLookedUp(String table) {
        return Pattern.compile(
                        "(?i)(?<![\\w`])`?%s`?\\s+FOR\\s+SYSTEM_TIME\\s+AS\\s+OF\\s+([\\w`]+\\s*\\.\\s*)?`?proc_?time"
                                .formatted(Pattern.quote(table)))
                .matcher(purpose.sql())
                .find();
    }

    private static Schema.Builder schema(List<SourceColumn> columns) {
        Schema.Builder schema = Schema.newBuilder();
        columns.forEach(column -> schema.column(column.name(), EventColumns.dataType(column)));
        return schema;
    }

    private EventClock.Rules rules(long latenessMillis) {
        EventTimeRules rules = purpose.eventTime();
        Duration idle = rules.idle();
        return SourcePlan.rules(
                rules.delay().toMillis(),
                idle == null ? -1 : idle.toMillis(),
                latenessMillis,
                rules.ahead().toMillis());
    }

    private Map<String, LogicalType> fields(QueryInput input) {
        Map<String, String> declared = input.schema();
        if (declared == null) {
            declared = new SchemaInference().infer(ground, input, SAMPLES).types();
        }
        Map<String, LogicalType> fields = new LinkedHashMap<>();
        declared.forEach((field, type) -> {
            try {
                fields.put(field, LogicalTypeParser.parse(type, Statements.class.getClassLoader()));
            } catch (RuntimeException e) {
                throw new MillraceException(
                        ErrorCode.QUERY_INVALID,
                        "inputs",
                        "the field %s has the type %s, which is none of SQL: %s"
                                .formatted(field, type, StatementProblems.text(e)));
            }
        });
        return fields;
    }
}
