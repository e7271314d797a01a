package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.process.SubCommand;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// What all commands have in common: help, usage errors, exit codes.
class MillraceTest {
    @Test
    void everyCommandHasHelpWithExamples() {
        List<List<String>> commands = new ArrayList<>(List.of(List.of()));
        collect(new Millrace(TestSurroundings.silent()).commandLine(), List.of(), commands);
        assertThat(commands).hasSizeGreaterThan(12);
        for (List<String> command : commands) {
            List<String> args = new ArrayList<>(command);
            args.add("--help");
            CommandRun run = new CommandRun().run(args.toArray(String[]::new));
            assertThat(run.exitCode()).as("%s", command).isZero();
            assertThat(run.out())
                    .as("%s", command)
                    .contains("Examples:", "--output", "--server", "--help")
                    .contains("  millrace " + String.join(" ", command));
            assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
        }
    }

    private static void collect(CommandLine line, List<String> path, List<List<String>> commands) {
        line.getSubcommands()
                .forEach((name, sub) -> {
                    List<String> below = new ArrayList<>(path);
                    below.add(name);
                    commands.add(below);
                    collect(sub, below, commands);
                });
    }

    @Test
    void onlyTheCommandThatIsAskedForIsBuilt() {
        Millrace millrace = new Millrace(TestSurroundings.silent());
        List<SubCommand> all = millrace.commands();
        List<String> names = all.stream().map(SubCommand::name).toList();
        assertThat(millrace.commandLine().getSubcommands().keySet())
                .containsExactlyElementsOf(names);
        assertThat(SubCommand.needed(all, "tail", "/a", "--server", "publish"))
                .extracting(SubCommand::name)
                .containsExactly("tail");
        assertThat(SubCommand.needed(all)).hasSameSizeAs(names);
        assertThat(SubCommand.needed(all, "--server", "tail", "publish")).hasSameSizeAs(names);
        assertThat(SubCommand.needed(all, "pubish")).hasSameSizeAs(names);
    }

    @Test
    void versionIsTheBuilds() {
        assertThat(new CommandRun().run("--version").out()).matches("millrace \\d+\\.\\d+.*\\R");
        assertThat(new CommandRun().run("get", "streams", "-V").out()).startsWith("millrace ");
    }

    @Test
    void wrongUsageIsTwo() {
        List<List<String>> wrong =
                List.of(
                        List.of(),
                        List.of("pubish"),
                        List.of("tail"),
                        List.of("tail", "/a", "--max", "0"),
                        List.of("tail", "/a", "--from"),
                        List.of("streams", "--output", "xml"),
                        List.of("streams", "--output", "yaml"),
                        List.of("streams", "--server", "localhost"),
                        List.of("get"),
                        List.of("delete"),
                        List.of("serve", "--port", "1"),
                        List.of("completion", "fish"),
                        List.of("publish", "/a"),
                        List.of("publish", "--type", "t"),
                        List.of("publish", "--file", "x", "--type", "t"));
        for (List<String> args : wrong) {
            CommandRun run = new CommandRun().run(args.toArray(String[]::new));
            assertThat(run.exitCode()).as("%s: %s", args, run.err()).isEqualTo(2);
            assertThat(run.err()).as("%s", args).contains("millrace: ");
            assertThat(run.out()).as("%s", args).isEmpty();
        }
    }

    @Test
    void unreachableServerIsThreeAndSaysWhatToDo() {
        int port;
        try (FakeServer server = new FakeServer()) {
            port = server.port();
        }
        for (String command : List.of("streams", "tail /a", "read events", "get stream x")) {
            CommandRun run =
                    new CommandRun()
                            .environment("MILLRACE_SERVER", "http://127.0.0.1:" + port)
                            .run(command.split(" "));
            assertThat(run.exitCode()).as(command).isEqualTo(3);
            assertThat(run.err())
                    .contains("127.0.0.1:" + port, "refused", "millrace serve", "--server");
        }
        CommandRun json =
                new CommandRun()
                        .run("streams", "--output", "json", "--server", "http://127.0.0.1:" + port);
        assertThat(json.err()).startsWith("{\"type\":").contains("millrace serve");
    }

    @Test
    void aForeignServerIsNoticed() {
        try (FakeServer server = new FakeServer()) {
            server.on(
                    "/api/v1/status",
                    FakeServer.answer(200, "text/html", "<html>", java.util.Map.of()));
            CommandRun run = CommandRun.at(server).run("streams");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("Is the server a Millrace?");
            server.on(
                    "/api/v1/status",
                    FakeServer.answer(
                            502, "text/html", "<b>bad\u001b[0m gateway", java.util.Map.of()));
            CommandRun proxy = CommandRun.at(server).run("streams");
            assertThat(proxy.exitCode()).isEqualTo(1);
            assertThat(proxy.err()).contains("HTTP 502", "bad\\u001b[0m gateway");
        }
    }

    @Test
    void coloursOnlyOnATerminalAndNotWithNoColor() {
        CommandRun terminal = new CommandRun().terminals(true, true, true);
        assertThat(terminal.run("nothing").err()).contains("\u001b[31m");
        assertThat(new CommandRun().run("nothing").err()).doesNotContain("\u001b");
        CommandRun plain =
                new CommandRun().terminals(true, true, true).environment("NO_COLOR", "1");
        assertThat(plain.run("nothing").err()).doesNotContain("\u001b");
        assertThat(plain.run("--help").out()).doesNotContain("\u001b");
        assertThat(terminal.run("--help").out()).contains("\u001b");
    }

    @Test
    void completionTeachesBothShells() {
        CommandRun bash = new CommandRun().run("completion", "bash");
        assertThat(bash.exitCode()).isZero();
        assertThat(bash.out()).contains("complete -F", "--partition-key", "--if-match");
        assertThat(new CommandRun().run("completion", "zsh").out()).contains("compinit");
    }
}
