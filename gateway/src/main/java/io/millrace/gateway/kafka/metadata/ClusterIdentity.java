package io.millrace.gateway.kafka.metadata;

import io.millrace.broker.DurableTable;
import io.millrace.broker.DurableTable.Change;
import io.millrace.event.Bytes;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;

/// The id of the cluster, made up once and kept.
public final class ClusterIdentity {
    private static final String KEY = "cluster.id";

    private ClusterIdentity() {}

    /// Reads the id, or makes one. Waits for the disk.
    public static String of(DurableTable table, RandomGenerator random) {
        AtomicReference<String> known = new AtomicReference<>("");
        table.forEach((key, value) -> {
            if (key.equals(KEY)) {
                known.set(value.toUtf8());
            }
        });
        if (!known.get().isEmpty()) {
            return known.get();
        }
        String made;
        do {
            made = new Uuid(random.nextLong(), random.nextLong()).toString();
            // Some of Kafka's tools would take it for an option.
        } while (made.startsWith("-"));
        table.write(List.of(new Change(KEY, Bytes.utf8(made)))).join();
        return made;
    }
}
