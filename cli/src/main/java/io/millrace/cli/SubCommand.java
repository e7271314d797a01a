package io.millrace.cli;

import java.util.List;
import java.util.function.Supplier;

/// A command behind `millrace`, which is built when it is needed: its options are found by
/// reflection, and those of all of them take longer than most commands run.
///
/// @param command makes what picocli takes for a command
record SubCommand(String name, Supplier<Object> command) {
    /// All of them, in the order of the help.
    static List<SubCommand> all(Millrace millrace) {
        return List.of(
                new SubCommand("serve", () -> new ServeCommand(millrace)),
                new SubCommand("publish", () -> new PublishCommand(millrace)),
                new SubCommand("tail", () -> new TailCommand(millrace)),
                new SubCommand("latest", () -> new LatestCommand(millrace)),
                new SubCommand("read", () -> new ReadCommand(millrace)),
                new SubCommand("subscribe", () -> new SubscribeCommand(millrace)),
                new SubCommand("receive", () -> new ReceiveCommand(millrace)),
                new SubCommand("settle", () -> new SettleCommand(millrace)),
                new SubCommand("explain", () -> new ExplainCommand(millrace)),
                new SubCommand("streams", () -> new StreamsCommand(millrace)),
                new SubCommand("subscriptions", () -> SubscriptionsCommand.line(millrace)),
                new SubCommand("queues", () -> QueuesCommand.line(millrace)),
                new SubCommand("dead-letters", () -> DeadLettersCommand.line(millrace)),
                new SubCommand("schedules", () -> new SchedulesCommand(millrace)),
                new SubCommand("query", () -> new QueryCommand(millrace)),
                new SubCommand("queries", () -> QueriesCommand.line(millrace)),
                new SubCommand("schema", () -> SchemaCommand.line(millrace)),
                new SubCommand("views", () -> new ViewsCommand(millrace)),
                new SubCommand("view", () -> ViewCommand.line(millrace)),
                new SubCommand("apply", () -> new ApplyCommand(millrace)),
                new SubCommand("get", () -> GetCommand.line(millrace)),
                new SubCommand("delete", () -> DeleteCommand.line(millrace)),
                new SubCommand("replay", () -> new ReplayCommand(millrace)),
                new SubCommand("completion", () -> new CompletionCommand(millrace)));
    }

    /// Those that a command line can mean: the one that it begins with, or all, if it begins with
    /// none.
    static List<SubCommand> needed(Millrace millrace, String... args) {
        List<SubCommand> all = all(millrace);
        return all.stream()
                .filter(each -> args.length > 0 && each.name.equals(args[0]))
                .findFirst()
                .map(List::of)
                .orElse(all);
    }

    Object build() {
        return command.get();
    }
}
