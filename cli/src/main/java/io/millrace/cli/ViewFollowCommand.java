package io.millrace.cli;

import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.http.SseEvent;
import io.millrace.cli.http.SseFollower;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Visible;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `millrace view follow NAME`: what a view holds, and then its changes.
@Command(
        name = "follow",
        description = {
            "Shows what a view holds, and then its changes, until Ctrl-C.",
            "A broken connection is made again, and begins with what the view holds then."
        },
        footer = {
            "  millrace view follow room-climate",
            "  millrace view follow floor-averages --prefix 3 --output json | jq .op",
            "  millrace view follow room-climate --max 10",
        })
final class ViewFollowCommand implements Callable<Integer>, SseFollower.Listener {
    private final Millrace millrace;
    private boolean asJson;
    private long shown;

    @Parameters(paramLabel = "NAME", description = "The view.")
    private String name = "";

    @Mixin private ViewCommand.Range range = new ViewCommand.Range();

    @Option(names = "--max", paramLabel = "N", description = "End after so many lines.")
    private long max = Long.MAX_VALUE;

    ViewFollowCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() throws InterruptedException {
        EnvelopePrinter.requireMax(max);
        asJson = millrace.asJson();
        String path = "/views/%s?%sfollow=true".formatted(Encoding.segment(name), range.query());
        try (Api api = millrace.api()) {
            new SseFollower(api, millrace.surroundings(), this, new Random()).follow(path, null);
        }
        return CommandFailure.OK;
    }

    @Override
    public boolean event(SseEvent event) {
        JsonNode data =
                millrace.json().parse(event.data()).orElseGet(() -> millrace.json().object());
        switch (event.event()) {
            case "put", "delete" -> {
                millrace.print(line(event.event(), data));
                shown++;
            }
            case "problem" -> millrace.errors().show(data, "the server");
            default -> {
                // Kinds that this version does not know change nothing.
            }
        }
        return shown < max && !millrace.outputClosed();
    }

    private String line(String op, JsonNode data) {
        if (asJson) {
            ObjectNode document = millrace.json().object().put("op", op);
            data.properties().forEach(member -> document.set(member.getKey(), member.getValue()));
            return millrace.json().write(document);
        }
        String text =
                "%s  %s  %s  %s"
                        .formatted(
                                data.path("updated").asString(""),
                                op,
                                data.path("key").asString(""),
                                ViewCommand.summary(millrace, data.path("value")));
        return Visible.of(text.stripTrailing());
    }

    @Override
    public void notice(String sentence) {
        millrace.notice(
                millrace.surroundings().errStyle().yellow("millrace: ") + Visible.of(sentence));
    }
}
