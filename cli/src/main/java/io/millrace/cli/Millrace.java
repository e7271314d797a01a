package io.millrace.cli;

import io.millrace.cli.http.Api;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.process.SubCommand;
import io.millrace.cli.process.Surroundings;
import io.millrace.cli.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The `millrace` command itself: the options that every subcommand has, and the subcommands.
///
/// One instance runs one command line, on the calling thread.
@Command(
        name = "millrace",
        description = "Publishes, reads and follows events, and sets a Millrace server up.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpAutoWidth = true,
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace serve",
            "  millrace publish /org/contoso/room/4 --type reading --data '{\"celsius\":20.5}'",
            "  millrace tail '/org/contoso/**'",
            "  millrace subscribe '/org/**' --type 'io.contoso.fire.*'",
            "  millrace queues send orders '{\"id\":17}' --type order",
            "  millrace query 'SELECT type, COUNT(*) AS n FROM events GROUP BY type'",
            "  millrace replay readings.csv --context '/org/contoso/room/4' --dry-run",
            "",
            "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 server not reachable."
        })
public final class Millrace implements Runnable {
    private static final String DEFAULT_SERVER = "http://127.0.0.1:8080";

    private final Surroundings surroundings;
    private final Json json = new Json();

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--server",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = {
                "The server's address. Default: MILLRACE_SERVER, else",
                DEFAULT_SERVER + "."
            })
    private @Nullable String server;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            description =
                    "table (for people), json, with get yaml, with query csv. Default: table.")
    private OutputFormat output = OutputFormat.TABLE;

    public Millrace(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /// Runs a command line and returns its exit code.
    public int run(String... args) {
        CommandLine line = commandLine(SubCommand.needed(commands(), args));
        int exitCode = line.execute(args);
        surroundings.console().out().flush();
        surroundings.console().err().flush();
        return exitCode;
    }

    /// The whole grammar, wired.
    CommandLine commandLine() {
        return commandLine(commands());
    }

    private CommandLine commandLine(List<SubCommand> commands) {
        CommandLine line = new CommandLine(this);
        commands.stream().map(SubCommand::build).forEach(line::addSubcommand);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        // A value such as `@data.json` belongs to --data; picocli would read options from it.
        line.setExpandAtFiles(false);
        line.setUnmatchedOptionsAllowedAsOptionParameters(false);
        line.setOut(writer(surroundings.console().out()));
        line.setErr(writer(surroundings.console().err()));
        boolean colours = surroundings.outStyle().colours();
        line.setColorScheme(Help.defaultColorScheme(colours ? Help.Ansi.ON : Help.Ansi.OFF));
        line.getCommandSpec().version("millrace " + version());
        line.getSubcommands().values().forEach(this::inheritVersion);
        line.setParameterExceptionHandler((e, _) -> wrongUsage(e));
        line.setExecutionExceptionHandler((e, _, _) -> errors().report(e));
        return line;
    }

    /// All of them, in the order of the help.
    List<SubCommand> commands() {
        return List.of(
                new SubCommand("serve", () -> new ServeCommand(this)),
                new SubCommand("publish", () -> new PublishCommand(this)),
                new SubCommand("tail", () -> new TailCommand(this)),
                new SubCommand("latest", () -> new LatestCommand(this)),
                new SubCommand("read", () -> new ReadCommand(this)),
                new SubCommand("subscribe", () -> new SubscribeCommand(this)),
                new SubCommand("receive", () -> new ReceiveCommand(this)),
                new SubCommand("settle", () -> new SettleCommand(this)),
                new SubCommand("explain", () -> new ExplainCommand(this)),
                new SubCommand("streams", () -> new StreamsCommand(this)),
                new SubCommand("subscriptions", () -> SubscriptionsCommand.line(this)),
                new SubCommand("queues", () -> QueuesCommand.line(this)),
                new SubCommand("dead-letters", () -> DeadLettersCommand.line(this)),
                new SubCommand("schedules", () -> new SchedulesCommand(this)),
                new SubCommand("query", () -> new QueryCommand(this)),
                new SubCommand("queries", () -> QueriesCommand.line(this)),
                new SubCommand("schema", () -> SchemaCommand.line(this)),
                new SubCommand("views", () -> new ViewsCommand(this)),
                new SubCommand("view", () -> ViewCommand.line(this)),
                new SubCommand("apply", () -> new ApplyCommand(this)),
                new SubCommand("get", () -> GetCommand.line(this)),
                new SubCommand("delete", () -> DeleteCommand.line(this)),
                new SubCommand("replay", () -> new ReplayCommand(this)),
                new SubCommand("completion", () -> new CompletionCommand(this)));
    }

    private void inheritVersion(CommandLine line) {
        line.getCommandSpec().version("millrace " + version());
        line.getSubcommands().values().forEach(this::inheritVersion);
    }

    private static PrintWriter writer(java.io.PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private int wrongUsage(ParameterException e) {
        CommandLine line = e.getCommandLine();
        PrintWriter err = line.getErr();
        err.println(surroundings.errStyle().red("millrace: ") + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return CommandFailure.USAGE;
    }

    /// Without a subcommand there is nothing to do but to say what there is.
    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(
                    spec.commandLine(), "Which command? 'millrace --help' lists them.");
        }
    }

    /// Everything outside.
    Surroundings surroundings() {
        return surroundings;
    }

    /// Reads and writes JSON.
    Json json() {
        return json;
    }

    /// How failures are shown.
    ErrorReport errors() {
        return new ErrorReport(surroundings, output, json);
    }

    /// How the result is to be written.
    OutputFormat output() {
        return output;
    }

    /// Whether the result is to be written as JSON; YAML is refused.
    boolean asJson() {
        return switch (output) {
            case TABLE -> false;
            case JSON -> true;
            case YAML ->
                    throw CommandFailure.usage(
                            "--output yaml is for 'get' and 'schema' only; try json here.");
            case CSV ->
                    throw CommandFailure.usage("--output csv is for 'query' only; try json here.");
        };
    }

    /// The server's address.
    String server() {
        if (server != null) {
            return server;
        }
        String fromEnvironment = surroundings.environment().getOrDefault("MILLRACE_SERVER", "");
        return fromEnvironment.isEmpty() ? DEFAULT_SERVER : fromEnvironment;
    }

    /// Opens the server's API; the caller closes it.
    Api api() {
        return new Api(server(), json);
    }

    /// Writes a line of the result.
    void print(String line) {
        surroundings.console().out().println(line);
    }

    /// Writes a line that is not part of the result.
    void notice(String line) {
        surroundings.console().err().println(line);
    }

    /// Whether nobody reads the result any more, as after `| head`.
    boolean outputClosed() {
        return surroundings.console().out().checkError();
    }

    /// The version of this build.
    static String version() {
        Properties properties = new Properties();
        try (InputStream in = Millrace.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }
}
