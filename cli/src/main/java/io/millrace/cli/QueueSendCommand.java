package io.millrace.cli;

import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.http.PatientApi;
import io.millrace.cli.input.DurationText;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Visible;
import io.millrace.event.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `millrace queues send`: one job from options, or many from a file.
@Command(
        name = "send",
        abbreviateSynopsis = true,
        description = {
            "Puts one job into a queue, or all events of a file.",
            "It is done when the server has stored them."
        },
        footer = {
            "  millrace queues send orders '{\"id\":17}' --type order --priority 9",
            "  millrace queues send mails @mail.txt --type mail --at 2026-12-24T18:00:00Z",
            "  date | millrace queues send log - --type tick --delay 10s",
            "  millrace queues send orders --file jobs.ndjson",
        })
final class QueueSendCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Millrace millrace;

    @Parameters(index = "0", paramLabel = "NAME", description = "The queue.")
    private String name = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "DATA|@FILE|-",
            description = "The payload: the text itself, a file's bytes, or standard input.")
    private @Nullable String data;

    @Mixin private EventOptions attributes = new EventOptions();

    @Option(names = "--priority", paramLabel = "0..9", description = "9 goes first. Default: 4.")
    private @Nullable Integer priority;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "Not given out before, as 2026-12-24T18:00:00Z.")
    private @Nullable String at;

    @Option(
            names = "--delay",
            paramLabel = "DURATION",
            description = "Not given out before so long from now, by this machine's clock.")
    private @Nullable String delay;

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description = "Not given out after. Default: as the queue says.")
    private @Nullable String expires;

    @Option(names = "--key", paramLabel = "KEY", description = "The ordered group it belongs to.")
    private @Nullable String key;

    @Option(
            names = "--file",
            paramLabel = "FILE|-",
            description =
                    "Send jobs in CloudEvents JSON: one, an array, or one a line. "
                            + "They are sent in batches of at most 500.")
    private @Nullable String file;

    QueueSendCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean asJson = millrace.asJson();
        String path = "/queues/" + Encoding.segment(name);
        Map<String, String> extensions = extensions();
        if (file != null) {
            if (attributes.given() || data != null || !extensions.isEmpty()) {
                throw CommandFailure.usage(
                        "--file takes whole jobs; give it without --type, data and the like.");
            }
            try (Api api = millrace.api()) {
                new FilePublisher(millrace, api, path).publish(file, "sent %s jobs");
            }
            return CommandFailure.OK;
        }
        attributes.requireType();
        Event job =
                attributes.event(path, data, extensions, millrace.surroundings(), millrace.json());
        try (Api api = millrace.api()) {
            // Sent again, the job keeps its id, by which the server knows it again.
            PatientApi patient =
                    new PatientApi(
                            api,
                            millrace.surroundings(),
                            sentence -> millrace.notice("millrace: " + Visible.of(sentence)),
                            PATIENCE);
            var answer = patient.send(EventOptions.request(api, path, job));
            if (answer.isEmpty()) {
                return CommandFailure.FAILED;
            }
            JsonNode taken = answer.get().json(millrace.json()).path("jobs").path(0);
            millrace.print(asJson ? millrace.json().write(taken) : sentence(job, taken));
        }
        return CommandFailure.OK;
    }

    private static String sentence(Event job, JsonNode taken) {
        String number = Visible.of(taken.path("number").asString("?"));
        return taken.path("duplicate").asBoolean(false)
                ? "job %s was there already as %s".formatted(job.id(), number)
                : "sent %s as job %s".formatted(job.id(), number);
    }

    /// The extension attributes with which queues are told how to treat a job.
    private Map<String, String> extensions() {
        Map<String, String> extensions = new LinkedHashMap<>();
        if (priority != null) {
            if (priority < 0 || priority > 9) {
                throw CommandFailure.usage("--priority must be from 0 to 9; 9 goes first.");
            }
            extensions.put("priority", priority.toString());
        }
        if (at != null && delay != null) {
            throw CommandFailure.usage("--at and --delay both say when; give one of them.");
        }
        if (at != null) {
            extensions.put("scheduledtime", at);
        }
        if (delay != null) {
            extensions.put(
                    "scheduledtime",
                    millrace.surroundings()
                            .time()
                            .now()
                            .plus(DurationText.parse("--delay", delay))
                            .truncatedTo(ChronoUnit.MILLIS)
                            .toString());
        }
        if (expires != null) {
            extensions.put("expirytime", expires);
        }
        if (key != null) {
            extensions.put("partitionkey", key);
        }
        return extensions;
    }
}
