package io.millrace.broker.catalogue;

/// A resource whose deletion is recorded.
public record Deleted(String name, int incarnation) {}
