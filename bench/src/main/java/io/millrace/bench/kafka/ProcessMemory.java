package io.millrace.bench.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What `/proc` says of a process's memory.
public final class ProcessMemory {
    private static final long KIB = 1024;
    private static final long MEGABYTE = 1_000_000;

    private ProcessMemory() {}

    public static long residentMegabytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * KIB / MEGABYTE;
            }
        }
        throw new IOException("no VmRSS for process " + pid);
    }
}
