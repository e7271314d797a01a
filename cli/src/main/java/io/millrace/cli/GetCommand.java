package io.millrace.cli;

import io.millrace.cli.http.Answer;
import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Table;
import io.millrace.cli.text.Table.Align;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
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
            "  millrace get subscriptions",
        })
final class GetCommand implements Runnable {
    private GetCommand() {}

    static CommandLine line(Millrace millrace) {
        CommandLine line = new CommandLine(new GetCommand());
        for (ResourceKind kind : ResourceKind.values()) {
            CommandLine one = new CommandLine(new OfKind(millrace, kind));
            one.getCommandSpec()
                    .usageMessage()
                    .description(
                            "Shows one %s's document, or lists all %s."
                                    .formatted(kind.noun(), kind.plural()))
                    .footer(
                            "  millrace get " + kind.plural(),
                            "  millrace get %s NAME".formatted(kind.noun()),
                            "  millrace get %s NAME --output yaml".formatted(kind.noun()));
            line.addSubcommand(kind.plural(), one, kind.noun());
        }
        return line;
    }

    @Override
    public void run() {
        throw CommandFailure.usage("Get what? Try 'millrace get streams'.");
    }

    /// `millrace get streams [NAME]` and the like.
    @Command
    static final class OfKind implements Runnable {
        private final Millrace millrace;
        private final ResourceKind kind;

        @Parameters(
                arity = "0..1",
                paramLabel = "NAME",
                description = "Which one. Default: all of them.")
        private @Nullable String name;

        OfKind(Millrace millrace, ResourceKind kind) {
            this.millrace = millrace;
            this.kind = kind;
        }

        @Override
        public void run() {
            String path = name == null ? "" : "/" + Encoding.segment(name);
            boolean yaml = millrace.output() == OutputFormat.YAML;
            Answer answer;
            try (Api api = millrace.api()) {
                answer =
                        api.send(
                                api.get("/api/v1/" + kind.plural() + path)
                                        .header(
                                                "Accept",
                                                yaml ? "application/yaml" : "application/json")
                                        .build());
            }
            switch (millrace.output()) {
                case YAML -> millrace.print(answer.text().stripTrailing());
                case CSV ->
                        throw CommandFailure.usage(
                                "--output csv is for 'query' only; try json here.");
                case JSON -> millrace.print(millrace.json().write(answer.json(millrace.json())));
                case TABLE -> {
                    JsonNode document = answer.json(millrace.json());
                    Table table = name == null ? list(document) : fields(document, answer);
                    table.lines(millrace.surroundings().outStyle()).forEach(millrace::print);
                }
            }
        }

        private Table list(JsonNode document) {
            Table table = new Table().column("NAME", Align.LEFT);
            String key = kind.keyField();
            if (key != null) {
                table.column(key.toUpperCase(Locale.ROOT), Align.LEFT);
            }
            table.column("FIELDS", Align.LEFT);
            for (JsonNode item : document.path("items")) {
                List<String> cells = new ArrayList<>();
                cells.add(item.path("name").asString(""));
                if (key != null) {
                    cells.add(item.path(key).asString(""));
                }
                cells.add(otherFields(item));
                table.row(cells.toArray(String[]::new));
            }
            return table;
        }

        /// Those that have no column of their own.
        private String otherFields(JsonNode item) {
            StringJoiner rest = new StringJoiner(", ");
            for (Map.Entry<String, JsonNode> field : item.properties()) {
                String name = field.getKey();
                if (!Set.of("kind", "name").contains(name) && !name.equals(kind.keyField())) {
                    rest.add(name + " " + text(field.getValue()));
                }
            }
            return rest.toString();
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
