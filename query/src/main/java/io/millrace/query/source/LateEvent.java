package io.millrace.query.source;

/// An event that a query could not count, by its place. A plain object, as Flink serializes it.
///
/// @param feed the partition, as `Feed.id` has it
/// @param reason for people: late by how much, ahead of the clock, or what is wrong with its data
public record LateEvent(String feed, long offset, String reason) {}
