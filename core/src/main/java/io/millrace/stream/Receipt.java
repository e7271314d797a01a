package io.millrace.stream;

/// Where an acknowledged event is recorded.
public record Receipt(String stream, int partition, long offset) {}
