package io.millrace.bench.kafka;

import java.io.IOException;

/// A server that is measured: it speaks Kafka and runs as a process of its own. For one thread, but
/// for [#cpuMillis].
interface KafkaSide {
    String name();

    /// Where clients begin, as `127.0.0.1:4711`.
    String bootstrap();

    /// Creates topics that are not there yet.
    void create(Topics topics) throws IOException, InterruptedException;

    /// Processor time of the server until now, in milliseconds.
    long cpuMillis();

    /// Resident memory of the server, in megabytes (10^6 bytes).
    long residentMegabytes() throws IOException;

    void stop() throws IOException, InterruptedException;

    /// What is to be created.
    ///
    /// @param name of the topic, or with `-0`, `-1` … behind it if there are several
    /// @param count how many topics
    /// @param partitions of each
    /// @param synced whether each append is to be on disk before it is answered
    /// @param keptBytes of each partition, of which older records go within seconds; 0 for all
    record Topics(String name, int count, int partitions, boolean synced, long keptBytes) {
        static Topics one(String name, int partitions) {
            return new Topics(name, 1, partitions, false, 0);
        }

        String topic(int number) {
            return count == 1 ? name : name + "-" + number;
        }
    }
}
