package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.DocumentReader;
import io.millrace.event.Bytes;
import io.millrace.group.Group;
import io.millrace.group.GroupCursor;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.log.Durability;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReader;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.shard.Partition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A changed durability holds from then on, for what is there and what comes.
final class DurabilityChangeTest {
    @TempDir Path data;
    private Broker broker;

    @BeforeEach
    void open() throws IOException {
        broker =
                new Broker(
                        data,
                        BrokerConfig.forProcessors(2),
                        new OpenGuard(),
                        new Broker.Ground(new FileDisk(), Clock.system(), new AgentThreads()));
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private void apply(String kind, String name, String fields) {
        String document = "{\"kind\":\"%s\",\"name\":\"%s\",%s}".formatted(kind, name, fields);
        broker.administration()
                .put(
                        Principal.LOCAL,
                        new ResourceReader()
                                .readOne(
                                        Bytes.utf8(document),
                                        DocumentReader.Format.JSON,
                                        kind,
                                        name),
                        Precondition.NONE);
    }

    /// Of the partitions of a stream or queue that a group has cursors on.
    private Durability[] durabilities(ResourceKind kind, String name, String stream) {
        Group group = Objects.requireNonNull(broker.group(kind, name));
        return group.cursors().stream()
                .map(GroupCursor::partition)
                .filter(partition -> partition.stream().equals(stream))
                .map(Partition::durability)
                .distinct()
                .toArray(Durability[]::new);
    }

    @Test
    void ofAQueue() {
        apply("Queue", "q", "\"durability\":\"buffered\"");
        assertThat(durabilities(ResourceKind.QUEUE, "q", "q")).containsExactly(Durability.BUFFERED);
        apply("Queue", "q", "\"durability\":\"synced\"");
        assertThat(durabilities(ResourceKind.QUEUE, "q", "q")).containsExactly(Durability.SYNCED);
    }

    @Test
    void ofAStream() {
        String mount = "\"mount\":\"/b\",\"partitions\":%d,\"durability\":\"%s\"";
        apply("Stream", "b", mount.formatted(1, "synced"));
        apply("Subscription", "s", "\"pattern\":\"/b/**\"");
        assertThat(durabilities(ResourceKind.SUBSCRIPTION, "s", "b"))
                .containsExactly(Durability.SYNCED);
        apply("Stream", "b", mount.formatted(2, "buffered"));
        assertThat(durabilities(ResourceKind.SUBSCRIPTION, "s", "b"))
                .containsExactly(Durability.BUFFERED);
    }
}
