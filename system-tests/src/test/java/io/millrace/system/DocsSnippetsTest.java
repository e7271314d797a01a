package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.house.Repository;
import io.millrace.house.SourceText;
import io.millrace.system.DocsSnippets.Snippet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocsSnippetsTest {
    @TempDir private Path folder = Path.of("");

    @Test
    void commandsAreFoundWithTheirOutputs() {
        List<Snippet> snippets =
                DocsSnippets.of(
                        "a.md",
                        """
                        # A
                        ```sh run
                        echo 1
                        ```
                        ```text output
                        1
                        ```
                        <!-- not run: it is wrong -->
                        ```sh
                        not this
                        ```
                        ```sh run
                        echo 2 \\
                            3
                        ```
                            ```sh run
                            an example
                            ```
                        """);
        assertThat(snippets)
                .containsExactly(
                        new Snippet("a.md", 2, "echo 1", OutputPattern.of("1")),
                        new Snippet("a.md", 12, "echo 2 \\\n    3", null));
    }

    @Test
    void commentsSayWhatReadersNeedNotSee() {
        DocsSnippets.Page page =
                DocsSnippets.page(
                        "a.md",
                        """
                        <!-- example: house -->
                        <!-- any comment -->
                        <!-- file: a.csv -->
                        ```csv
                        1,2
                        ```
                        <!-- run: mkdir x
                        mkdir y -->
                        ```sh run
                        cat a.csv
                        ```
                        <!-- pattern:
                        …,2 -->
                        ```text output
                        1,2
                        ```
                        """);
        assertThat(page.example()).isEqualTo("house");
        assertThat(page.snippets())
                .containsExactly(
                        new Snippet(
                                "a.md", 4, "cat > a.csv << 'END_OF_FILE'\n1,2\nEND_OF_FILE", null),
                        new Snippet("a.md", 7, "mkdir x\nmkdir y", null),
                        new Snippet("a.md", 9, "cat a.csv", OutputPattern.of("…,2")));
    }

    @Test
    void sessionsAreTakenApart() {
        assertThat(
                        DocsSnippets.of(
                                "a.md",
                                """
                                ```console run
                                $ echo 1 \\
                                    2
                                1 2
                                $ true
                                ```
                                """))
                .containsExactly(
                        new Snippet("a.md", 2, "echo 1 \\\n    2", OutputPattern.of("1 2")),
                        new Snippet("a.md", 5, "true", null));
    }

    @Test
    void brokenDocumentsAreRefused() {
        assertThatThrownBy(() -> DocsSnippets.of("a.md", "\n```console\n$ x\n```\n"))
                .hasMessage("a.md:2: commands that are neither run nor marked as not run");
        assertThatThrownBy(() -> DocsSnippets.of("a.md", "```\ncurl x\n```\n"))
                .hasMessage("a.md:1: commands that are neither run nor marked as not run");
        assertThatThrownBy(() -> DocsSnippets.of("a.md", "<!-- pattern: x -->\n"))
                .hasMessage("a.md:1: no fence follows this comment");
        assertThatThrownBy(() ->
                        DocsSnippets.of(
                                "a.md",
                                """
                                ```sh run
                                echo 2
                                ```
                                <!-- pattern: 1 -->
                                ```text output
                                2
                                ```
                                """))
                .hasMessageContaining("a.md:5: not as the pattern says: line 1: promised: 1");
        assertThatThrownBy(() -> DocsSnippets.of("a.md", "```text output\n1\n```\n"))
                .hasMessage("a.md:1: an output without a command before it");
        assertThatThrownBy(() -> DocsSnippets.of("a.md", "x\n```sh run\necho\n"))
                .hasMessage("a.md:2: the fence is not closed");
    }

    @Test
    void patterns() {
        assertMatches("a\nb", "a\nb\n");
        assertMatches("{\"offset\":…}", "{\"offset\":12}");
        assertMatches("a\n…\nz", "a\nb\nc\nz");
        assertMatches("a\n…", "a");
        assertMatches("…", "");
        assertMatches("2026-01-02 03:04:05.678 /a", "2027-11-12 13:14:15.1 /a");
        assertMatches("in 0.9s (3 rows/s)", "in 12.5s (1,234 rows/s)");
        assertMismatch("2026-01-02 03:04:05 /a", "now /a", "found: now /a");
        assertMismatch("a", "a\nb", "line 2: promised: the end");
        assertMismatch("a\nb", "a", "found: the end");
        assertMismatch("a.c", "abc", "line 1: promised: a.c");
        assertMismatch("…x", "y", "promised: …x");
    }

    private static void assertMatches(String pattern, String output) {
        assertThat(OutputPattern.of(pattern).mismatch(output)).isEmpty();
    }

    private static void assertMismatch(String pattern, String output, String part) {
        assertThat(OutputPattern.of(pattern).mismatch(output))
                .hasValueSatisfying(mismatch -> assertThat(mismatch).contains(part));
    }

    @Test
    void theRunnerPutsTheServersAddress() throws Exception {
        SnippetRunner runner = runner(Duration.ofSeconds(30));
        runner.check(snippet("test http://127.0.0.1:8080 = $MILLRACE_SERVER", ""));
        runner.check(snippet("echo $MILLRACE_SERVER", "http://127.0.0.1:8080"));
        runner.check(snippet("test http://127.0.0.1:9000 != http://127.0.0.1:$((9000))", ""));
        runner.check(snippet("echo http://127.0.0.1:4712", "http://127.0.0.1:9000"));
        runner.check(snippet("echo a > b; cat b", "a"));
    }

    @Test
    void theRunnerFindsWhatIsNotAsPromised() {
        SnippetRunner runner = runner(Duration.ofSeconds(30));
        assertThatThrownBy(() -> runner.check(snippet("echo 1", "2")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a.md:7: line 1: promised: 2");
        assertThatThrownBy(() -> runner.check(snippet("exit 3", "…")))
                .hasMessageContaining("a.md:7: exit code 3");
        assertThatThrownBy(() -> runner(Duration.ofMillis(200)).check(snippet("sleep 60", "")))
                .hasMessageContaining("did not end within");
    }

    @Test
    void theDocumentsOfThisRepositoryCanBeRead() {
        List<Snippet> snippets =
                Repository.here().files().stream()
                        .filter(SourceText::isMarkdown)
                        .flatMap(file -> DocsSnippets.of(file.path(), file.text()).stream())
                        .toList();
        assertThat(snippets).hasSizeGreaterThan(10);
    }

    private SnippetRunner runner(Duration patience) {
        return new SnippetRunner(
                Repository.root(),
                folder,
                "http://127.0.0.1:4711",
                "http://127.0.0.1:4712",
                "127.0.0.1:4713",
                4714,
                patience);
    }

    private static Snippet snippet(String command, String output) {
        return new Snippet("a.md", 7, command, OutputPattern.of(output));
    }
}
