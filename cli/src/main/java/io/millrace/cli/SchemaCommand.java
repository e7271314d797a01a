package io.millrace.cli;

import io.millrace.cli.http.Api;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.query.InputArgument;
import io.millrace.cli.query.SchemaText;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `millrace schema`: what events' data looks like.
@Command(
        name = "schema",
        description = "What the data of events looks like to queries.",
        footer = "  millrace schema infer '/org/contoso/**'")
final class SchemaCommand implements Runnable {
    private SchemaCommand() {}

    static CommandLine line(Millrace millrace) {
        return new CommandLine(new SchemaCommand()).addSubcommand(new Infer(millrace));
    }

    @Override
    public void run() {
        throw CommandFailure.usage(
                "What about schemas? Try 'millrace schema infer /org/contoso/**'.");
    }

    /// `millrace schema infer PATTERN`.
    @Command(
            name = "infer",
            description = {
                "Learns SQL types from the latest events, and writes an input for a query.",
                "It can be pasted under 'inputs' of a document of kind Query, as YAML or, with "
                        + "--output json, as JSON."
            },
            footer = {
                "  millrace schema infer '/org/contoso/**'",
                "  millrace schema infer '/org/*/climate' --type 'com.contoso.*' --samples 10000",
                "  millrace schema infer events --output json",
            })
    static final class Infer implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(
                paramLabel = "PATTERN",
                description = "Contexts, or the name of a stream. Quote patterns.")
        private String pattern = "";

        @Option(
                names = "--type",
                paramLabel = "TYPE",
                description = "Only events of this type, or with * of a prefix. May be repeated.")
        private List<String> types = List.of();

        @Option(
                names = "--samples",
                paramLabel = "N",
                description = "How many events are looked at. Default: 1000.")
        private int samples = 1_000;

        Infer(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            if (millrace.output() == OutputFormat.CSV) {
                throw CommandFailure.usage("--output: try yaml or json here.");
            }
            ObjectNode inputs = millrace.json().object();
            String name = SchemaText.name(pattern);
            InputArgument.addTo(inputs, name + "=" + pattern);
            ObjectNode input = (ObjectNode) inputs.path(name);
            if (!types.isEmpty()) {
                types.forEach(input.putArray("types")::add);
            }
            JsonNode answer;
            try (Api api = millrace.api()) {
                ObjectNode body = input.deepCopy().put("samples", samples);
                answer =
                        api.send(
                                        api.request("/api/v1/schema/infer")
                                                .header("Content-Type", "application/json")
                                                .POST(
                                                        BodyPublishers.ofString(
                                                                millrace.json().write(body)))
                                                .build())
                                .json(millrace.json());
            }
            if (answer.path("samples").asLong(0) == 0) {
                throw CommandFailure.failed(
                        "There are no events of %s to learn from.".formatted(pattern));
            }
            input.set("schema", answer.path("schema"));
            millrace.notice(SchemaText.remark(answer));
            if (millrace.output() == OutputFormat.JSON) {
                millrace.print(millrace.json().write(inputs));
            } else {
                SchemaText.yaml(inputs, millrace.json()).forEach(millrace::print);
            }
            return CommandFailure.OK;
        }
    }
}
