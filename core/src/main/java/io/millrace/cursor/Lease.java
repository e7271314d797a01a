package io.millrace.cursor;

/// An offset that is given to a consumer.
///
/// @param deliveries how often it was given out, this time included
/// @param failures how many of those before failed
public record Lease(LeaseToken token, long deadlineMillis, int deliveries, int failures) {}
