package io.millrace.event.format;

/// How a message holds its event or events, as its content type tells (CloudEvents HTTP binding,
/// section 3).
public enum ContentMode {
    /// The attributes are in headers, the body is the data.
    BINARY,
    /// The body is one event in the JSON format.
    STRUCTURED_JSON,
    /// The body is an array of events in the JSON format.
    BATCH_JSON,
    /// The body is one or more events in a format that is not supported here.
    UNSUPPORTED
}
