package io.millrace.house.broken.broker;

import io.millrace.house.broken.log.LogThatKnowsTheBroker;

/// Knows a room below it, as it may.
public final class BrokerThatKnowsTheLog {
    private BrokerThatKnowsTheLog() {}

    /// Something to call.
    public static String name(int number) {
        return number + " " + LogThatKnowsTheBroker.class.getSimpleName();
    }
}
