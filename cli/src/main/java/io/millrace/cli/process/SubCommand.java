package io.millrace.cli.process;

import java.util.List;
import java.util.function.Supplier;

/// A command behind `millrace`, which is built when it is needed: its options are found by
/// reflection, and those of all of them take longer than most commands run.
///
/// @param command makes what picocli takes for a command
public record SubCommand(String name, Supplier<Object> command) {
    /// Those that a command line can mean: the one that it begins with, or all, if it begins with
    /// none.
    public static List<SubCommand> needed(List<SubCommand> all, String... args) {
        return all.stream()
                .filter(each -> args.length > 0 && each.name.equals(args[0]))
                .findFirst()
                .map(List::of)
                .orElse(all);
    }

    public Object build() {
        return command.get();
    }
}
