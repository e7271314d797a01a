package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.io.FileDisk;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContextSnapshotTest {
    private static final Map<String, ContextSnapshot.Covered> STREAMS =
            Map.of("s", new ContextSnapshot.Covered(3, new long[] {7, 9}));

    @TempDir Path folder;

    private static ContextNode.Place place(String stream, long offset) {
        return new ContextNode.Place(new Receipt(stream, 1, offset), 1000 + offset);
    }

    private ContextSnapshot read() throws IOException {
        return Objects.requireNonNull(ContextSnapshot.read(new FileDisk(), folder));
    }

    @Test
    void whatIsRetainedSurvives() throws IOException {
        List<ContextSnapshot.Entry> entries =
                List.of(
                        new ContextSnapshot.Entry("/same", place("s", 1)),
                        new ContextSnapshot.Entry("/older", place("s", 2), place("s", 1), null),
                        new ContextSnapshot.Entry("/cleared", place("s", 5), null, place("s", 4)),
                        new ContextSnapshot.Entry("/passed", place("s", 6), null, null));
        ContextSnapshot snapshot = new ContextSnapshot(STREAMS, entries);
        snapshot.write(new FileDisk(), folder);
        assertThat(read()).isEqualTo(snapshot);
    }

    @Test
    void eventsOfStreamsThatAreGoneAreLeftOut() throws IOException {
        new ContextSnapshot(
                        STREAMS,
                        List.of(
                                new ContextSnapshot.Entry("/all", place("gone", 1)),
                                new ContextSnapshot.Entry(
                                        "/new", place("gone", 2), place("s", 1), null),
                                new ContextSnapshot.Entry(
                                        "/old", place("s", 2), place("gone", 1), null)))
                .write(new FileDisk(), folder);
        assertThat(read().entries())
                .containsExactly(
                        new ContextSnapshot.Entry("/new", place("s", 1)),
                        new ContextSnapshot.Entry("/old", place("s", 2), null, null));
    }

    @Test
    void aFileFromBeforeEventsCouldPassByIsRead() throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(content);
        out.writeInt(1);
        out.writeUTF("s");
        out.writeInt(3);
        out.writeInt(2);
        out.writeLong(7);
        out.writeLong(9);
        for (long offset = 0; offset < 2; offset++) {
            out.writeInt(0);
            out.writeInt(1);
            out.writeLong(offset);
            out.writeLong(1000 + offset);
            out.writeUTF("/" + offset);
        }
        out.writeInt(-1);
        CRC32C crc = new CRC32C();
        crc.update(content.toByteArray());
        ByteBuffer file = ByteBuffer.allocate(12 + content.size());
        file.putInt(0x4D524358).putInt(content.size()).putInt((int) crc.getValue());
        file.put(content.toByteArray());
        Files.write(folder.resolve(ContextSnapshot.FILE), file.array());
        assertThat(read())
                .isEqualTo(
                        new ContextSnapshot(
                                STREAMS,
                                List.of(
                                        new ContextSnapshot.Entry("/0", place("s", 0)),
                                        new ContextSnapshot.Entry("/1", place("s", 1)))));
    }
}
