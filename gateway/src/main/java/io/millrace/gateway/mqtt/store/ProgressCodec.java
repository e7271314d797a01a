package io.millrace.gateway.mqtt.store;

import io.millrace.event.Bytes;
import io.millrace.gateway.mqtt.session.ClientSession;
import io.millrace.gateway.mqtt.session.Outflow.Sent;
import io.millrace.gateway.mqtt.session.Outflow.Stage;
import io.millrace.gateway.mqtt.session.Received;
import io.millrace.stream.PartitionName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How far a session has come, as a row: its places in the log, what is under way to the client,
/// and what of the client's QoS 2 messages is not released. Stateless.
///
/// Everything below the places that is not under way is done.
final class ProgressCodec {
    private static final int VERSION = 1;

    private ProgressCodec() {}

    static Bytes encode(ClientSession session, Map<PartitionName, Long> places) {
        List<Sent> sent = session.outflow().inOrder();
        Map<PartitionName, Integer> numbers = new LinkedHashMap<>();
        places.keySet().forEach(each -> numbers.putIfAbsent(each, numbers.size()));
        for (Sent each : sent) {
            numbers.putIfAbsent(each.partition(), numbers.size());
        }
        for (Received.Entry each : session.received().all()) {
            if (each.partition() != null) {
                numbers.putIfAbsent(each.partition(), numbers.size());
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(numbers.size());
            for (PartitionName each : numbers.keySet()) {
                out.writeUTF(each.stream());
                out.writeUTF(each.streamId());
                out.writeInt(each.number());
                out.writeLong(places.getOrDefault(each, -1L));
            }
            out.writeShort(session.outflow().lastIdentifier());
            out.writeInt(sent.size());
            for (Sent each : sent) {
                out.writeShort(each.identifier());
                out.writeInt(numbers.getOrDefault(each.partition(), 0));
                out.writeLong(each.offset());
                out.writeByte(each.qos());
                out.writeBoolean(each.isRetained());
                out.writeUTF(each.stage().name());
            }
            write(out, session.received(), numbers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Bytes.wrap(bytes.toByteArray());
    }

    private static void write(
            DataOutputStream out, Received received, Map<PartitionName, Integer> numbers)
            throws IOException {
        out.writeLong(received.lastNumber());
        out.writeInt(received.all().size());
        for (Received.Entry each : received.all()) {
            PartitionName partition = each.partition();
            out.writeShort(each.identifier());
            out.writeLong(each.number());
            out.writeInt(partition == null ? -1 : numbers.getOrDefault(partition, 0));
            out.writeLong(each.fromOffset());
            out.writeBoolean(each.isRecorded());
        }
    }

    /// Brings a session to where it was.
    static void decode(ClientSession session, Bytes row) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(row.toArray()))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IOException("a session's progress of the version " + version);
            }
            List<PartitionName> partitions = new ArrayList<>();
            Map<PartitionName, Long> places = new HashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                PartitionName partition =
                        new PartitionName(in.readUTF(), in.readUTF(), in.readInt());
                partitions.add(partition);
                long offset = in.readLong();
                if (offset >= 0) {
                    places.put(partition, offset);
                }
            }
            session.places(places);
            int last = in.readUnsignedShort();
            for (int left = in.readInt(); left > 0; left--) {
                session.outflow()
                        .restore(
                                in.readUnsignedShort(),
                                partitions.get(in.readInt()),
                                in.readLong(),
                                in.readByte(),
                                in.readBoolean(),
                                stage(in.readUTF()));
            }
            session.outflow().restoreLast(last);
            read(in, session.received(), partitions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stage stage(String name) {
        // That it was written down before it was sent is what this row says.
        Stage stage = Stage.valueOf(name);
        return stage == Stage.NOTED ? Stage.SENT : stage;
    }

    private static void read(DataInputStream in, Received received, List<PartitionName> partitions)
            throws IOException {
        long last = in.readLong();
        for (int left = in.readInt(); left > 0; left--) {
            int identifier = in.readUnsignedShort();
            long number = in.readLong();
            int partition = in.readInt();
            received.restore(
                    identifier,
                    number,
                    partition < 0 ? null : partitions.get(partition),
                    in.readLong(),
                    in.readBoolean());
        }
        received.restoreLast(last);
    }
}
