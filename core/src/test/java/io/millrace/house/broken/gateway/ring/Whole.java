package io.millrace.house.broken.gateway.ring;

/// Holds the packages of a circle.
public record Whole() {}
