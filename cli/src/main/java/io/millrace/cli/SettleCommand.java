package io.millrace.cli;

import io.millrace.cli.consume.Consumed;
import io.millrace.cli.consume.Settlements;
import io.millrace.cli.http.Api;
import io.millrace.cli.input.DurationText;
import io.millrace.cli.input.Utf8Text;
import io.millrace.cli.process.CommandFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `millrace settle`: what becomes of leases.
@Command(
        name = "settle",
        abbreviateSynopsis = true,
        description = "Settles leases that 'millrace receive' was given.",
        footer = {
            "  millrace settle alarms TOKEN --complete",
            "  millrace settle orders TOKEN --queue --release --delay 10s --failed",
            "  millrace settle orders TOKEN --queue --reject 'no such customer'",
            "  millrace settle orders --queue --renew --lease 5m - < tokens",
        })
final class SettleCommand implements Callable<Integer> {
    private static final int BYTES_MAX = 64 << 20;

    private final Millrace millrace;

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "The subscription, or with --queue the queue.")
    private String name = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "TOKEN",
            description = "The leases' tokens; - reads them from standard input, one a line.")
    private List<String> tokens = new ArrayList<>();

    @Option(names = "--queue", description = "NAME is a queue.")
    private boolean queue;

    @Option(
            names = {"--complete", "--ack"},
            description = "They are done.")
    private boolean complete;

    @Option(names = "--release", description = "Give them back, to be given out again.")
    private boolean release;

    @Option(
            names = "--delay",
            paramLabel = "DURATION",
            description = "With --release: not before so long. Default: 0s.")
    private @Nullable String delay;

    @Option(
            names = "--failed",
            description = "With --release: it counts as a failure, and too many are the end.")
    private boolean failed;

    @Option(
            names = "--reject",
            paramLabel = "REASON",
            description = "They can never succeed: to the dead letters.")
    private @Nullable String reject;

    @Option(
            names = "--defer",
            description =
                    "Set them aside until 'millrace receive --deferred' asks for them by number.")
    private boolean defer;

    @Option(names = "--renew", description = "It takes longer.")
    private boolean renew;

    @Option(
            names = "--lease",
            paramLabel = "DURATION",
            description = "With --renew: from now on. Default: as the resource says.")
    private @Nullable String lease;

    SettleCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() throws IOException {
        boolean asJson = millrace.asJson();
        Consumed.Kind kind = queue ? Consumed.Kind.QUEUE : Consumed.Kind.SUBSCRIPTION;
        Settlements settlements = new Settlements(new Consumed(kind, name), millrace.json());
        ObjectNode action = action(settlements);
        List<String> all = tokens();
        int exitCode = CommandFailure.OK;
        try (Api api = millrace.api()) {
            for (int at = 0; at < all.size(); at += Settlements.TOKENS_MAX) {
                int end = Math.min(all.size(), at + Settlements.TOKENS_MAX);
                var answer =
                        api.send(settlements.request(api, action, all.subList(at, end)))
                                .json(millrace.json());
                exitCode = Math.max(exitCode, new SettlementReport(millrace).all(answer));
            }
        }
        if (exitCode != CommandFailure.OK && !asJson) {
            millrace.notice("What was refused has changed nothing.");
        }
        return exitCode;
    }

    private ObjectNode action(Settlements settlements) {
        List<ObjectNode> actions = new ArrayList<>();
        if (complete) {
            actions.add(settlements.done());
        }
        if (release) {
            ObjectNode action = settlements.action("release");
            put(action, "--delay", delay);
            actions.add(failed ? action.put("failed", true) : action);
        }
        if (reject != null) {
            actions.add(settlements.action("reject").put("reason", reject));
        }
        if (defer) {
            actions.add(settlements.action("defer"));
        }
        if (renew) {
            ObjectNode action = settlements.action("renew");
            put(action, "--lease", lease);
            actions.add(action);
        }
        if (actions.size() != 1) {
            throw CommandFailure.usage(
                    "What becomes of them? Give one of --complete, --release, --reject, --defer and --renew.");
        }
        if (!release && (delay != null || failed)) {
            throw CommandFailure.usage("--delay and --failed go with --release.");
        }
        if (!renew && lease != null) {
            throw CommandFailure.usage("--lease goes with --renew.");
        }
        return actions.getFirst();
    }

    private static void put(ObjectNode action, String option, @Nullable String duration) {
        if (duration != null) {
            var _ = DurationText.parse(option, duration);
            action.put(option.substring(2), duration);
        }
    }

    private List<String> tokens() throws IOException {
        if (!tokens.contains("-")) {
            return tokens;
        }
        if (tokens.size() > 1) {
            throw CommandFailure.usage("- stands for all tokens; give it alone.");
        }
        byte[] bytes = millrace.surroundings().console().in().readNBytes(BYTES_MAX);
        List<String> read =
                Utf8Text.decode(bytes, "standard input")
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
        if (read.isEmpty()) {
            throw CommandFailure.failed("There is no token on standard input.");
        }
        return read;
    }
}
