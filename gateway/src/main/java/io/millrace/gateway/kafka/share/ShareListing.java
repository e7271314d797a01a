package io.millrace.gateway.kafka.share;

/// A share group in a list of all groups.
///
/// @param state as Kafka calls it: `Empty` or `Stable`
public record ShareListing(String groupId, String state) {}
