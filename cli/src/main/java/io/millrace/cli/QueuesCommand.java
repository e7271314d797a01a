package io.millrace.cli;

import io.millrace.cli.consume.Consumed;
import io.millrace.cli.consume.StatusTables;
import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.process.Question;
import io.millrace.cli.text.Quantity;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `millrace queues`: how they are doing, and what can be done with them.
@Command(
        name = "queues",
        description = {
            "Lists the queues.",
            "DEPTH is how many jobs are not done, AGE how long the oldest of them has waited, "
                    + "WORKERS how many wait for a job now, RATE what is done a second."
        },
        footer = {
            "  millrace queues",
            "  millrace queues send orders '{\"id\":17}' --type order --delay 5m",
            "  millrace queues peek orders --max 20",
        })
final class QueuesCommand implements Callable<Integer> {
    private final Millrace millrace;

    private QueuesCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    static CommandLine line(Millrace millrace) {
        return new CommandLine(new QueuesCommand(millrace))
                .addSubcommand(new Show(millrace))
                .addSubcommand(new QueueSendCommand(millrace))
                .addSubcommand(new QueuePeekCommand(millrace))
                .addSubcommand(new Pause(millrace))
                .addSubcommand(new Resume(millrace))
                .addSubcommand(new Cancel(millrace))
                .addSubcommand(new Purge(millrace));
    }

    @Override
    public Integer call() {
        return new GroupCommands(millrace, Consumed.Kind.QUEUE).list(StatusTables::queues);
    }

    /// `millrace queues show NAME`.
    @Command(
            name = "show",
            description = "Shows everything about how a queue is doing.",
            footer = "  millrace queues show orders")
    static final class Show implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "NAME", description = "The queue.")
        private String name = "";

        Show(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            return new GroupCommands(millrace, Consumed.Kind.QUEUE).show(name);
        }
    }

    /// `millrace queues pause NAME...`.
    @Command(
            name = "pause",
            description = "Gives out no job; jobs are still taken in.",
            footer = "  millrace queues pause orders")
    static final class Pause implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "NAME", arity = "1..*", description = "The queues.")
        private List<String> names = List.of();

        Pause(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            return new GroupCommands(millrace, Consumed.Kind.QUEUE).each(names, "pause", "paused");
        }
    }

    /// `millrace queues resume NAME...`.
    @Command(
            name = "resume",
            description = "Gives out jobs again.",
            footer = "  millrace queues resume orders")
    static final class Resume implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "NAME", arity = "1..*", description = "The queues.")
        private List<String> names = List.of();

        Resume(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            return new GroupCommands(millrace, Consumed.Kind.QUEUE)
                    .each(names, "resume", "resumed");
        }
    }

    /// `millrace queues cancel NAME NUMBER...`.
    @Command(
            name = "cancel",
            description = "Takes scheduled jobs back before they are due.",
            footer = "  millrace queues cancel orders 4-17 4-18")
    static final class Cancel implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(index = "0", paramLabel = "NAME", description = "The queue.")
        private String name = "";

        @Parameters(
                index = "1..*",
                arity = "1..*",
                paramLabel = "NUMBER",
                description = "The jobs' numbers, as 'send' and 'peek' show them.")
        private List<String> numbers = List.of();

        Cancel(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            boolean asJson = millrace.asJson();
            Consumed queue = new Consumed(Consumed.Kind.QUEUE, name);
            try (Api api = millrace.api()) {
                for (String number : numbers) {
                    String path = queue.path("jobs/" + Encoding.segment(number));
                    api.send(api.request(path).DELETE().build());
                    millrace.print(
                            asJson
                                    ? millrace.json()
                                            .write(
                                                    millrace.json()
                                                            .object()
                                                            .put("number", number)
                                                            .put("outcome", "cancelled"))
                                    : "Job " + number + " cancelled");
                }
            }
            return CommandFailure.OK;
        }
    }

    /// `millrace queues purge NAME`.
    @Command(
            name = "purge",
            description = "Throws all jobs away that are not leased, after asking.",
            footer = "  millrace queues purge orders --yes")
    static final class Purge implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "NAME", description = "The queue.")
        private String name = "";

        @Option(
                names = {"-y", "--yes"},
                description = "Do not ask.")
        private boolean yes;

        Purge(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() throws IOException {
            boolean asJson = millrace.asJson();
            String what = "Throw away all jobs in queue %s that are not leased".formatted(name);
            if (!yes && !Question.confirmed(millrace.surroundings().console(), what)) {
                millrace.notice("Nothing was thrown away.");
                return CommandFailure.FAILED;
            }
            GroupCommands commands = new GroupCommands(millrace, Consumed.Kind.QUEUE);
            JsonNode answer;
            try (Api api = millrace.api()) {
                String path = new Consumed(Consumed.Kind.QUEUE, name).path("purge");
                answer = commands.post(api, path, null).json(millrace.json());
            }
            if (asJson) {
                millrace.print(millrace.json().write(answer));
            } else {
                String count = Quantity.count(answer.path("purged").asLong(0));
                commands.outcome(name, "purged of " + count + " jobs");
            }
            return CommandFailure.OK;
        }
    }
}
