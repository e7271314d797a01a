package io.millrace.log;

import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/// The contract on the simulated disk.
final class SimulatedProducedTest extends ProducedContract {
    private final SimulatedDisk disk = new SimulatedDisk(new Random(1));

    @Override
    protected Log open(LogConfig config) throws IOException {
        return new FileLogs(disk, new SimulatedClock()).open(Path.of("/data/0"), config).log();
    }
}
