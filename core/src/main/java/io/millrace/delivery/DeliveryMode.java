package io.millrace.delivery;

/// How events are put into requests (CloudEvents HTTP binding, section 3).
public enum DeliveryMode {
    /// Attributes in headers, the data as the body. An event that would not come out as it went in
    /// is sent as [#STRUCTURED]: one without data but with a content type, one with empty data but
    /// without a content type, and one whose data is itself a CloudEvent.
    BINARY,
    /// One event in the JSON format.
    STRUCTURED,
    /// Several events in the JSON format.
    BATCH
}
