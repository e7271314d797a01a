package io.millrace.broker;

import io.millrace.broker.topic.TopicSettings;
import io.millrace.cursor.JournalFiles;
import io.millrace.router.TailConfig;
import io.millrace.shard.ShardConfig;

/// Bounds and sizes of the broker.
///
/// @param shards single-writer loops; partitions are spread over them
/// @param shard bounds of each shard
/// @param tail bounds of each tail
/// @param eventBytesMax size of one event as it is stored
/// @param contextsMax contexts that are remembered
/// @param journalBytes size at which a journal of cursors begins anew
/// @param topics what topics are like that say nothing about it
public record BrokerConfig(
        int shards,
        ShardConfig shard,
        TailConfig tail,
        int eventBytesMax,
        int contextsMax,
        long journalBytes,
        TopicSettings topics) {
    /// With topics as usual.
    public BrokerConfig(
            int shards,
            ShardConfig shard,
            TailConfig tail,
            int eventBytesMax,
            int contextsMax,
            long journalBytes) {
        this(shards, shard, tail, eventBytesMax, contextsMax, journalBytes, TopicSettings.DEFAULT);
    }

    /// With other settings of topics.
    public BrokerConfig with(TopicSettings changed) {
        return new BrokerConfig(
                shards, shard, tail, eventBytesMax, contextsMax, journalBytes, changed);
    }

    /// With journals of the usual size.
    public BrokerConfig(
            int shards, ShardConfig shard, TailConfig tail, int eventBytesMax, int contextsMax) {
        this(shards, shard, tail, eventBytesMax, contextsMax, JournalFiles.BYTES_DEFAULT);
    }

    public BrokerConfig {
        if (shards < 1 || eventBytesMax < 1024 || contextsMax < 1 || journalBytes < 1) {
            throw new IllegalArgumentException(
                    "the broker's bounds must be positive, an event's at least 1 KiB");
        }
    }

    /// Sizes that suit a machine with so many processors.
    public static BrokerConfig forProcessors(int processors) {
        return new BrokerConfig(
                Math.max(1, processors / 4),
                ShardConfig.DEFAULT,
                TailConfig.DEFAULT,
                1 << 20,
                250_000);
    }
}
