package io.millrace.broker.stream;

import io.millrace.log.LogState;
import io.millrace.shard.Partition;
import io.millrace.stream.Mounts;
import io.millrace.stream.Stream;
import java.util.ArrayList;
import java.util.List;

/// What is wrong with partitions, in words.
public final class PartitionHealth {
    private PartitionHealth() {}

    /// Partitions that take no more events, with their reasons.
    public static List<String> failures(Mounts mounts) {
        List<String> failures = new ArrayList<>();
        for (Stream stream : mounts.all()) {
            for (Partition partition : stream.partitions()) {
                if (partition.log().state() instanceof LogState.Failed(String reason)) {
                    failures.add(partition + ": " + reason);
                }
            }
        }
        return failures;
    }

    /// Stored events that somebody has tried to read in vain.
    public static List<String> damages(Mounts mounts) {
        List<String> damages = new ArrayList<>();
        for (Stream stream : mounts.all()) {
            for (Partition partition : stream.partitions()) {
                partition
                        .damages()
                        .forEach(damage -> damages.add(partition + ": " + damage.detail()));
            }
        }
        return damages;
    }
}
