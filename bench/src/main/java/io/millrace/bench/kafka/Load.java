package io.millrace.bench.kafka;

import java.time.Duration;

/// One kind of work, done with Kafka's own client, the same for every side.
interface Load {
    String name();

    /// What has to be there before the first round.
    void prepare(KafkaSide side) throws Exception;

    /// One round, for about so long, or until a fixed amount of work is done.
    Outcome run(KafkaSide side, Duration duration) throws Exception;
}
