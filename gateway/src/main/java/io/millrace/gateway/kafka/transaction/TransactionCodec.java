package io.millrace.gateway.kafka.transaction;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.SortedSet;
import java.util.TreeSet;

/// Transactions as bytes on disk: a version, then the fields in their order.
final class TransactionCodec {
    private static final byte VERSION = 1;

    private TransactionCodec() {}

    static Bytes encode(Transaction transaction) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            write(out, transaction.producer());
            write(out, transaction.previous());
            write(out, transaction.next());
            out.writeInt(transaction.timeoutMillis());
            out.writeByte(transaction.state().number());
            out.writeBoolean(transaction.hasOffsets());
            out.writeLong(transaction.startMillis());
            out.writeLong(transaction.updateMillis());
            out.writeInt(transaction.partitions().size());
            for (PartitionName partition : transaction.partitions()) {
                out.writeUTF(partition.topic());
                out.writeInt(partition.partition());
            }
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.INTERNAL, "the transaction cannot be written as bytes", e);
        }
        return Bytes.wrap(bytes.toByteArray());
    }

    private static void write(DataOutputStream out, ProducerIdentity identity) throws IOException {
        out.writeLong(identity.producerId());
        out.writeShort(identity.epoch());
    }

    /// @throws MillraceException PARTITION_CORRUPT if these are not the bytes of a transaction,
    ///   DATA_FOLDER_TOO_NEW if they are of a later version
    static Transaction decode(String id, Bytes stored) {
        ByteArrayInputStream bytes =
                new ByteArrayInputStream(
                        stored.backingArray(), stored.backingStart(), stored.length());
        try (DataInputStream in = new DataInputStream(bytes)) {
            byte version = in.readByte();
            if (version != VERSION) {
                throw new MillraceException(
                        ErrorCode.DATA_FOLDER_TOO_NEW,
                        "the transactional id %s was stored in format %d; this server knows %d"
                                .formatted(id, version, VERSION));
            }
            return transaction(id, in);
        } catch (IOException e) {
            throw corrupt(id, e.toString());
        }
    }

    private static Transaction transaction(String id, DataInputStream in) throws IOException {
        ProducerIdentity producer = identity(in);
        ProducerIdentity previous = identity(in);
        ProducerIdentity next = identity(in);
        int timeoutMillis = in.readInt();
        byte number = in.readByte();
        TransactionState state = TransactionState.of(number);
        if (state == null) {
            throw corrupt(id, "there is no state " + number);
        }
        boolean hasOffsets = in.readBoolean();
        long startMillis = in.readLong();
        long updateMillis = in.readLong();
        return new Transaction(
                id,
                producer,
                previous,
                next,
                timeoutMillis,
                state,
                partitions(in),
                hasOffsets,
                startMillis,
                updateMillis);
    }

    private static SortedSet<PartitionName> partitions(DataInputStream in) throws IOException {
        int count = in.readInt();
        SortedSet<PartitionName> partitions = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            partitions.add(new PartitionName(in.readUTF(), in.readInt()));
        }
        return partitions;
    }

    private static ProducerIdentity identity(DataInputStream in) throws IOException {
        return new ProducerIdentity(in.readLong(), in.readShort());
    }

    private static MillraceException corrupt(String id, String why) {
        return new MillraceException(
                ErrorCode.PARTITION_CORRUPT,
                "what is stored of the transactional id %s cannot be read: %s".formatted(id, why));
    }
}
