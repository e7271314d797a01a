package io.millrace.house.broken.attic;

/// Lies in a room that no table knows.
public record RoomWithoutAPlace(int number) {}
