package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.house.Repository;
import io.millrace.house.SourceText;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every document's commands are run in their order against a server of its own, and give the
/// output that the document shows.
@Tag("slow")
final class DocsLiveTest {
    /// The first query of a server loads the query engine, which takes a while on a busy machine.
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /// Not everybody has them; pages that need them are left out then.
    private static final List<String> PROGRAMS = List.of("kcat", "mosquitto_pub", "mosquitto_sub");

    private static final int AT_A_TIME = 3;

    @TempDir Path folder;

    /// Pages wait for what goes on in the background more than they compute.
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);

    @TestFactory
    Stream<DynamicTest> everyDocumentShowsWhatHappens() throws IOException {
        List<DocsSnippets.Page> pages =
                Repository.here().files().stream()
                        .filter(SourceText::isMarkdown)
                        .map(file -> DocsSnippets.page(file.path(), file.text()))
                        .filter(page -> !page.snippets().isEmpty())
                        .toList();
        assertThat(pages).hasSizeGreaterThan(7);
        // Some pages only: -Ddocs.page='windows|join'
        Pattern only = Pattern.compile(System.getProperty("docs.page", ""));
        Path programs = commandLine(folder);
        List<Running> running =
                pages.stream()
                        .filter(page -> only.matcher(page.file()).find())
                        .map(page -> new Running(page, start(page, programs)))
                        .toList();
        return running.stream()
                .map(each ->
                        DynamicTest.dynamicTest(
                                each.page.file(),
                                () -> {
                                    assumeThat(canRun(each.page)).as("kcat is there").isTrue();
                                    assertThat(each.mistakes.get()).isEmpty();
                                }));
    }

    private record Running(DocsSnippets.Page page, Future<List<String>> mistakes) {}

    private Future<List<String>> start(DocsSnippets.Page page, Path programs) {
        return threads.submit(() -> canRun(page) ? run(page, programs) : List.of());
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private List<String> run(DocsSnippets.Page page, Path programs) throws Exception {
        Path home = Files.createDirectories(folder.resolve(page.file().replaceAll("[/.]", "-")));
        Path work = Files.createDirectory(home.resolve("work"));
        Path examples =
                Files.createSymbolicLink(
                        work.resolve("examples"),
                        Repository.root().resolve("examples").toAbsolutePath());
        List<String> mistakes = new ArrayList<>();
        String config = configuration(page, home).toString();
        String kafka = Integer.toString(freePort());
        int mqtt = freePort();
        try (ServerProcess server =
                        ServerProcess.start(
                                home.resolve("data"),
                                "--config",
                                config,
                                "--kafka-port",
                                kafka,
                                "--mqtt-port",
                                Integer.toString(mqtt));
                ExampleProcess _ = ExampleProcess.start(page.example(), server.address())) {
            SnippetRunner runner =
                    new SnippetRunner(
                            programs,
                            work,
                            server.address().toString(),
                            "http://127.0.0.1:" + freePort(),
                            "127.0.0.1:" + kafka,
                            mqtt,
                            PATIENCE);
            for (DocsSnippets.Snippet snippet : page.snippets()) {
                try {
                    runner.check(snippet);
                } catch (AssertionError e) {
                    mistakes.add(String.valueOf(e.getMessage()));
                }
            }
        }
        Files.delete(examples);
        return mistakes;
    }

    private static boolean canRun(DocsSnippets.Page page) {
        return PROGRAMS.stream()
                .allMatch(program -> isInstalled(program) || !mentions(page, program + " "));
    }

    private static boolean mentions(DocsSnippets.Page page, String program) {
        return page.snippets().stream().anyMatch(snippet -> snippet.command().contains(program));
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// As `./run` has it: what lies beside the example. Documents without one may push to this
    /// machine, too.
    private static Path configuration(DocsSnippets.Page page, Path home) throws IOException {
        return page.example() == null
                ? Files.writeString(home.resolve("millrace.yaml"), "sinks: {allow: [127.0.0.1]}\n")
                : Repository.root().resolve("examples/" + page.example() + "/millrace.yaml");
    }

    /// Makes a `millrace` of the classes under test. The one of the checkout would build them again
    /// under the feet of the build that runs this test.
    private static Path commandLine(Path home) throws IOException {
        Path programs = Files.createDirectory(home.resolve("bin"));
        Path program =
                Files.writeString(
                        programs.resolve("millrace"),
                        """
                        #!/bin/sh
                        exec %s "$@"
                        """
                                .formatted(quoted(new JavaCommand("io.millrace.cli.Main"))));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return programs;
    }

    private static String quoted(JavaCommand java) {
        return java.with().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }
}
