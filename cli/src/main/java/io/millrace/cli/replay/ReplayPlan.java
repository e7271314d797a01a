package io.millrace.cli.replay;

import io.millrace.cli.text.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a replay is to do, checked as far as that is possible without the file.
///
/// @param input the file
/// @param format what it holds
/// @param layout how it is to be read, if it holds CSV
/// @param shape what the events look like
/// @param run how this run goes
/// @param shapingOptions the options that a state is bound to
public record ReplayPlan(
        Path input,
        InputFormat format,
        CsvRows.Layout layout,
        EventMapper.Shape shape,
        Run run,
        Map<String, String> shapingOptions) {

    /// How one run goes.
    ///
    /// @param server the server's address
    /// @param speed `original`, `max`, or how many times as fast
    /// @param maxRows the most rows to publish
    /// @param shiftToNow whether the first event is to happen now
    /// @param restart whether to begin with the first row
    /// @param state the state file that the user names
    /// @param patience how long to try to send the same batch
    record Run(
            String server,
            String speed,
            long maxRows,
            boolean shiftToNow,
            boolean restart,
            @Nullable String state,
            Duration patience) {}

    /// The file's name without folders, for errors.
    String name() {
        return String.valueOf(input.getFileName());
    }

    /// Opens the file.
    RowSource open(Json json) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(input), 1 << 16);
        return switch (format) {
            case CSV -> new CsvRows(in, name(), layout, json);
            case NDJSON -> new JsonRows(in, name(), json);
        };
    }

    /// Makes events of the rows.
    EventMapper mapper() {
        return new EventMapper(shape);
    }

    /// Where the state is kept.
    Path stateFile(Path folder) {
        return StateFile.place(run.state(), input, folder);
    }
}
