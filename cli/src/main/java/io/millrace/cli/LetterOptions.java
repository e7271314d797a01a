package io.millrace.cli;

import io.millrace.cli.input.DurationText;
import io.millrace.cli.process.CommandFailure;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say which dead letters are meant.
final class LetterOptions {
    @Option(names = "--queue", paramLabel = "NAME", description = "Only jobs of this queue.")
    private @Nullable String queue;

    @Option(
            names = "--subscription",
            paramLabel = "NAME",
            description = "Only events of this subscription.")
    private @Nullable String subscription;

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            description =
                    "Only: rejected, attempts-exhausted, leases-ended, expired, queue-full or "
                            + "transform-failed.")
    private @Nullable String reason;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Given up at or after this time, or as 2h: within the last two hours.")
    private @Nullable String since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Given up before this time, or as 2h: more than two hours ago.")
    private @Nullable String until;

    @Option(
            names = "--context",
            paramLabel = "PATTERN",
            description = "Only of contexts that this pattern covers.")
    private @Nullable String context;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Only of this type; ending in * of all that begin so.")
    private @Nullable String type;

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            description = "Found in the detail, or in the event's id or subject.")
    private @Nullable String text;

    /// The search as the API has it; empty if all are meant.
    Map<String, String> search(Instant now) {
        if (queue != null && subscription != null) {
            throw CommandFailure.usage("--queue and --subscription exclude each other.");
        }
        Map<String, String> search = new LinkedHashMap<>();
        if (queue != null || subscription != null) {
            search.put("kind", queue != null ? "Queue" : "Subscription");
        }
        put(search, "name", queue != null ? queue : subscription);
        put(search, "reason", reason);
        put(search, "since", time(since, now));
        put(search, "until", time(until, now));
        put(search, "context", context);
        put(search, "type", type);
        put(search, "text", text);
        return search;
    }

    private static void put(Map<String, String> search, String key, @Nullable String value) {
        if (value != null) {
            search.put(key, value);
        }
    }

    private static @Nullable String time(@Nullable String text, Instant now) {
        if (text == null || !DurationText.fits(text)) {
            return text;
        }
        return now.minus(DurationText.parse("", text)).truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
