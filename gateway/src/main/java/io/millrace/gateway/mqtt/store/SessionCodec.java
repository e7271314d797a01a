package io.millrace.gateway.mqtt.store;

import io.millrace.event.Bytes;
import io.millrace.gateway.mqtt.message.Message;
import io.millrace.gateway.mqtt.message.MessageFormat;
import io.millrace.gateway.mqtt.message.MessageProperties;
import io.millrace.gateway.mqtt.message.TopicFilter;
import io.millrace.gateway.mqtt.message.UserProperty;
import io.millrace.gateway.mqtt.session.ClientSession;
import io.millrace.gateway.mqtt.session.Subscription;
import io.millrace.gateway.mqtt.session.Will;
import io.millrace.stream.PartitionName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a session is, as a row: its number, end, will and subscriptions. Stateless.
final class SessionCodec {
    private static final int VERSION = 1;

    private SessionCodec() {}

    /// @param isConnected whether somebody is connected to it
    /// @param endedMillis when the last connection ended, in milliseconds since 1970
    record Stored(ClientSession session, boolean isConnected, long endedMillis) {}

    static Bytes encode(ClientSession session, boolean isConnected, long endedMillis) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeUTF(session.number());
            out.writeInt((int) session.expirySeconds());
            out.writeBoolean(isConnected);
            out.writeLong(endedMillis);
            write(out, session.will());
            out.writeInt(session.subscriptionCount());
            for (Subscription each : session.subscriptions()) {
                write(out, each.options());
                writeSince(out, each.since());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Bytes.wrap(bytes.toByteArray());
    }

    private static void write(DataOutputStream out, Subscription.Options options)
            throws IOException {
        writeText(out, options.filter());
        out.writeByte(options.qos());
        out.writeBoolean(options.noLocal());
        out.writeBoolean(options.retainAsPublished());
        out.writeByte(options.retainHandling());
        out.writeInt(options.identifier());
        out.writeUTF(options.format().name());
    }

    private static void write(DataOutputStream out, @Nullable Will will) throws IOException {
        out.writeBoolean(will != null);
        if (will == null) {
            return;
        }
        out.writeByte(will.qos());
        out.writeInt((int) will.delaySeconds());
        Message message = will.message();
        writeText(out, message.topic());
        write(out, message.payload());
        out.writeBoolean(message.retain());
        MessageProperties said = message.properties();
        out.writeByte(said.payloadFormat() == null ? -1 : said.payloadFormat());
        out.writeLong(said.expirySeconds() == null ? -1 : said.expirySeconds());
        write(out, utf8(said.contentType()));
        write(out, utf8(said.responseTopic()));
        write(out, said.correlationData());
        out.writeInt(said.userProperties().size());
        for (UserProperty each : said.userProperties()) {
            writeText(out, each.name());
            writeText(out, each.value());
        }
    }

    private static @Nullable Bytes utf8(@Nullable String text) {
        return text == null ? null : Bytes.utf8(text);
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        write(out, Bytes.utf8(text));
    }

    private static void write(DataOutputStream out, @Nullable Bytes bytes) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length());
        if (bytes != null) {
            out.write(bytes.backingArray(), bytes.backingStart(), bytes.length());
        }
    }

    static Stored decode(String clientId, Bytes row) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(row.toArray()))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IOException("a session's row of the version " + version);
            }
            String number = in.readUTF();
            ClientSession session =
                    new ClientSession(clientId, number, Integer.toUnsignedLong(in.readInt()));
            boolean isConnected = in.readBoolean();
            long ended = in.readLong();
            session.will(readWill(in));
            for (int left = in.readInt(); left > 0; left--) {
                Subscription.Options options = readOptions(in);
                Subscription subscription =
                        new Subscription(TopicFilter.of(options.filter()), options);
                subscription.since(readSince(in));
                session.put(subscription);
            }
            return new Stored(session, isConnected, ended);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Subscription.Options readOptions(DataInputStream in) throws IOException {
        return new Subscription.Options(
                readText(in),
                in.readByte(),
                in.readBoolean(),
                in.readBoolean(),
                in.readByte(),
                in.readInt(),
                MessageFormat.valueOf(in.readUTF()));
    }

    private static void writeSince(DataOutputStream out, Map<PartitionName, Long> since)
            throws IOException {
        out.writeInt(since.size());
        for (Map.Entry<PartitionName, Long> each : since.entrySet()) {
            out.writeUTF(each.getKey().stream());
            out.writeUTF(each.getKey().streamId());
            out.writeInt(each.getKey().number());
            out.writeLong(each.getValue());
        }
    }

    private static Map<PartitionName, Long> readSince(DataInputStream in) throws IOException {
        int left = in.readInt();
        if (left == 0) {
            return Map.of();
        }
        Map<PartitionName, Long> since = new HashMap<>();
        for (; left > 0; left--) {
            PartitionName partition = new PartitionName(in.readUTF(), in.readUTF(), in.readInt());
            since.put(partition, in.readLong());
        }
        return since;
    }

    private static @Nullable Will readWill(DataInputStream in) throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        int qos = in.readByte();
        long delay = Integer.toUnsignedLong(in.readInt());
        String topic = readText(in);
        Bytes payload = readBytes(in);
        boolean retain = in.readBoolean();
        int format = in.readByte();
        long expiry = in.readLong();
        Bytes contentType = readBytes(in);
        Bytes responseTopic = readBytes(in);
        Bytes correlation = readBytes(in);
        List<UserProperty> properties = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            properties.add(new UserProperty(readText(in), readText(in)));
        }
        MessageProperties said =
                new MessageProperties(
                        format < 0 ? null : format,
                        expiry < 0 ? null : expiry,
                        contentType == null ? null : contentType.toUtf8(),
                        responseTopic == null ? null : responseTopic.toUtf8(),
                        correlation,
                        properties);
        boolean isBare = said.equals(MessageProperties.NONE);
        Message message =
                new Message(
                        topic,
                        payload == null ? Bytes.EMPTY : payload,
                        retain,
                        isBare ? MessageProperties.NONE : said);
        return new Will(message, qos, delay);
    }

    private static String readText(DataInputStream in) throws IOException {
        Bytes bytes = readBytes(in);
        return bytes == null ? "" : bytes.toUtf8();
    }

    private static @Nullable Bytes readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return Bytes.wrap(bytes);
    }
}
