package io.millrace.query.job;

import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/// The settings of Flink for one job.
final class JobSettings {
    private JobSettings() {}

    /// A statement that somebody looks at: nothing of it is kept.
    static StreamExecutionEnvironment adHoc() {
        Configuration flink = common();
        flink.setString("restart-strategy.type", "none");
        flink.setString("state.backend.type", "hashmap");
        return environment(flink);
    }

    /// A query.
    ///
    /// @param checkpoints its folder for them
    static StreamExecutionEnvironment lasting(String checkpoints, Duration every) {
        Configuration flink = secured(checkpoints, every);
        flink.setString("restart-strategy.exponential-delay.max-backoff", "20 s");
        flink.setString("restart-strategy.exponential-delay.attempts-before-reset-backoff", "8");
        return environment(flink);
    }

    /// A query on a cluster: it waits for a server that is down, however long.
    ///
    /// @param checkpoints its folder for them; `null` for what the cluster has by itself
    static StreamExecutionEnvironment onCluster(@Nullable String checkpoints, Duration every) {
        Configuration flink = secured(checkpoints, every);
        flink.setString("restart-strategy.exponential-delay.max-backoff", "5 s");
        return environment(flink);
    }

    private static Configuration secured(@Nullable String checkpoints, Duration every) {
        Configuration flink = common();
        flink.setString("execution.checkpointing.interval", every.toMillis() + " ms");
        flink.setString("execution.checkpointing.mode", "EXACTLY_ONCE");
        flink.setString("execution.checkpointing.timeout", "10 min");
        // A full disk is no reason to stop: the next one may find room.
        flink.setString("execution.checkpointing.tolerable-failed-checkpoints", "2147483647");
        if (checkpoints != null) {
            flink.setString("execution.checkpointing.dir", checkpoints);
        }
        flink.setString("execution.checkpointing.num-retained", "2");
        flink.setString("execution.checkpointing.incremental", "true");
        flink.setString(
                "execution.checkpointing.externalized-checkpoint-retention",
                "RETAIN_ON_CANCELLATION");
        flink.setString("state.backend.type", "rocksdb");
        flink.setString("restart-strategy.type", "exponential-delay");
        flink.setString("restart-strategy.exponential-delay.initial-backoff", "500 ms");
        flink.setString("restart-strategy.exponential-delay.backoff-multiplier", "2.0");
        flink.setString("restart-strategy.exponential-delay.reset-backoff-threshold", "2 min");
        return flink;
    }

    private static Configuration common() {
        Configuration flink = new Configuration();
        // How long a row may wait for others on its way to the next operator.
        flink.setString("execution.buffer-timeout.interval", "5 ms");
        flink.setString("classloader.resolve-order", "parent-first");
        flink.setString("pipeline.object-reuse", "true");
        flink.setString("pipeline.generic-types", "true");
        return flink;
    }

    private static StreamExecutionEnvironment environment(Configuration flink) {
        return StreamExecutionEnvironment.getExecutionEnvironment(flink);
    }
}
