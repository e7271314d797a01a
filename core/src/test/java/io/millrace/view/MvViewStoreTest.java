package io.millrace.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MvViewStoreTest extends ViewStoreContract {
    @TempDir Path folder;

    @Override
    protected ViewStore open() {
        return MvViewStore.open(folder.resolve("1.view"));
    }

    @Test
    void aFileThatIsNoTableIsAnErrorOfTheView() throws Exception {
        Path file = folder.resolve("other.view");
        Files.writeString(file, "x".repeat(20_000));
        MillraceException problem =
                catchThrowableOfType(MillraceException.class, () -> MvViewStore.open(file));
        assertThat(problem.code()).isEqualTo(ErrorCode.VIEW_FAILED);
    }
}
