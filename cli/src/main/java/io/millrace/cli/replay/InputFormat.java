package io.millrace.cli.replay;

import io.millrace.cli.process.CommandFailure;
import java.nio.file.Path;
import java.util.Locale;

/// What a file holds.
public enum InputFormat {
    /// Comma-separated values.
    CSV,
    /// JSON objects, one a line or in an array.
    NDJSON;

    /// Tells the format by the file's name.
    ///
    /// @throws CommandFailure if the name does not tell
    static InputFormat of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "csv", "tsv", "txt" -> CSV;
            case "ndjson", "jsonl", "json" -> NDJSON;
            default ->
                    throw CommandFailure.usage(
                            "The name %s does not tell what the file holds; say --format csv or --format ndjson."
                                    .formatted(file));
        };
    }
}
