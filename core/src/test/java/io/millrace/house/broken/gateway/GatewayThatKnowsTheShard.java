package io.millrace.house.broken.gateway;

import io.millrace.house.broken.shard.ShardBehindTheDoor;

/// Reaches behind the front door.
public final class GatewayThatKnowsTheShard {
    /// What it reaches for.
    public String shard() {
        return new ShardBehindTheDoor().name();
    }
}
