package io.millrace.cli.replay;

import io.millrace.cli.process.Surroundings;
import io.millrace.cli.text.Json;
import io.millrace.event.Timestamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/// Reads the whole file and makes events of its rows, but publishes none.
public final class DryRun {
    private static final int SHOWN_MAX = 5;
    private static final int CONTEXTS_MAX = 100_000;

    private DryRun() {}

    /// What was found.
    ///
    /// @param rows rows that can become events
    /// @param contexts different contexts among them, counted up to 100,000
    public record Result(long rows, int contexts) {}

    /// Checks every row and hands out the first events as JSON, each with its context.
    ///
    /// @throws io.millrace.cli.process.CommandFailure if a row cannot be read or made an event
    public static Result run(
            ReplayPlan plan, Surroundings surroundings, Json json, Consumer<String> shown)
            throws IOException {
        EventMapper mapper = plan.mapper();
        long count = 0;
        Set<String> contexts = new HashSet<>();
        Duration shift = Duration.ZERO;
        try (RowSource rows = plan.open(json)) {
            Columns columns = rows.columns();
            if (columns != null) {
                mapper.check(columns);
            }
            for (Row row = rows.next();
                    row != null && count < plan.run().maxRows();
                    row = rows.next()) {
                Timestamp time = mapper.time(row);
                if (count == 0 && time != null && plan.run().shiftToNow()) {
                    shift = Duration.between(time.instant(), surroundings.time().now());
                }
                EventMapper.Outgoing event = mapper.map(row, shift);
                if (contexts.size() < CONTEXTS_MAX) {
                    contexts.add(event.context().path());
                }
                if (count < SHOWN_MAX) {
                    shown.accept(
                            "{\"context\":%s,\"event\":%s}"
                                    .formatted(
                                            json.quote(event.context().path()),
                                            new String(event.json(), StandardCharsets.UTF_8)));
                }
                count++;
            }
        }
        return new Result(count, contexts.size());
    }
}
