package io.millrace.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FolderLockTest {
    @TempDir Path folder;

    private static MillraceException refused(Path folder) {
        MillraceException e =
                catchThrowableOfType(
                        MillraceException.class, () -> FolderLock.acquire(folder).close());
        assertThat(e.code()).isEqualTo(ErrorCode.DATA_FOLDER_IN_USE);
        return e;
    }

    @Test
    void aFolderThatIsNotThereIsCreatedAndTheOwnerNamed() throws IOException {
        Path data = folder.resolve("a/b");
        try (FolderLock _ = FolderLock.acquire(data)) {
            assertThat(data.resolve("lock"))
                    .hasContent(Long.toString(ProcessHandle.current().pid()));
        }
    }

    @Test
    void aSecondOneInTheSameProcessIsRefused() throws IOException {
        try (FolderLock _ = FolderLock.acquire(folder)) {
            assertThat(refused(folder))
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("(process %d)".formatted(ProcessHandle.current().pid()));
        }
    }

    @Test
    void whoClosesMakesWayForTheNext() throws IOException {
        FolderLock.acquire(folder).close();
        try (FolderLock again = FolderLock.acquire(folder)) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void whatAnEarlierOwnerLeftBehindIsNoLock() throws IOException {
        Files.writeString(folder.resolve("lock"), "4194304000");
        FolderLock.acquire(folder).close();
        assertThat(folder.resolve("lock")).hasContent(Long.toString(ProcessHandle.current().pid()));
    }

    @Test
    void anotherProcessHoldsItUntilItDies() throws Exception {
        Process other = holder(folder);
        try {
            assertThat(refused(folder))
                    .hasMessageContaining("(process %d)".formatted(other.pid()))
                    .hasMessageContaining("Stop it, or choose another folder");
        } finally {
            other.destroyForcibly().waitFor();
        }
        FolderLock.acquire(folder).close();
    }

    @Test
    void aFileInPlaceOfTheFolderIsNoFolder() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> FolderLock.acquire(file).close()).isInstanceOf(IOException.class);
    }

    /// A process that has taken the folder.
    private static Process holder(Path folder) throws IOException {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Holder.class.getName(),
                                        folder.toString()))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        assertThat(Objects.requireNonNull(process.inputReader().readLine())).isEqualTo("held");
        return process;
    }

    /// Takes a folder and keeps it until its input ends.
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            try (FolderLock _ = FolderLock.acquire(Path.of(arguments[0]))) {
                System.out.println("held");
                int end = System.in.read();
                System.out.println(end);
            }
        }
    }
}
