package io.millrace.house.broken.gateway.ring.one;

import io.millrace.house.broken.gateway.ring.two.RoomThatKnowsOne;

/// Half of a circle.
public record RoomThatKnowsTwo(RoomThatKnowsOne other) {}
