package io.millrace.query.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/// Splits as they stand in checkpoints. Stateless.
final class SplitSerializer implements SimpleVersionedSerializer<PartitionSplit> {
    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(PartitionSplit split) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF(split.feed());
        out.writeLong(split.offset());
        out.writeLong(split.endOffset());
        EventClock.State clock = split.clock();
        out.writeBoolean(clock != null);
        if (clock != null) {
            out.writeLong(clock.latest());
            out.writeLong(clock.latestRecorded());
            out.writeLong(clock.lastRecorded());
            out.writeLong(clock.watermark());
        }
        PartitionSplit.Tally tally = split.tally();
        out.writeLong(tally.counted());
        out.writeLong(tally.corrected());
        out.writeLong(tally.late());
        out.writeLong(tally.invalid());
        return bytes.toByteArray();
    }

    @Override
    public PartitionSplit deserialize(int version, byte[] bytes) throws IOException {
        if (version != VERSION) {
            throw new IOException("splits of version " + version + " are not known");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        String feed = in.readUTF();
        long offset = in.readLong();
        long end = in.readLong();
        EventClock.State clock =
                in.readBoolean()
                        ? new EventClock.State(
                                in.readLong(), in.readLong(), in.readLong(), in.readLong())
                        : null;
        PartitionSplit.Tally tally =
                new PartitionSplit.Tally(
                        in.readLong(), in.readLong(), in.readLong(), in.readLong());
        return new PartitionSplit(feed, offset, end, clock, tally);
    }
}
