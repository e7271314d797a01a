package io.millrace.cli;

import io.millrace.cli.http.Api;
import io.millrace.cli.input.Utf8Text;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Style;
import io.millrace.cli.text.Visible;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `millrace apply`: makes the server's resources be what documents say.
@Command(
        name = "apply",
        description = {
            "Creates or changes resources as documents say, all of them or none.",
            "Applying the same documents again changes nothing."
        },
        footer = {
            "  millrace apply -f streams.yaml",
            "  millrace apply -f streams.yaml -f more.json --dry-run",
            "  millrace get stream tickets --output yaml | millrace apply -f -",
        })
final class ApplyCommand implements Callable<Integer> {
    private static final int BYTES_MAX = 16 << 20;

    private final Millrace millrace;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            required = true,
            description =
                    "YAML or JSON documents; - is standard input. May be given several times.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--dry-run",
            description = "Check everything and show what would change, but change nothing.")
    private boolean dryRun;

    ApplyCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() throws IOException {
        boolean asJson = millrace.asJson();
        List<Document> documents = new ArrayList<>();
        for (String file : files) {
            documents.add(read(file));
        }
        JsonNode answer;
        try (Api api = millrace.api()) {
            Document whole = join(documents);
            answer =
                    api.send(
                                    api.request("/api/v1/apply" + (dryRun ? "?dryRun=true" : ""))
                                            .header("Content-Type", whole.mediaType())
                                            .POST(BodyPublishers.ofString(whole.text()))
                                            .build())
                            .json(millrace.json());
        }
        if (asJson) {
            millrace.print(millrace.json().write(answer));
        } else {
            answer.path("results").forEach(this::show);
        }
        return CommandFailure.OK;
    }

    private record Document(String text, boolean isJson) {
        String mediaType() {
            return isJson ? "application/json" : "application/yaml";
        }
    }

    private Document read(String file) throws IOException {
        byte[] bytes;
        try (InputStream in =
                file.equals("-")
                        ? millrace.surroundings().console().in()
                        : Files.newInputStream(millrace.surroundings().folder().resolve(file))) {
            bytes = in.readNBytes(BYTES_MAX + 1);
        }
        if (bytes.length > BYTES_MAX) {
            throw CommandFailure.failed(
                    "%s is larger than %d MiB; is it a file of resources?"
                            .formatted(file, BYTES_MAX >> 20));
        }
        String text = Utf8Text.decode(bytes, file);
        return new Document(text, millrace.json().parse(bytes).isPresent());
    }

    /// One request for all files, as all documents are taken or none. Every JSON document is a YAML
    /// document too; an array has to be taken apart for that.
    private Document join(List<Document> documents) {
        if (documents.size() == 1) {
            return documents.getFirst();
        }
        StringBuilder all = new StringBuilder();
        for (Document document : documents) {
            List<String> parts = new ArrayList<>();
            JsonNode node =
                    document.isJson() ? millrace.json().parse(document.text()).orElse(null) : null;
            if (node != null && node.isArray()) {
                node.forEach(member -> parts.add(millrace.json().write(member)));
            } else {
                parts.add(document.text());
            }
            for (String part : parts) {
                boolean separated = all.isEmpty() || part.startsWith("---");
                all.append(separated ? "" : "---\n").append(part);
                all.append(part.endsWith("\n") ? "" : "\n");
            }
        }
        return new Document(all.toString(), false);
    }

    private void show(JsonNode result) {
        Style style = millrace.surroundings().outStyle();
        String outcome = result.path("outcome").asString("");
        String name =
                Visible.of(
                        result.path("kind").asString("") + " " + result.path("name").asString(""));
        String coloured =
                switch (outcome) {
                    case "created" -> style.green(outcome);
                    case "changed" -> style.yellow(outcome);
                    default -> style.dim(Visible.of(outcome));
                };
        millrace.print(name + " " + coloured + (dryRun ? style.dim(" (dry run)") : ""));
        for (JsonNode change : result.path("changes")) {
            String path = Visible.of(change.path("path").asString(""));
            side(change.path("before")).ifPresent(before -> removed(style, path, before));
            side(change.path("after")).ifPresent(after -> added(style, path, after));
        }
    }

    private void removed(Style style, String path, String value) {
        millrace.print(style.red("  - " + path + ": " + value));
    }

    private void added(Style style, String path, String value) {
        millrace.print(style.green("  + " + path + ": " + value));
    }

    private java.util.Optional<String> side(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return java.util.Optional.empty();
        }
        String text = value.isString() ? value.asString() : millrace.json().write(value);
        return java.util.Optional.of(Visible.of(text));
    }
}
