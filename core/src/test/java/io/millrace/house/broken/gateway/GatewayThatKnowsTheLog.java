package io.millrace.house.broken.gateway;

import io.millrace.house.broken.log.LogThatKnowsTheBroker;

/// Reaches behind the front door.
public final class GatewayThatKnowsTheLog {
    /// What it reaches for.
    public String log() {
        return new LogThatKnowsTheBroker().broker();
    }
}
