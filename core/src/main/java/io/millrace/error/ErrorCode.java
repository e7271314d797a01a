package io.millrace.error;

/// Every error that a user can meet.
///
/// The number and the slug are stable: programs match on them, so neither ever changes its meaning.
/// Each gateway maps every code to its protocol's own, and a test proves that map complete.
public enum ErrorCode {
    // 1xxx: the event
    EVENT_INVALID(1001, "invalid-event", Kind.CALLER, "The event is not a valid CloudEvent"),
    EVENT_TOO_LARGE(1002, "event-too-large", Kind.CALLER, "The event is larger than allowed"),
    SPECVERSION_UNSUPPORTED(
            1003, "unsupported-specversion", Kind.CALLER, "Only CloudEvents 1.0 is supported"),
    CONTEXT_INVALID(1004, "invalid-context", Kind.CALLER, "The context path is not valid"),
    CONTEXT_MISSING(1005, "missing-context", Kind.CALLER, "The event names no context"),
    PATTERN_INVALID(1006, "invalid-pattern", Kind.CALLER, "The context pattern is not valid"),
    CONTEXT_RESERVED(
            1007, "reserved-context", Kind.CALLER, "The context is written by the server only"),
    BATCH_TOO_LARGE(1008, "batch-too-large", Kind.CALLER, "The batch is larger than allowed"),
    BATCH_CORRUPT(1009, "corrupt-batch", Kind.CALLER, "The record batch is damaged"),
    RECORD_INVALID(1010, "invalid-record", Kind.CALLER, "A record of the batch is not valid"),
    TIMESTAMP_INVALID(
            1011, "invalid-timestamp", Kind.CALLER, "The time of a record is not acceptable"),

    // 2xxx: the request
    REQUEST_INVALID(2001, "invalid-request", Kind.CALLER, "The request is not valid"),
    MEDIA_TYPE_UNSUPPORTED(
            2002, "unsupported-media-type", Kind.CALLER, "The media type is not supported here"),
    NOT_ACCEPTABLE(
            2003,
            "not-acceptable",
            Kind.CALLER,
            "None of the accepted media types can be produced"),
    NOT_FOUND(2004, "not-found", Kind.CALLER, "There is no such resource"),
    METHOD_NOT_ALLOWED(2005, "method-not-allowed", Kind.CALLER, "The method is not allowed here"),
    REQUEST_TIMEOUT(2006, "request-timeout", Kind.CALLER, "The request did not arrive in time"),
    BODY_TOO_LARGE(2007, "body-too-large", Kind.CALLER, "The request body is larger than allowed"),
    HEADERS_TOO_LARGE(
            2008, "headers-too-large", Kind.CALLER, "The request headers are larger than allowed"),
    ENCODING_UNSUPPORTED(
            2009, "unsupported-encoding", Kind.CALLER, "The content encoding is not supported"),

    // 3xxx: resources
    RESOURCE_INVALID(3001, "invalid-resource", Kind.CALLER, "The resource document is not valid"),
    RESOURCE_CONFLICT(
            3002, "resource-conflict", Kind.CALLER, "The resource conflicts with another one"),
    PRECONDITION_FAILED(
            3003, "precondition-failed", Kind.CALLER, "The resource has changed since it was read"),
    RESOURCE_PROTECTED(
            3004, "protected-resource", Kind.CALLER, "The resource is needed by the server itself"),
    SUBSCRIPTION_NOT_FOUND(
            3005, "subscription-not-found", Kind.CALLER, "There is no such subscription"),
    QUEUE_NOT_FOUND(3006, "queue-not-found", Kind.CALLER, "There is no such queue"),
    SCHEDULE_NOT_FOUND(3007, "schedule-not-found", Kind.CALLER, "There is no such schedule"),
    QUEUE_FULL(3008, "queue-full", Kind.RESOURCES, "The queue holds as many jobs as it may"),
    VIEW_NOT_FOUND(3009, "view-not-found", Kind.CALLER, "There is no such view"),
    QUERY_NOT_FOUND(3010, "query-not-found", Kind.CALLER, "There is no such query"),
    VIEW_KEY_NOT_FOUND(3011, "view-key-not-found", Kind.CALLER, "The view has nothing of that key"),
    VIEW_PAST_UNKNOWN(
            3012,
            "view-past-unknown",
            Kind.CALLER,
            "What the view held at that time cannot be computed"),

    // 4xxx: streams and positions
    STREAM_NOT_FOUND(4001, "stream-not-found", Kind.CALLER, "There is no such stream"),
    PARTITION_NOT_FOUND(
            4002, "partition-not-found", Kind.CALLER, "The stream has no such partition"),
    OFFSET_OUT_OF_RANGE(
            4003, "offset-out-of-range", Kind.CALLER, "The offset is not in the stream"),
    SLOW_CONSUMER(4004, "slow-consumer", Kind.CALLER, "The reader did not keep up"),
    SEQUENCE_INVALID(
            4005,
            "invalid-sequence",
            Kind.CALLER,
            "The producer's sequence number is out of order"),
    PRODUCER_FENCED(
            4006,
            "producer-fenced",
            Kind.CALLER,
            "A newer instance of the producer has taken over"),
    PRODUCER_UNKNOWN(4007, "unknown-producer", Kind.CALLER, "The producer is not known"),
    TRANSACTION_INVALID(
            4008, "invalid-transaction", Kind.CALLER, "The transaction is not in the right state"),

    // 5xxx: who may do what
    UNAUTHENTICATED(5001, "unauthenticated", Kind.CALLER, "Credentials are missing or wrong"),
    FORBIDDEN(5002, "forbidden", Kind.CALLER, "This is not allowed"),

    // 6xxx: room and time
    OVERLOADED(6001, "overloaded", Kind.RESOURCES, "The server has more work than it can take"),
    DISK_FULL(6002, "disk-full", Kind.RESOURCES, "The disk is full"),
    TOO_MANY_CONNECTIONS(
            6003, "too-many-connections", Kind.RESOURCES, "There are too many connections"),

    // 7xxx: the server's condition
    PARTITION_FAILED(7001, "partition-failed", Kind.STATE, "The partition cannot be written to"),
    PARTITION_CORRUPT(7002, "partition-corrupt", Kind.STATE, "Stored data is damaged"),
    SHUTTING_DOWN(7003, "shutting-down", Kind.STATE, "The server is stopping"),
    DATA_FOLDER_IN_USE(
            7004, "data-folder-in-use", Kind.STATE, "Another process uses the data folder"),
    DISK_READ_ONLY(7005, "disk-read-only", Kind.STATE, "The disk cannot be written to"),
    CONFIGURATION_INVALID(
            7006, "invalid-configuration", Kind.STATE, "The configuration is not valid"),
    DATA_FOLDER_TOO_NEW(
            7007, "data-folder-too-new", Kind.STATE, "The data folder was made by a newer version"),
    DISK_READ_FAILED(7008, "disk-read-failed", Kind.STATE, "The disk cannot read stored data"),
    QUERIES_UNAVAILABLE(7009, "queries-unavailable", Kind.STATE, "This server runs no queries"),
    VIEW_FAILED(7010, "view-failed", Kind.STATE, "The view cannot be read or kept current"),

    // 8xxx: expressions
    TRANSFORM_INVALID(8001, "invalid-transform", Kind.CALLER, "The transform cannot be used"),
    TRANSFORM_FAILED(8002, "transform-failed", Kind.CALLER, "The transform did not give an event"),
    QUERY_INVALID(8003, "invalid-query", Kind.CALLER, "The query cannot be run"),
    QUERY_FAILED(8004, "query-failed", Kind.CALLER, "The query has failed"),

    // 9xxx: a fault of the server
    INTERNAL(9001, "internal", Kind.INTERNAL, "Something went wrong inside the server");

    /// Whose turn it is to change something.
    public enum Kind {
        /// The caller: the same request will fail again.
        CALLER,
        /// The server or its surroundings are in a state that does not allow it; someone has to
        /// mend that.
        STATE,
        /// Room or time ran out; the same request may succeed later.
        RESOURCES,
        /// A fault in the server; please report it.
        INTERNAL
    }

    private final int number;
    private final String slug;
    private final Kind kind;
    private final String title;

    ErrorCode(int number, String slug, Kind kind, String title) {
        this.number = number;
        this.slug = slug;
        this.kind = kind;
        this.title = title;
    }

    /// The stable number, for protocols that carry one.
    public int number() {
        return number;
    }

    /// The stable name, as in a problem's type.
    public String slug() {
        return slug;
    }

    public Kind kind() {
        return kind;
    }

    /// One sentence without a full stop, the same for every occurrence.
    public String title() {
        return title;
    }
}
