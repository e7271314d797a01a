package io.millrace.bench.kafka;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One kind of work, done with Kafka's own client, the same for every side.
interface Load {
    String name();

    /// What has to be there before the first round.
    void prepare(KafkaSide side) throws Exception;

    /// What of it is nothing but moving bytes; `null` if it is about something else.
    default Floor.@Nullable Work floor() {
        return null;
    }

    /// One round, for about so long, or until a fixed amount of work is done.
    Outcome run(KafkaSide side, Duration duration) throws Exception;
}
