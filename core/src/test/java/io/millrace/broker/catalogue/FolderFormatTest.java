package io.millrace.broker.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.FileDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FolderFormatTest {
    private final FolderFormat format = new FolderFormat(new FileDisk());
    @TempDir Path folder;

    @Test
    void aFolderWithoutANumberGetsOne() throws IOException {
        format.check(folder);
        assertThat(folder.resolve("format")).hasContent("1\n");
        format.check(folder);
        assertThat(new FileDisk().list(folder)).containsExactly("format");
    }

    @Test
    void aNewerFolderIsRefused() throws IOException {
        Files.writeString(folder.resolve("format"), "2\n");
        MillraceException e =
                catchThrowableOfType(MillraceException.class, () -> format.check(folder));
        assertThat(e.code()).isEqualTo(ErrorCode.DATA_FOLDER_TOO_NEW);
        assertThat(e)
                .hasMessageContaining("%s has format 2".formatted(folder))
                .hasMessageContaining("up to 1")
                .hasMessageContaining("Start the newer server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one", "0", "-1", "99999999999"})
    void whatIsNoNumberIsDamage(String text) throws IOException {
        Files.writeString(folder.resolve("format"), text);
        MillraceException e =
                catchThrowableOfType(MillraceException.class, () -> format.check(folder));
        assertThat(e.code()).isEqualTo(ErrorCode.PARTITION_CORRUPT);
        assertThat(e).hasMessageContaining(folder.resolve("format").toString());
    }
}
