package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.house.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the scripts say when they are asked or when something is missing; nothing is built here.
class ScriptsTest {
    private final Path checkout = Repository.root();

    @TempDir private Path folder = Path.of("");

    @Test
    void helpIsGiven() throws Exception {
        assertThat(run("./run --help"))
                .satisfies(outcome -> assertThat(outcome.exitCode()).isZero())
                .satisfies(outcome ->
                        assertThat(outcome.output())
                                .contains("--example NAME|none", "building-41", "--port N"));
        assertThat(run("./test --help").output()).contains("--fast", "--strict");
    }

    @Test
    void mistakesAreNamed() throws Exception {
        Map<String, String> mistakes = new TreeMap<>();
        mistakes.put("--bad", "there is no option --bad");
        mistakes.put("--port", "--port needs a value");
        mistakes.put("--port x", "--port: 'x' is not a port number");
        mistakes.put("--port 70000", "--port: must be from 1 to 65535");
        mistakes.put(
                "--example none-such", "there is no example 'none-such'; there are: building-41");
        mistakes.put("--example ../core", "there is no example '../core'");
        for (Map.Entry<String, String> mistake : mistakes.entrySet()) {
            SnippetRunner.Outcome outcome = run("./run " + mistake.getKey());
            assertThat(outcome.exitCode()).as(mistake.getKey()).isEqualTo(2);
            assertThat(outcome.output()).contains(mistake.getValue());
        }
        assertThat(run("./test --bad").exitCode()).isEqualTo(2);
    }

    @Test
    void theJdkIsTheOneThatIsSetIfItIsNewEnough() throws Exception {
        Path wanted = jdk("wanted", "27.0.1");
        assertThat(findJdk(wanted)).isEqualTo(wanted.toString());
    }

    @Test
    void aJdkThatIsTooOldIsPassedOver() throws Exception {
        Path old = jdk("old", "17.0.9");
        assertThat(findJdk(old)).isNotEqualTo(old.toString());
        assertThat(findJdk(jdk("older", "1.8.0_402"))).doesNotContain("older");
    }

    @Test
    void withoutMavenThereIsAClearMessage() throws Exception {
        SnippetRunner.Outcome outcome =
                runner().run(
                                load()
                                        + "PATH="
                                        + Files.createDirectory(folder.resolve("empty"))
                                        + "; need_maven");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("there is no mvn on the PATH", "apt-get install maven");
    }

    private String findJdk(Path javaHome) throws Exception {
        return runner().run(
                        "JAVA_HOME='" + javaHome + "'; " + load() + "find_jdk; echo \"$JAVA_HOME\"")
                .output()
                .strip();
    }

    private String load() {
        return "ROOT='" + checkout + "'; . \"$ROOT/bin/shell/toolchain.sh\"; ";
    }

    /// A folder that looks like a JDK.
    private Path jdk(String name, String version) throws Exception {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        for (String program : new String[] {"java", "javac"}) {
            Path file = Files.createFile(home.resolve("bin").resolve(program));
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private SnippetRunner.Outcome run(String command) throws Exception {
        return runner().run("cd '" + checkout + "' && " + command);
    }

    private SnippetRunner runner() {
        String nowhere = "http://127.0.0.1:1";
        return new SnippetRunner(
                checkout, folder, nowhere, nowhere, "127.0.0.1:1", 1, Duration.ofSeconds(30));
    }
}
