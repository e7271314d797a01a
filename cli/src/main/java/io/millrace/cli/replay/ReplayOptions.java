package io.millrace.cli.replay;

import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Json;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The command line of `millrace replay`.
public final class ReplayOptions {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(s|m|h)");

    @Parameters(paramLabel = "FILE", description = "The file with the rows.")
    String file = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "csv or ndjson. Default: by the file's suffix.")
    @Nullable InputFormat format;

    @Option(names = "--delimiter", paramLabel = "C", description = "Default: , (.tsv: a tab).")
    @Nullable Character delimiter;

    @Option(
            names = "--no-header",
            description = "The first row is data already; columns are c1, c2, …")
    boolean noHeader;

    @Option(
            names = "--context",
            paramLabel = "TEMPLATE",
            required = true,
            description = "Where the events belong.")
    String context = "";

    @Option(
            names = "--sanitize",
            description = "Put _ for what a context cannot have, instead of refusing the row.")
    boolean sanitize;

    @Option(
            names = "--type",
            paramLabel = "TEMPLATE",
            description = "What happened. Default: ${DEFAULT-VALUE}.")
    String type = "row";

    @Option(
            names = "--source",
            paramLabel = "TEMPLATE",
            description = "Where it happened. Default: the context.")
    @Nullable String source;

    @Option(names = "--subject", paramLabel = "TEMPLATE", description = "What it happened to.")
    @Nullable String subject;

    @Option(
            names = "--id",
            paramLabel = "TEMPLATE",
            description =
                    "What tells an event from others of its source; the same at every replay. "
                            + "Default: ${DEFAULT-VALUE}.")
    String id = "{file}-{row}";

    @Option(
            names = "--partition-key",
            paramLabel = "TEMPLATE",
            description = "Events with the same key keep their order. Default: none.")
    @Nullable String partitionKey;

    @Option(
            names = "--data",
            paramLabel = "TEMPLATE|COLUMNS",
            description = "A template, or columns for a JSON object: a,b,c. Default: all columns.")
    @Nullable String data;

    @Option(names = "--raw", description = "The data is the row's own text, byte by byte.")
    boolean raw;

    @Option(
            names = "--numbers",
            paramLabel = "WHICH",
            description =
                    "CSV values that become JSON numbers: exact (those that lose nothing), all, none. "
                            + "Default: exact.")
    Numbers numbers = Numbers.EXACT;

    @Option(
            names = "--time-column",
            paramLabel = "NAME",
            description = "The column with the events' time. Default: events have no time.")
    @Nullable String timeColumn;

    @Option(
            names = "--time-format",
            paramLabel = "FORMAT",
            description =
                    "rfc3339, epoch-seconds, epoch-millis, epoch-micros, or a pattern as "
                            + "dd.MM.yyyy. Default: RFC 3339, or a date and a time of day.")
    @Nullable String timeFormat;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description =
                    "Zone of times without an offset, as Europe/Berlin. Default: ${DEFAULT-VALUE}.")
    String zone = "UTC";

    @Option(
            names = "--speed",
            paramLabel = "SPEED",
            description =
                    "original (the pace of the time column), N times as fast, or max. "
                            + "Default: ${DEFAULT-VALUE}.")
    String speed = "max";

    @Option(
            names = "--shift-to-now",
            description = "Move all times, so that the first event happens now.")
    boolean shiftToNow;

    @Option(
            names = "--max-rows",
            paramLabel = "N",
            description = "End after so many rows; the next run goes on.")
    long maxRows = Long.MAX_VALUE;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description =
                    "Where to note how far it came. Default: FILE.millrace-replay beside the file, "
                            + "or here if nothing can be written there.")
    @Nullable String state;

    @Option(names = "--restart", description = "Begin with the first row, whatever was noted.")
    boolean restart;

    @Option(
            names = "--retry-for",
            paramLabel = "DURATION",
            description =
                    "How long to try again if the server is away or busy, as 30s, 5m, 1h. "
                            + "Default: ${DEFAULT-VALUE}.")
    String retryFor = "5m";

    /// Checks the options and says what is to be done.
    ///
    /// @param folder the working folder
    /// @param server the server's address
    /// @throws CommandFailure if an option is wrong
    public ReplayPlan plan(Path folder, String server, Json json) {
        if (maxRows < 1) {
            throw CommandFailure.usage("--max-rows must be at least 1.");
        }
        boolean timed = Pace.parse(speed).isTimed();
        if (timeColumn == null && (timed || shiftToNow || timeFormat != null)) {
            String option = timed ? "--speed" : shiftToNow ? "--shift-to-now" : "--time-format";
            throw CommandFailure.usage(option + " needs to know the time: give --time-column.");
        }
        Path input = folder.resolve(file);
        InputFormat inputFormat = format != null ? format : InputFormat.of(input);
        String name = String.valueOf(input.getFileName());
        char separator = name.endsWith(".tsv") ? '\t' : ',';
        var layout =
                new CsvRows.Layout(delimiter != null ? delimiter : separator, !noHeader, numbers);
        var run =
                new ReplayPlan.Run(
                        server, speed, maxRows, shiftToNow, restart, state, duration(retryFor));
        return new ReplayPlan(
                input, inputFormat, layout, shape(inputFormat, name, json), run, shaping(server));
    }

    private EventMapper.Shape shape(InputFormat inputFormat, String name, Json json) {
        return new EventMapper.Shape(
                Template.parse("--context", context, name),
                sanitize,
                Template.parse("--type", type, name),
                optional("--source", source, name),
                optional("--subject", subject, name),
                Template.parse("--id", id, name),
                optional("--partition-key", partitionKey, name),
                timeColumn == null ? null : new TimeColumn(timeColumn, timeFormat, zoneId()),
                payload(inputFormat, name, json));
    }

    private static @Nullable Template optional(String option, @Nullable String text, String file) {
        return text == null ? null : Template.parse(option, text, file);
    }

    private Payload payload(InputFormat inputFormat, String name, Json json) {
        boolean jsonRows =
                switch (inputFormat) {
                    case CSV -> false;
                    case NDJSON -> true;
                };
        if (raw && data != null) {
            throw CommandFailure.usage("--raw and --data exclude each other.");
        }
        if (raw || (data == null && jsonRows)) {
            return new Payload.Raw(jsonRows ? "application/json" : "text/csv");
        }
        if (data == null) {
            return new Payload.AllColumns(json);
        }
        Template template = Template.parse("--data", data, name);
        return template.hasColumns() || template.isJson()
                ? new Payload.Text(template, json)
                : new Payload.SomeColumns(List.of(data.strip().split("\\s*,\\s*")), json);
    }

    private ZoneId zoneId() {
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException _) {
            throw CommandFailure.usage(
                    "--zone: \"%s\" is no zone such as UTC, +01:00 or Europe/Berlin."
                            .formatted(zone));
        }
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw CommandFailure.usage(
                    "--retry-for: \"%s\" is no duration such as 30s, 5m or 1h.".formatted(text));
        }
        int count = Integer.parseInt(matcher.group(1));
        return switch (matcher.group(2)) {
            case "h" -> Duration.ofHours(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofSeconds(count);
        };
    }

    /// The options that decide which events come of the file, and who gets them. A state is bound
    /// to them.
    private Map<String, String> shaping(String server) {
        Map<String, String> shaping = new TreeMap<>();
        shaping.put("--server", server);
        put(shaping, "--format", format);
        put(shaping, "--delimiter", delimiter);
        put(shaping, "--no-header", noHeader ? "given" : null);
        shaping.put("--context", context);
        put(shaping, "--sanitize", sanitize ? "given" : null);
        shaping.put("--type", type);
        put(shaping, "--source", source);
        put(shaping, "--subject", subject);
        shaping.put("--id", id);
        put(shaping, "--partition-key", partitionKey);
        put(shaping, "--data", data);
        put(shaping, "--raw", raw ? "given" : null);
        shaping.put("--numbers", numbers.name());
        put(shaping, "--time-column", timeColumn);
        put(shaping, "--time-format", timeFormat);
        shaping.put("--zone", zone);
        put(shaping, "--shift-to-now", shiftToNow ? "given" : null);
        return shaping;
    }

    private static void put(Map<String, String> shaping, String option, @Nullable Object value) {
        if (value != null) {
            shaping.put(option, value.toString());
        }
    }
}
