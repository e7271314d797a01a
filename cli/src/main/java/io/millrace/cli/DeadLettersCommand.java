package io.millrace.cli;

import io.millrace.cli.consume.LetterPages;
import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.http.PatientApi;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Style;
import io.millrace.cli.text.Table;
import io.millrace.cli.text.Table.Align;
import io.millrace.cli.text.Visible;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `millrace dead-letters`: what could not be delivered, and what becomes of it.
@Command(
        name = "dead-letters",
        description = "Lists what could not be delivered, oldest first; as 'dead-letters list'.",
        footer = {
            "  millrace dead-letters --queue orders --since 24h",
            "  millrace dead-letters show ID",
            "  millrace dead-letters resubmit --queue orders --reason rejected",
        })
final class DeadLettersCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Mixin private ListCommand list;

    private DeadLettersCommand(Millrace millrace) {
        this.list = new ListCommand(millrace);
    }

    static CommandLine line(Millrace millrace) {
        return new CommandLine(new DeadLettersCommand(millrace))
                .addSubcommand(new ListCommand(millrace))
                .addSubcommand(new Show(millrace))
                .addSubcommand(new LetterChanges.Resubmit(millrace))
                .addSubcommand(new LetterChanges.Discard(millrace));
    }

    @Override
    public Integer call() throws InterruptedException {
        return list.call();
    }

    /// An API that is asked again while the server is away for a while.
    static PatientApi patient(Millrace millrace, Api api) {
        return new PatientApi(
                api,
                millrace.surroundings(),
                sentence ->
                        millrace.notice(
                                millrace.surroundings().errStyle().yellow("millrace: ")
                                        + Visible.of(sentence)),
                PATIENCE);
    }

    /// `millrace dead-letters list`.
    @Command(
            name = "list",
            description = "Lists what could not be delivered, oldest first.",
            footer = {
                "  millrace dead-letters list --subscription alarms",
                "  millrace dead-letters list --type 'com.example.*' --until 7d",
            })
    static final class ListCommand implements Callable<Integer> {
        private final Millrace millrace;

        @Mixin private LetterOptions options = new LetterOptions();

        @Option(names = "--max", paramLabel = "N", description = "At most so many. Default: 50.")
        private long max = 50;

        ListCommand(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() throws InterruptedException {
            EnvelopePrinter.requireMax(max);
            boolean asJson = millrace.asJson();
            Map<String, String> search = options.search(millrace.surroundings().time().now());
            List<JsonNode> letters = new ArrayList<>();
            boolean more;
            try (Api api = millrace.api()) {
                more =
                        new LetterPages(patient(millrace, api), millrace.json(), search)
                                .each(letter -> {
                                    letters.add(letter);
                                    return letters.size() < max;
                                });
            }
            if (asJson) {
                letters.forEach(letter -> millrace.print(millrace.json().write(letter)));
            } else if (letters.isEmpty()) {
                millrace.notice("There are no such dead letters.");
            } else {
                table(letters).lines(millrace.surroundings().outStyle()).forEach(millrace::print);
            }
            if (more) {
                millrace.notice("There are more; --max shows them.");
            }
            return CommandFailure.OK;
        }

        private static Table table(List<JsonNode> letters) {
            Table table =
                    new Table()
                            .column("ID", Align.LEFT)
                            .column("GIVEN UP", Align.LEFT)
                            .column("BY", Align.LEFT)
                            .column("REASON", Align.LEFT)
                            .column("ATTEMPTS", Align.RIGHT)
                            .column("TYPE", Align.LEFT)
                            .column("DETAIL", Align.LEFT);
            for (JsonNode letter : letters) {
                table.row(
                        letter.path("id").asString(""),
                        letter.path("last").asString(""),
                        letter.path("kind").asString("").toLowerCase(java.util.Locale.ROOT)
                                + " "
                                + letter.path("name").asString(""),
                        letter.path("reason").asString(""),
                        letter.path("attempts").asString("0"),
                        letter.path("event").path("type").asString(""),
                        letter.path("detail").asString(""));
            }
            return table;
        }
    }

    /// `millrace dead-letters show ID`.
    @Command(
            name = "show",
            description = "Shows a dead letter whole, with its event.",
            footer = {
                "  millrace dead-letters show ID",
                "  millrace dead-letters show ID --output json | jq .event > event.json",
            })
    static final class Show implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "ID", description = "As the list shows it.")
        private String id = "";

        Show(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            boolean asJson = millrace.asJson();
            JsonNode letter;
            try (Api api = millrace.api()) {
                letter =
                        api.send(api.get("/dead-letters/" + Encoding.segment(id)).build())
                                .json(millrace.json());
            }
            if (asJson) {
                millrace.print(millrace.json().write(letter));
                return CommandFailure.OK;
            }
            Style style = millrace.surroundings().outStyle();
            Table table = new Table().column("FIELD", Align.LEFT).column("VALUE", Align.LEFT);
            for (Map.Entry<String, JsonNode> field : letter.properties()) {
                JsonNode value = field.getValue();
                if (!field.getKey().equals("event") && !value.isNull()) {
                    table.row(
                            field.getKey(),
                            value.isContainer() ? millrace.json().write(value) : value.asString());
                }
            }
            table.lines(style).forEach(millrace::print);
            millrace.print("");
            millrace.json()
                    .pretty(letter.path("event"))
                    .lines()
                    .map(Visible::of)
                    .forEach(millrace::print);
            return CommandFailure.OK;
        }
    }
}
