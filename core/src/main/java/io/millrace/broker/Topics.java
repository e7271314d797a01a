package io.millrace.broker;

import io.millrace.error.MillraceException;
import io.millrace.log.AbortedTransaction;
import io.millrace.log.Isolation;
import io.millrace.log.LogRegion;
import io.millrace.log.ProducedBatch;
import io.millrace.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Streams and queues as partitioned topics: whole record batches in and out, as Kafka's protocol
/// has them.
///
/// Thread-safe. What says so may wait for the disk or a shard and belongs on a virtual thread; the
/// rest never blocks.
public interface Topics {
    /// What stands behind a topic.
    enum Kind {
        /// All of a Kafka topic.
        STREAM,
        /// Jobs: can be produced to, and drained by a share group; not fetched.
        QUEUE
    }

    /// A topic as it is now.
    ///
    /// @param name what Kafka's clients call it; the resource's own name unless that is none of
    ///   Millrace's, see `topic` of the stream's resource
    /// @param id of this one only: a topic that is created anew has another
    /// @param resource name of the stream or queue
    record Topic(String name, UUID id, Kind kind, String resource, int partitions) {}

    /// The offsets of one partition.
    ///
    /// @param start the oldest that can be read
    /// @param stable up to which everything is decided, exclusive: no transaction is open before
    /// @param end up to which everything is stored, exclusive (the high watermark)
    record Offsets(long start, long stable, long end) {}

    /// An offset and the time of its record; -1 and -1 if there is none.
    record TimedOffset(long offset, long timestampMillis) {}

    /// `null` if there is none of that name, or the principal may not know.
    @Nullable Topic find(Principal principal, String name);

    /// `null` if there is none with that id, or the principal may not know.
    @Nullable Topic find(Principal principal, UUID id);

    /// All that the principal may know, by name.
    List<Topic> all(Principal principal);

    /// Whether a principal may write to the stream behind a topic as a whole, at its mount. Only
    /// then can the topic have a part in transactions of the principal; a queue never can.
    boolean mayAppend(Principal principal, String topic);

    /// What a new topic is like.
    ///
    /// @param partitions 0 or less for the default
    /// @param configs Kafka's own names for topic configurations
    record NewTopic(String name, int partitions, Map<String, String> configs) {}

    /// Creates a stream for a topic, mounted below the configured context. Waits.
    ///
    /// @param validateOnly whether to say only what would be wrong
    /// @throws MillraceException RESOURCE_CONFLICT if it is there, RESOURCE_INVALID naming the
    ///   configuration, FORBIDDEN
    Topic create(Principal principal, NewTopic topic, boolean validateOnly);

    /// Deletes the stream behind a topic with everything in it. Waits.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND, RESOURCE_PROTECTED, FORBIDDEN
    void delete(Principal principal, String name);

    /// Gives a topic more partitions. Waits.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND, RESOURCE_INVALID if these are not more
    void addPartitions(Principal principal, String name, int partitions, boolean validateOnly);

    /// The configuration of a topic in Kafka's own names. Waits.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND
    Map<String, String> configs(Principal principal, String name);

    /// What topics are like that say nothing about it, in Kafka's names for the configurations of a
    /// broker, such as `num.partitions` and `log.retention.ms`.
    Map<String, String> defaults();

    /// Changes the configuration of a topic; `null` values go back to the default. Waits.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND, RESOURCE_INVALID naming the configuration
    void configure(
            Principal principal,
            String name,
            Map<String, @Nullable String> changes,
            boolean validateOnly);

    /// Hears of the outcome of an append or a marker, on the shard's thread, once.
    ///
    /// Before that it may be asked to [#lend] a thread.
    interface Reply {
        /// What was handed over is checked, and waits to be written. Has it written, here and now
        /// or soon on another thread, which writes all that has come until then together.
        ///
        /// @param write must be run at least once, by a thread that holds no lock and is not
        ///   interrupted; it takes as long as writing does, or no time if that is done already
        default void lend(Runnable write) {
            write.run();
        }

        /// @param baseOffset of the first record, also of a batch that had been stored before; -1
        ///   if a queue took the records and they have no offsets of this topic
        /// @param startOffset the oldest offset that can be read
        void stored(long baseOffset, long startOffset);

        void failed(MillraceException problem);
    }

    /// Stores a batch of a producer, or finds that it is stored already. Whatever is wrong comes
    /// through the reply: STREAM_NOT_FOUND, PARTITION_NOT_FOUND, FORBIDDEN, BATCH_CORRUPT,
    /// BATCH_TOO_LARGE, RECORD_INVALID, ENCODING_UNSUPPORTED, SEQUENCE_INVALID, PRODUCER_FENCED,
    /// PRODUCER_UNKNOWN, TRANSACTION_INVALID, OVERLOADED, and what the disk refuses.
    ///
    /// @param bytes one record batch v2, as it came; the broker's from now on
    void append(Principal principal, String topic, int partition, ProducedBatch bytes, Reply reply);

    /// Ends a producer's transaction in one partition: stores its marker, after which its records
    /// are seen by everyone, or by nobody. A marker for a transaction that is not open there is
    /// stored all the same, as it also fences producers with an older epoch.
    void mark(String topic, int partition, TransactionMarker marker, Reply reply);

    /// How a transaction ended.
    record TransactionMarker(
            long producerId, short producerEpoch, int coordinatorEpoch, boolean isCommit) {}

    /// What a fetch found.
    ///
    /// @param region to be closed by whoever asked
    /// @param aborted of those that have batches in the region; empty unless only committed records
    ///   were asked for
    record Fetched(LogRegion region, Offsets offsets, List<AbortedTransaction> aborted) {}

    /// Reads stored batches without waiting for any, and without decoding them. May wait for the
    /// disk.
    ///
    /// @param offset where to begin: the batch that holds it comes whole
    /// @param bytesMax at most so many, but always one whole batch
    /// @throws MillraceException STREAM_NOT_FOUND, PARTITION_NOT_FOUND, OFFSET_OUT_OF_RANGE,
    ///   FORBIDDEN, DISK_READ_FAILED, PARTITION_CORRUPT
    Fetched fetch(
            Principal principal,
            String topic,
            int partition,
            long offset,
            int bytesMax,
            Isolation isolation);

    /// @throws MillraceException STREAM_NOT_FOUND, PARTITION_NOT_FOUND, FORBIDDEN
    Offsets offsets(Principal principal, String topic, int partition);

    /// Whether a fetch from an offset finds what was appended a moment ago, and so is not likely to
    /// wait for the disk. May say no at will, and does for what is not there.
    boolean isRecent(String topic, int partition, long offset);

    /// The first record at or after a time. May wait for the disk.
    TimedOffset offsetAt(Principal principal, String topic, int partition, long timestampMillis);

    /// The record with the latest time. May wait for the disk.
    TimedOffset latest(Principal principal, String topic, int partition);

    /// Has an action called, on a shard's thread and briefly, whenever there is more to fetch in a
    /// partition: more is stored, or a transaction has ended there. Until it is closed.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND, PARTITION_NOT_FOUND
    Watch watch(String topic, int partition, Runnable action);

    /// What [#watch] gives.
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /// Drops all records before an offset. Waits.
    ///
    /// @param before -1 for everything that is stored
    /// @return the oldest offset that can be read now
    /// @throws MillraceException OFFSET_OUT_OF_RANGE if it lies above the end
    long deleteRecords(Principal principal, String topic, int partition, long before);

    /// What a partition knows of a producer.
    ///
    /// @param lastSequence -1 if it has stored nothing
    /// @param transactionStart the first offset of its open transaction; -1 if it has none
    record Producer(
            long id,
            short epoch,
            int lastSequence,
            long lastMillis,
            int coordinatorEpoch,
            long transactionStart) {}

    /// The producers that a partition remembers. Waits.
    List<Producer> producers(Principal principal, String topic, int partition);

    /// Hears of topics that are deleted, on the thread that deletes.
    void whenDeleted(java.util.function.Consumer<Topic> listener);
}
