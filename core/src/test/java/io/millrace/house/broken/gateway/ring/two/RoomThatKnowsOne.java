package io.millrace.house.broken.gateway.ring.two;

import io.millrace.house.broken.gateway.ring.Whole;
import io.millrace.house.broken.gateway.ring.one.RoomThatKnowsTwo;

/// The other half of a circle, which also knows the package that holds it.
public record RoomThatKnowsOne(RoomThatKnowsTwo other, Whole whole) {}
