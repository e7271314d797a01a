package io.millrace.cli;

import io.millrace.cli.http.Answer;
import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Table;
import io.millrace.cli.text.Table.Align;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `millrace get`: resources as they were applied.
@Command(
        name = "get",
        description = "Shows resources.",
        subcommands = {},
        footer = {
            "  millrace get streams",
            "  millrace get stream tickets --output yaml > tickets.yaml",
        })
final class GetCommand implements Runnable {
    private GetCommand() {}

    static CommandLine line(Millrace millrace) {
        return new CommandLine(new GetCommand()).addSubcommand(new Streams(millrace));
    }

    @Override
    public void run() {
        throw CommandFailure.usage("Get what? Try 'millrace get streams'.");
    }

    /// `millrace get streams [NAME]`.
    @Command(
            name = "streams",
            aliases = "stream",
            description = "Shows one stream's document, or lists all streams.",
            footer = {
                "  millrace get streams",
                "  millrace get stream tickets",
                "  millrace get stream tickets --output yaml",
            })
    static final class Streams implements Runnable {
        private final Millrace millrace;

        @Parameters(
                arity = "0..1",
                paramLabel = "NAME",
                description = "The stream. Default: all of them.")
        private @Nullable String name;

        Streams(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public void run() {
            String path = name == null ? "" : "/" + Encoding.segment(name);
            boolean yaml = millrace.output() == OutputFormat.YAML;
            Answer answer;
            try (Api api = millrace.api()) {
                answer =
                        api.send(
                                api.get("/api/v1/streams" + path)
                                        .header(
                                                "Accept",
                                                yaml ? "application/yaml" : "application/json")
                                        .build());
            }
            switch (millrace.output()) {
                case YAML -> millrace.print(answer.text().stripTrailing());
                case JSON -> millrace.print(millrace.json().write(answer.json(millrace.json())));
                case TABLE -> {
                    JsonNode document = answer.json(millrace.json());
                    Table table = name == null ? list(document) : fields(document, answer);
                    table.lines(millrace.surroundings().outStyle()).forEach(millrace::print);
                }
            }
        }

        private Table list(JsonNode document) {
            Table table =
                    new Table()
                            .column("NAME", Align.LEFT)
                            .column("MOUNT", Align.LEFT)
                            .column("FIELDS", Align.LEFT);
            for (JsonNode item : document.path("items")) {
                StringBuilder rest = new StringBuilder();
                for (Map.Entry<String, JsonNode> field : item.properties()) {
                    switch (field.getKey()) {
                        case "kind", "name", "mount" -> {
                            // They have columns of their own, or are known.
                        }
                        default ->
                                rest.append(rest.isEmpty() ? "" : ", ")
                                        .append(field.getKey())
                                        .append(' ')
                                        .append(text(field.getValue()));
                    }
                }
                table.row(
                        item.path("name").asString(""),
                        item.path("mount").asString(""),
                        rest.toString());
            }
            return table;
        }

        private Table fields(JsonNode document, Answer answer) {
            Table table = new Table().column("FIELD", Align.LEFT).column("VALUE", Align.LEFT);
            flatten(table, "", document);
            answer.headers().firstValue("ETag").ifPresent(etag -> table.row("(etag)", etag));
            return table;
        }

        private void flatten(Table table, String prefix, JsonNode node) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                String path = prefix + field.getKey();
                if (field.getValue().isObject()) {
                    flatten(table, path + ".", field.getValue());
                } else {
                    table.row(path, text(field.getValue()));
                }
            }
        }

        private String text(JsonNode value) {
            return value.isString() ? value.asString() : millrace.json().write(value);
        }
    }
}
