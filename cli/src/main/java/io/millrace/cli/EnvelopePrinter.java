package io.millrace.cli;

import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.process.Surroundings;
import io.millrace.cli.text.EnvelopeLine;
import io.millrace.cli.text.Visible;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Writes envelopes as the user wants them: a line for people, or the JSON as it came.
final class EnvelopePrinter {
    private final Millrace millrace;
    private @Nullable EnvelopeLine line;

    EnvelopePrinter(Millrace millrace) {
        this.millrace = millrace;
    }

    /// Looks at the options, once they are known.
    void prepare() {
        if (!millrace.asJson()) {
            Surroundings surroundings = millrace.surroundings();
            int width = surroundings.console().terminals().out() ? surroundings.columns() : 0;
            line =
                    new EnvelopeLine(
                            surroundings.outStyle(),
                            surroundings.time().zone(),
                            width,
                            millrace.json());
        }
    }

    /// Writes one envelope, given as JSON on one line.
    void print(String envelope) {
        if (line == null) {
            millrace.print(envelope);
            return;
        }
        EnvelopeLine format = line;
        millrace.print(
                millrace.json()
                        .parse(envelope)
                        .map(format::format)
                        .orElseGet(() -> Visible.of(envelope)));
    }

    /// Writes one envelope.
    void print(JsonNode envelope) {
        EnvelopeLine format = line;
        millrace.print(format == null ? millrace.json().write(envelope) : format.format(envelope));
    }

    /// Refuses a `--max` that would show nothing.
    static void requireMax(long max) {
        if (max < 1) {
            throw CommandFailure.usage("--max must be at least 1.");
        }
    }
}
