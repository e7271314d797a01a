package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.FileDisk;
import io.millrace.resource.Resource;
import io.millrace.resource.ResourceKind;
import io.millrace.security.Principal;
import io.millrace.simulator.PowerCut;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where the secrets of resources are, and where they are not.
final class SecretsTest {
    private static final String PUSH =
            "{kind: Subscription, name: a, pattern: /x/**,"
                    + " push: {url: 'https://hooks.example/in', timeout: %s, bearer: '%s'}}";

    @TempDir Path data;
    private ResourceMachine machine;

    @BeforeEach
    void start() throws IOException {
        machine = new ResourceMachine(new FileDisk(), data);
    }

    private static String secret(ResourceMachine machine) {
        Resource resource =
                machine.administration.get(Principal.LOCAL, ResourceKind.SUBSCRIPTION, "a");
        return Objects.requireNonNull(resource.secrets().get("push.bearer"));
    }

    private List<Path> filesWith(String text) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(data)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                if (Files.isRegularFile(path)
                        && Files.readString(path, StandardCharsets.ISO_8859_1).contains(text)) {
                    found.add(data.relativize(path));
                }
            }
        }
        return found;
    }

    @Test
    void aSecretIsInAFileThatNobodyElseReadsAndNowhereElse() throws IOException {
        machine.apply(PUSH.formatted("5s", "hush-1"));
        assertThat(filesWith("hush-1")).containsExactly(Path.of("secrets", "3"));
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(data.resolve("secrets/3"))))
                .isEqualTo("rw-------");
        assertThat(machine.shown(ResourceKind.SUBSCRIPTION, "a"))
                .contains("\"bearer\":\"***\"")
                .doesNotContain("hush-1");
        assertThat(machine.told().getLast().event().toString()).doesNotContain("hush-1");
        start();
        assertThat(secret(machine)).isEqualTo("hush-1");
    }

    @Test
    void starsKeepASecretAndAnotherReplacesIt() throws IOException {
        machine.apply(PUSH.formatted("5s", "hush-1"));
        ApplyResult kept = machine.apply(PUSH.formatted("6s", "***")).getFirst();
        assertThat(kept.diff()).hasToString("~ push.timeout: 5s -> 6s\n");
        assertThat(secret(machine)).isEqualTo("hush-1");
        assertThat(filesWith("hush-1")).containsExactly(Path.of("secrets", "3"));
        ApplyResult other = machine.apply(PUSH.formatted("6s", "hush-2")).getFirst();
        assertThat(other.outcome()).isEqualTo(ApplyResult.Outcome.CHANGED);
        assertThat(other.diff().toString()).doesNotContain("hush");
        assertThat(machine.apply(PUSH.formatted("6s", "hush-2")).getFirst().outcome())
                .isEqualTo(ApplyResult.Outcome.UNCHANGED);
        assertThat(filesWith("hush-1")).isEmpty();
        start();
        assertThat(secret(machine)).isEqualTo("hush-2");
        machine.delete(ResourceKind.SUBSCRIPTION, "a");
        assertThat(filesWith("hush")).isEmpty();
    }

    @Test
    void starsWithoutASecretAreAProblem() {
        MillraceException refused =
                catchThrowableOfType(
                        MillraceException.class, () -> machine.apply(PUSH.formatted("5s", "***")));
        assertThat(refused.problems().getFirst().field()).isEqualTo("push.bearer");
        assertThat(machine.names(ResourceKind.SUBSCRIPTION)).isEmpty();
    }

    @Test
    void aStartWithoutTheSecretsSaysWhatToDo() throws IOException {
        machine.apply(PUSH.formatted("5s", "hush-1"));
        Path file = data.resolve("secrets/3");
        for (String broken :
                List.of(
                        "{\"push.bearer\": \"hush-1\"",
                        "[]",
                        "{}",
                        "{\"a\":1}",
                        "{\"push.bearer\":\"a b\"}")) {
            Files.writeString(file, broken);
            refusesToStart();
        }
        Files.delete(file);
        refusesToStart();
        Files.writeString(file, "{\"push.bearer\": \"by-hand\"}");
        start();
        assertThat(secret(machine)).isEqualTo("by-hand");
    }

    private void refusesToStart() {
        MillraceException refused = catchThrowableOfType(MillraceException.class, this::start);
        assertThat(refused.code()).isEqualTo(ErrorCode.PARTITION_CORRUPT);
        assertThat(refused.getMessage())
                .contains("secrets/3", "subscription a", "Restore")
                .doesNotContain("hush-1");
    }

    @Test
    void filesThatNobodyNeedsGoAtTheNextStart() throws IOException {
        machine.apply(PUSH.formatted("5s", "hush-1"));
        Files.writeString(data.resolve("secrets/77"), "{}");
        start();
        assertThat(data.resolve("secrets/77")).doesNotExist();
        assertThat(data.resolve("secrets/3")).exists();
        machine.apply("{kind: Queue, name: q}");
        assertThat(machine.calls).contains("created q.78");
    }

    /// Wherever the power goes off, the document and its secret are of one time.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aCrashLeavesTheOldSecretOrTheNewOne(long seed) throws IOException {
        for (int calls = 0; calls < 40; calls++) {
            SimulatedDisk disk = new SimulatedDisk(new Random(seed * 100 + calls));
            Path folder = Path.of("/data");
            ResourceMachine first = new ResourceMachine(disk, folder);
            first.apply(PUSH.formatted("5s", "hush-1"));
            boolean answered = false;
            disk.cutPower(calls);
            try {
                first.apply(PUSH.formatted("6s", "hush-2"));
                answered = true;
            } catch (PowerCut _) {
                // It is not known whether the change was made.
            }
            disk.cutPower(-1);
            disk.crash();
            ResourceMachine second = new ResourceMachine(disk, folder);
            boolean isNew =
                    String.valueOf(second.shown(ResourceKind.SUBSCRIPTION, "a")).contains("6s");
            assertThat(secret(second))
                    .as("seed %d, power cut after %d calls", seed, calls)
                    .isEqualTo(isNew ? "hush-2" : "hush-1");
            assertThat(isNew || !answered).isTrue();
            assertThat(disk.list(folder.resolve("secrets"))).hasSize(1);
        }
    }

    @Test
    void whatHoldsSecretsDoesNotShowThem() {
        machine.apply(PUSH.formatted("5s", "hush-1"));
        Resource resource =
                machine.administration.get(Principal.LOCAL, ResourceKind.SUBSCRIPTION, "a");
        assertThat(resource.toString()).doesNotContain("hush-1");
        assertThat(resource.secrets()).isEqualTo(Map.of("push.bearer", "hush-1"));
    }
}
