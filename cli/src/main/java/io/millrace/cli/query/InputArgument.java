package io.millrace.cli.query;

import io.millrace.cli.process.CommandFailure;
import io.millrace.event.ContextPattern;
import tools.jackson.databind.node.ObjectNode;

/// The value of `--input`: `NAME=PATTERN`, or `NAME=STREAM`.
public final class InputArgument {
    private InputArgument() {}

    /// Adds the input to a document's `inputs`.
    public static void addTo(ObjectNode inputs, String argument) {
        int equals = argument.indexOf('=');
        if (equals < 1 || equals == argument.length() - 1) {
            throw CommandFailure.usage(
                    "--input: \"%s\" is not NAME=PATTERN such as climate='/org/contoso/**'."
                            .formatted(argument));
        }
        String name = argument.substring(0, equals);
        if (inputs.has(name)) {
            throw CommandFailure.usage("--input: there are two inputs " + name + ".");
        }
        String value = argument.substring(equals + 1);
        ObjectNode input = inputs.putObject(name);
        if (value.startsWith("/")) {
            input.put("pattern", ContextPattern.of(value).toString());
        } else {
            input.put("stream", value);
        }
    }
}
