package io.millrace.log;

import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// The contract on files of this machine.
final class FileProducedTest extends ProducedContract {
    @TempDir Path folder;

    @Override
    protected Log open(LogConfig config) throws IOException {
        return new FileLogs(new FileDisk(), Clock.system()).open(folder.resolve("0"), config).log();
    }
}
