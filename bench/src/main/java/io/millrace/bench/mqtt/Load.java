package io.millrace.bench.mqtt;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// One kind of work, done by the same client for every side.
interface Load {
    String name();

    /// The sides it is about, if nobody says others.
    String sides();

    /// Whether each round wants a broker that has just started, and is one round long whatever the
    /// given time, without rounds to warm up.
    default boolean fresh() {
        return false;
    }

    /// What has to be there before the first round.
    default void prepare(MqttSide side) throws IOException, InterruptedException {}

    /// One round. Fails if anything is lost, doubled or out of order.
    List<Measure> run(MqttSide side, Duration duration) throws IOException, InterruptedException;
}
