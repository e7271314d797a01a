package io.millrace.cli;

import io.millrace.cli.consume.Consumed;
import io.millrace.cli.consume.StatusTables;
import io.millrace.cli.http.Api;
import io.millrace.cli.process.CommandFailure;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `millrace subscriptions`: how they are doing, and what can be done with them.
@Command(
        name = "subscriptions",
        description = {
            "Lists the subscriptions.",
            "LAG is how many events are pending or not read yet, AGE how long the oldest of them "
                    + "has waited, "
                    + "RATE what is settled a second, DEAD what is with the dead letters."
        },
        footer = {
            "  millrace subscriptions",
            "  millrace subscriptions show alarms",
            "  millrace subscriptions seek alarms 2026-03-01T10:00:00Z",
        })
final class SubscriptionsCommand implements Callable<Integer> {
    private final Millrace millrace;

    private SubscriptionsCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    static CommandLine line(Millrace millrace) {
        return new CommandLine(new SubscriptionsCommand(millrace))
                .addSubcommand(new Show(millrace))
                .addSubcommand(new Pause(millrace))
                .addSubcommand(new Resume(millrace))
                .addSubcommand(new Seek(millrace));
    }

    @Override
    public Integer call() {
        return new GroupCommands(millrace, Consumed.Kind.SUBSCRIPTION)
                .list(StatusTables::subscriptions);
    }

    /// `millrace subscriptions show NAME`.
    @Command(
            name = "show",
            description = "Shows everything about how a subscription is doing.",
            footer = "  millrace subscriptions show alarms")
    static final class Show implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "NAME", description = "The subscription.")
        private String name = "";

        Show(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            return new GroupCommands(millrace, Consumed.Kind.SUBSCRIPTION).show(name);
        }
    }

    /// `millrace subscriptions pause NAME...`.
    @Command(
            name = "pause",
            description = "Delivers nothing more; leases that were given can still be settled.",
            footer = "  millrace subscriptions pause alarms")
    static final class Pause implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "NAME", arity = "1..*", description = "The subscriptions.")
        private List<String> names = List.of();

        Pause(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            return new GroupCommands(millrace, Consumed.Kind.SUBSCRIPTION)
                    .each(names, "pause", "paused");
        }
    }

    /// `millrace subscriptions resume NAME...`.
    @Command(
            name = "resume",
            description = "Goes on after a pause, or after a sink had been found gone.",
            footer = "  millrace subscriptions resume alarms")
    static final class Resume implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "NAME", arity = "1..*", description = "The subscriptions.")
        private List<String> names = List.of();

        Resume(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            return new GroupCommands(millrace, Consumed.Kind.SUBSCRIPTION)
                    .each(names, "resume", "resumed");
        }
    }

    /// `millrace subscriptions seek NAME WHERE`.
    @Command(
            name = "seek",
            description = {
                "Goes on reading somewhere else.",
                "What is leased or waiting is forgotten, and the ledger begins anew."
            },
            footer = {
                "  millrace subscriptions seek alarms earliest",
                "  millrace subscriptions seek alarms 2026-03-01T10:00:00Z",
            })
    static final class Seek implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(index = "0", paramLabel = "NAME", description = "The subscription.")
        private String name = "";

        @Parameters(
                index = "1",
                paramLabel = "WHERE",
                description = "earliest, latest, a time, or a position as 'tail' gives it.")
        private String where = "";

        Seek(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            Consumed subscription = new Consumed(Consumed.Kind.SUBSCRIPTION, name);
            GroupCommands commands = new GroupCommands(millrace, Consumed.Kind.SUBSCRIPTION);
            try (Api api = millrace.api()) {
                commands.post(
                        api, subscription.path("seek"), millrace.json().object().put("to", where));
            }
            commands.outcome(name, "goes on at " + where);
            return CommandFailure.OK;
        }
    }
}
