package io.millrace.cli;

import io.millrace.cli.consume.LetterPages;
import io.millrace.cli.http.Answer;
import io.millrace.cli.http.Api;
import io.millrace.cli.http.PatientApi;
import io.millrace.cli.input.DataArgument;
import io.millrace.cli.input.DurationText;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.process.CountProgress;
import io.millrace.cli.process.Question;
import io.millrace.cli.text.Quantity;
import io.millrace.cli.text.Visible;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Sends dead letters again, or discards them, in parts small enough to be answered soon. What a
/// search finds is fixed before the first is touched, so that letters which fail again meanwhile
/// are not sent in circles.
final class LetterChanges {
    private static final int PART_MAX = 100;

    private final Millrace millrace;
    private final String action;
    private final String verb;
    private final String done;

    /// @param action the path's last segment
    /// @param verb what is going to be done, such as `Send again`
    /// @param done what was done, such as `sent again`
    private LetterChanges(Millrace millrace, String action, String verb, String done) {
        this.millrace = millrace;
        this.action = action;
        this.verb = verb;
        this.done = done;
    }

    /// The letters' ids: those given, or what the search finds.
    private List<String> chosen(
            PatientApi patient, List<String> ids, LetterOptions options, boolean all)
            throws InterruptedException {
        Map<String, String> search = options.search(millrace.surroundings().time().now());
        if (!ids.isEmpty()) {
            if (!search.isEmpty() || all) {
                throw CommandFailure.usage("Give IDs, or say which ones to look for; not both.");
            }
            return ids;
        }
        if (search.isEmpty() && !all) {
            throw CommandFailure.usage("Which ones? Give IDs, options such as --queue, or --all.");
        }
        List<String> found = new ArrayList<>();
        boolean cut =
                new LetterPages(patient, millrace.json(), search)
                        .each(letter -> found.add(letter.path("id").asString("")));
        if (cut) {
            throw CommandFailure.failed("Interrupted; nothing was changed.");
        }
        return found;
    }

    private static String letters(int count) {
        return Quantity.count(count) + (count == 1 ? " dead letter" : " dead letters");
    }

    private boolean confirmed(List<String> found, boolean yes) throws IOException {
        String what = verb + " " + letters(found.size());
        return yes || Question.confirmed(millrace.surroundings().console(), what);
    }

    /// @param how what the request says besides the ids
    /// @param partMax ids in one request
    private int run(PatientApi patient, List<String> ids, ObjectNode how, int partMax)
            throws InterruptedException {
        CountProgress progress = new CountProgress(millrace.surroundings(), done, ids.size());
        long count = 0;
        List<JsonNode> problems = new ArrayList<>();
        int at = 0;
        try {
            while (at < ids.size()) {
                int end = Math.min(ids.size(), at + partMax);
                Optional<Answer> answer =
                        patient.send(request(patient.api(), ids.subList(at, end), how));
                if (answer.isEmpty()) {
                    break;
                }
                JsonNode outcome = answer.get().json(millrace.json());
                count += outcome.path("done").asLong(0);
                outcome.path("problems").forEach(problems::add);
                at = end;
                progress.at(at);
            }
        } finally {
            progress.clear();
        }
        report(count, ids.size(), problems);
        return problems.isEmpty() && at == ids.size() ? CommandFailure.OK : CommandFailure.FAILED;
    }

    private HttpRequest request(Api api, List<String> ids, ObjectNode how) {
        ObjectNode body = millrace.json().object();
        ids.forEach(body.putArray("ids")::add);
        body.setAll(how);
        return api.request("/dead-letters/" + action)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(millrace.json().write(body)))
                .build();
    }

    private void report(long count, int total, List<JsonNode> problems) {
        if (millrace.asJson()) {
            ObjectNode outcome = millrace.json().object().put("done", count);
            ArrayNode all = outcome.putArray("problems");
            problems.forEach(all::add);
            millrace.print(millrace.json().write(outcome));
            return;
        }
        String part = count == total ? "" : Quantity.count(count) + " of ";
        millrace.print(done + " " + part + letters(total));
        for (JsonNode problem : problems) {
            String text = problem.isString() ? problem.asString() : millrace.json().write(problem);
            millrace.notice(
                    millrace.surroundings().errStyle().red("millrace: ") + Visible.of(text));
        }
    }

    /// `millrace dead-letters resubmit`.
    @Command(
            name = "resubmit",
            abbreviateSynopsis = true,
            description = {
                "Sends dead letters again, each to only the one that failed.",
                "What a search finds is counted and confirmed first."
            },
            footer = {
                "  millrace dead-letters resubmit ID --event corrected.json",
                "  millrace dead-letters resubmit --queue orders --since 1h --yes",
                "  millrace dead-letters resubmit --all --rate 5 --delay 10m",
                "  millrace dead-letters resubmit --queue orders --transform "
                        + "'$merge([$, {\"type\":\"b\"}])'",
            })
    static final class Resubmit implements Callable<Integer> {
        /// With a rate the server works through one request by itself; several would add up.
        private static final int PACED_MAX = 10_000;

        private final Millrace millrace;

        @Parameters(paramLabel = "ID", arity = "0..*", description = "As the list shows them.")
        private List<String> ids = new ArrayList<>();

        @Mixin private LetterOptions options = new LetterOptions();

        @Option(names = "--all", description = "All there are.")
        private boolean all;

        @Option(
                names = "--event",
                paramLabel = "FILE|-",
                description = "Send this event in CloudEvents JSON instead of the one letter's.")
        private @Nullable String event;

        @Option(
                names = "--transform",
                paramLabel = "JSONATA",
                description = "Send what this expression makes of each event.")
        private @Nullable String transform;

        @Option(
                names = "--rate",
                paramLabel = "N",
                description = "At most so many a second; the server goes on by itself.")
        private @Nullable Double rate;

        @Option(
                names = "--delay",
                paramLabel = "DURATION",
                description = "Not before so long; the server goes on by itself.")
        private @Nullable String delay;

        @Option(
                names = {"-y", "--yes"},
                description = "Do not ask.")
        private boolean yes;

        Resubmit(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            boolean asJson = millrace.asJson();
            ObjectNode how = how();
            boolean paced = rate != null || delay != null;
            LetterChanges changes =
                    new LetterChanges(millrace, "resubmit", "Send again", "sent again");
            try (Api api = millrace.api()) {
                PatientApi patient = DeadLettersCommand.patient(millrace, api);
                List<String> chosen = changes.chosen(patient, ids, options, all);
                if (paced && chosen.size() > PACED_MAX) {
                    throw CommandFailure.failed(
                            "%s are too many for --rate and --delay at once; choose at most %s, for instance with --until."
                                    .formatted(letters(chosen.size()), Quantity.count(PACED_MAX)));
                }
                if (ids.isEmpty() && !changes.confirmed(chosen, yes || chosen.isEmpty())) {
                    millrace.notice("Nothing was sent.");
                    return CommandFailure.FAILED;
                }
                int exitCode = changes.run(patient, chosen, how, paced ? PACED_MAX : PART_MAX);
                if (paced && !asJson) {
                    millrace.notice(
                            "The server goes on with them; 'millrace dead-letters' shows what is left.");
                }
                return exitCode;
            }
        }

        private ObjectNode how() throws IOException {
            ObjectNode how = millrace.json().object();
            if (event != null) {
                String file = event;
                if (ids.size() != 1) {
                    throw CommandFailure.usage("--event goes with one ID.");
                }
                byte[] bytes =
                        DataArgument.read(
                                file.equals("-") ? file : "@" + file, millrace.surroundings());
                how.set(
                        "event",
                        millrace.json()
                                .parse(bytes)
                                .orElseThrow(() ->
                                        CommandFailure.failed(
                                                file + " is not an event in CloudEvents JSON.")));
            }
            if (transform != null) {
                how.put("transform", transform);
            }
            if (rate != null) {
                if (!(rate > 0)) {
                    throw CommandFailure.usage("--rate must be above 0.");
                }
                how.put("perSecond", rate);
            }
            if (delay != null) {
                var _ = DurationText.parse("--delay", delay);
                how.put("delay", delay);
            }
            return how;
        }
    }

    /// `millrace dead-letters discard`.
    @Command(
            name = "discard",
            abbreviateSynopsis = true,
            description = {
                "Throws dead letters away, for a reason that is kept.",
                "What a search finds is counted and confirmed first."
            },
            footer = {
                "  millrace dead-letters discard ID --because 'sent twice'",
                "  millrace dead-letters discard --until 30d --because old --yes",
            })
    static final class Discard implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "ID", arity = "0..*", description = "As the list shows them.")
        private List<String> ids = new ArrayList<>();

        @Mixin private LetterOptions options = new LetterOptions();

        @Option(names = "--all", description = "All there are.")
        private boolean all;

        @Option(
                names = "--because",
                required = true,
                paramLabel = "TEXT",
                description = "Why; kept in the record of the deletion.")
        private String because = "";

        @Option(
                names = {"-y", "--yes"},
                description = "Do not ask.")
        private boolean yes;

        Discard(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            var _ = millrace.asJson();
            LetterChanges changes = new LetterChanges(millrace, "discard", "Discard", "discarded");
            try (Api api = millrace.api()) {
                PatientApi patient = DeadLettersCommand.patient(millrace, api);
                List<String> chosen = changes.chosen(patient, ids, options, all);
                if (ids.isEmpty() && !changes.confirmed(chosen, yes || chosen.isEmpty())) {
                    millrace.notice("Nothing was discarded.");
                    return CommandFailure.FAILED;
                }
                return changes.run(
                        patient, chosen, millrace.json().object().put("reason", because), PART_MAX);
            }
        }
    }
}
