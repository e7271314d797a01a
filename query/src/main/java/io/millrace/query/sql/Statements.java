package io.millrace.query.sql;

import io.millrace.broker.query.QueryGround;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.query.sink.LateSink;
import io.millrace.query.sink.ResultRows;
import io.millrace.query.source.SourcePlan;
import io.millrace.query.sql.function.MillraceFunctions;
import io.millrace.resource.EventTimeRules;
import io.millrace.resource.QueryInput;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamStatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.TimestampType;
import org.apache.flink.table.types.utils.TypeConversions;
import org.jspecify.annotations.Nullable;

/// Plans statements over the streams of one broker. Thread-safe.
public final class Statements {
    private static final Pattern OPERATOR =
            Pattern.compile(
                    "(GroupAggregate|GlobalGroupAggregate|GroupWindowAggregate|WindowAggregate|"
                            + "GlobalWindowAggregate|WindowJoin|IntervalJoin|Join|TemporalJoin|"
                            + "MultiJoin|Match|Rank|WindowRank|OverAggregate|Deduplicate|"
                            + "WindowDeduplicate|ChangelogNormalize|SortLimit|TemporalSort|"
                            + "ProcessTableFunction)\\(.*");

    private static final Pattern WINDOW_TIME = Pattern.compile("time_col=\\[([^]]+)]");

    private static final Pattern ONCE_ONLY =
            Pattern.compile(
                    "\\b((Local|Global)?WindowAggregate|WindowJoin|WindowRank|WindowDeduplicate)\\(");

    private static final Pattern NEVER_TAKEN_BACK =
            Pattern.compile(
                    "\\bRank\\(strategy=\\[AppendFastStrategy][^\n]*rankStart=1, rankEnd=1][^\n]* ASC],");

    private final String door;
    private final QueryGround ground;

    /// @param door the engine's name, see `Doors`
    public Statements(String door, QueryGround ground) {
        this.door = door;
        this.ground = ground;
    }

    /// What a statement is planned for.
    ///
    /// @param starts where partitions are begun, by feed
    /// @param ends where they end; `null` if they do not
    /// @param late where late events go; `null` for nowhere
    public record Purpose(
            String sql,
            Map<String, QueryInput> inputs,
            EventTimeRules eventTime,
            int parallelism,
            Map<String, Long> starts,
            SourcePlan.@Nullable Ends ends,
            @Nullable LateSink late) {}

    /// Makes the sink of a result.
    @FunctionalInterface
    public interface SinkMaker {
        /// @throws MillraceException QUERY_INVALID if the output does not go with the result
        Sink<RowData> make(ResultRows rows, boolean changesRows);
    }

    /// @throws MillraceException QUERY_INVALID
    public PlannedStatement plan(Purpose purpose, StreamExecutionEnvironment env, SinkMaker maker) {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(Statements.class.getClassLoader());
        try {
            return planned(purpose, env, maker);
        } catch (MillraceException e) {
            throw e;
        } catch (RuntimeException | AssertionError e) {
            throw StatementProblems.of(e);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    // Descriptors of catalogs make them by factories, which this one does not need.
    @SuppressWarnings("deprecation")
    private PlannedStatement planned(
            Purpose purpose, StreamExecutionEnvironment env, SinkMaker maker) {
        env.setParallelism(purpose.parallelism());
        env.getConfig().enableObjectReuse();
        StreamTableEnvironment tables = StreamTableEnvironment.create(env);
        configure(tables, purpose.eventTime());
        Scans scans = new Scans(env, purpose.late());
        EventCatalog catalog =
                new EventCatalog(
                        purpose.inputs(),
                        ground.feeds()::has,
                        ground.views()::has,
                        new Tables(door, ground, purpose, scans)::make);
        tables.registerCatalog(EventCatalog.NAME, catalog);
        tables.useCatalog(EventCatalog.NAME);
        MillraceFunctions.register(tables);
        List<String> statements = StatementTexts.split(purpose.sql());
        if (statements.isEmpty()) {
            throw new MillraceException(ErrorCode.QUERY_INVALID, "sql", "there is no statement");
        }
        Table result = result(statements, tables);
        String text = result.explain(ExplainDetail.CHANGELOG_MODE);
        String optimized = section(text, "== Optimized Physical Plan ==");
        requireWatermarks(optimized);
        requireCorrectable(optimized, purpose.eventTime());
        requireRetraction(section(text, "== Optimized Execution Plan =="));
        boolean changesRows = changes(optimized);
        RowType type = rowType(result);
        ResultRows rows = new ResultRows(type);
        Sink<RowData> sink = maker.make(rows, changesRows);
        catalog.result(schema(type), new ResultTable(sink));
        StreamStatementSet set = tables.createStatementSet();
        set.add(result.insertInto("`" + EventCatalog.RESULT + "`"));
        scans.anew();
        set.attachAsDataStream();
        scans.finish();
        return new PlannedStatement(
                env,
                rows,
                changesRows,
                optimized,
                memory(optimized),
                new LinkedHashSet<>(catalog.named()),
                new LinkedHashSet<>(catalog.views()),
                scans.read(),
                scans.current());
    }

    /// What stands before the last statement gives parts of it a name.
    private static Table result(List<String> statements, StreamTableEnvironment tables) {
        for (String statement : statements.subList(0, statements.size() - 1)) {
            requireView(statement);
            var _ = tables.executeSql(statement);
        }
        return tables.sqlQuery(statements.getLast());
    }

    private static Schema schema(RowType type) {
        Schema.Builder schema = Schema.newBuilder();
        for (RowType.RowField field : type.getFields()) {
            schema.column(field.getName(), TypeConversions.fromLogicalToDataType(field.getType()));
        }
        return schema.build();
    }

    private static void requireView(String statement) {
        String head = statement.strip().replaceAll("\\s+", " ").toUpperCase(Locale.ROOT);
        if (!head.startsWith("CREATE TEMPORARY VIEW ")) {
            throw new MillraceException(
                    ErrorCode.QUERY_INVALID,
                    "sql",
                    "only CREATE TEMPORARY VIEW may stand before the statement of the query");
        }
    }

    /// Time attributes are plain columns for whoever reads the result.
    private static RowType rowType(Table result) {
        LogicalType type = result.getResolvedSchema().toPhysicalRowDataType().getLogicalType();
        List<RowType.RowField> fields = new ArrayList<>();
        for (RowType.RowField field : ((RowType) type).getFields()) {
            fields.add(new RowType.RowField(field.getName(), plain(field.getType())));
        }
        return new RowType(false, fields);
    }

    private static LogicalType plain(LogicalType type) {
        return switch (type) {
            case LocalZonedTimestampType local ->
                    new LocalZonedTimestampType(local.isNullable(), local.getPrecision());
            case TimestampType time -> new TimestampType(time.isNullable(), time.getPrecision());
            default -> type;
        };
    }

    private static void configure(StreamTableEnvironment tables, EventTimeRules rules) {
        tables.getConfig().set("table.local-time-zone", "UTC");
        tables.getConfig().set("table.exec.legacy-cast-behaviour", "DISABLED");
        // Scans do this themselves; Flink's own way fails where a time attribute cannot be NULL.
        tables.getConfig().set("table.optimizer.reuse-source-enabled", "false");
        if (!rules.lateness().isZero()) {
            tables.getConfig().set("table.exec.emit.late-fire.enabled", "true");
            tables.getConfig().set("table.exec.emit.late-fire.delay", "0 ms");
            tables.getConfig()
                    .set("table.exec.emit.allow-lateness", rules.lateness().toMillis() + " ms");
        }
    }

    private static String section(String text, String head) {
        int from = text.indexOf(head);
        if (from < 0) {
            return text;
        }
        int start = from + head.length();
        int end = text.indexOf("\n== ", start);
        return text.substring(start, end < 0 ? text.length() : end).strip();
    }

    /// Whether the plan's uppermost operator gives something else than insertions.
    private static boolean changes(String optimized) {
        int end = optimized.indexOf('\n');
        String first = end < 0 ? optimized : optimized.substring(0, end);
        int mode = first.lastIndexOf("changelogMode=[");
        return mode >= 0 && !first.startsWith("changelogMode=[I]", mode);
    }

    private static void requireWatermarks(String optimized) {
        Matcher window = WINDOW_TIME.matcher(optimized);
        boolean byClock = optimized.contains("ProcTime") && optimized.contains("Window(");
        while (window.find()) {
            byClock |= optimized.contains("PROCTIME() AS " + window.group(1));
        }
        if (byClock) {
            throw new MillraceException(
                    ErrorCode.QUERY_INVALID,
                    "sql",
                    "windows go by event_time here, so that the same history gives the same results");
        }
    }

    /// Windows of table functions close once and for all.
    private static void requireCorrectable(String optimized, EventTimeRules rules) {
        if (!rules.lateness().isZero() && ONCE_ONLY.matcher(optimized).find()) {
            throw StatementProblems.notCorrectable();
        }
    }

    /// Flink 2.3 takes the first row in ascending order for one that never changes, and then does
    /// not take the former one back. In the order of event time that is right, and the operator is
    /// another one.
    private static void requireRetraction(String operators) {
        if (NEVER_TAKEN_BACK.matcher(operators).find()) {
            throw new MillraceException(
                    ErrorCode.QUERY_INVALID,
                    "sql",
                    "ROW_NUMBER() with ORDER BY … ASC and only the first row kept does not take back"
                            + " former rows in Flink 2.3: write ORDER BY -column DESC");
        }
    }

    private static List<String> memory(String optimized) {
        List<String> operators = new ArrayList<>();
        for (String line : optimized.split("\n", -1)) {
            String operator = line.replaceFirst("^[\\s|:+\\-]*", "");
            if (OPERATOR.matcher(operator).matches()) {
                int mode = operator.lastIndexOf(", changelogMode=");
                operators.add(mode < 0 ? operator : operator.substring(0, mode) + ")");
            }
        }
        return operators;
    }
}
