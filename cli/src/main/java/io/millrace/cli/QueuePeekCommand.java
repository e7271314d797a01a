package io.millrace.cli;

import io.millrace.cli.consume.Consumed;
import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Quantity;
import io.millrace.cli.text.Table;
import io.millrace.cli.text.Table.Align;
import io.millrace.cli.text.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `millrace queues peek`: jobs as they lie in a queue.
@Command(
        name = "peek",
        description = "Shows jobs without taking them, by number.",
        footer = {
            "  millrace queues peek orders",
            "  millrace queues peek orders --after 4-17 --max 1000 --output json",
        })
final class QueuePeekCommand implements Callable<Integer> {
    private static final int PAGE_MAX = 500;
    private static final int DATA_MAX = 60;

    private final Millrace millrace;

    @Parameters(paramLabel = "NAME", description = "The queue.")
    private String name = "";

    @Option(names = "--max", paramLabel = "N", description = "At most so many. Default: 20.")
    private long max = 20;

    @Option(
            names = "--after",
            paramLabel = "NUMBER",
            description = "Begin behind this job. Default: with the first.")
    private @Nullable String after;

    QueuePeekCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        EnvelopePrinter.requireMax(max);
        boolean asJson = millrace.asJson();
        List<JsonNode> shown = new ArrayList<>();
        long left = max;
        boolean more = true;
        try (Api api = millrace.api()) {
            while (left > 0 && more && !millrace.outputClosed()) {
                long size = Math.min(left, PAGE_MAX);
                JsonNode jobs =
                        api.send(api.get(path(size)).build()).json(millrace.json()).path("jobs");
                for (JsonNode job : jobs) {
                    if (asJson) {
                        millrace.print(millrace.json().write(job));
                    } else {
                        shown.add(job);
                    }
                    after = job.path("number").asString("");
                }
                left -= jobs.size();
                // A page of large jobs is shorter than asked for; only an empty one is the end.
                more = !jobs.isEmpty();
            }
        }
        if (shown.isEmpty() && left == max) {
            millrace.notice("Queue %s has no jobs there.".formatted(name));
        } else if (!asJson) {
            table(shown).lines(millrace.surroundings().outStyle()).forEach(millrace::print);
        }
        return CommandFailure.OK;
    }

    private String path(long size) {
        String path = new Consumed(Consumed.Kind.QUEUE, name).path("jobs?max=" + size);
        return after == null ? path : path + "&after=" + Encoding.parameter(after);
    }

    private Table table(List<JsonNode> jobs) {
        Table table =
                new Table()
                        .column("NUMBER", Align.LEFT)
                        .column("STATE", Align.LEFT)
                        .column("UNTIL", Align.LEFT)
                        .column("DELIVERIES", Align.RIGHT)
                        .column("FAILURES", Align.RIGHT)
                        .column("TYPE", Align.LEFT)
                        .column("DATA", Align.LEFT);
        for (JsonNode job : jobs) {
            JsonNode event = job.path("event");
            table.row(
                    job.path("number").asString(""),
                    job.path("state").asString(""),
                    job.path("until").asString("-"),
                    Quantity.count(job.path("deliveries").asLong(0)),
                    Quantity.count(job.path("failures").asLong(0)),
                    event.path("type").asString(""),
                    data(event));
        }
        return table;
    }

    private String data(JsonNode event) {
        JsonNode data = event.path("data");
        if (data.isMissingNode()) {
            return event.has("data_base64") ? "(bytes)" : "";
        }
        String text = data.isString() ? data.asString() : millrace.json().write(data);
        return Visible.shortened(Visible.of(text), DATA_MAX);
    }
}
