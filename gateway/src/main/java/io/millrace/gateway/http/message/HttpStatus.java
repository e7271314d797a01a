package io.millrace.gateway.http.message;

import io.millrace.error.ErrorCode;

/// The status of an answer that tells of an error.
public final class HttpStatus {
    private HttpStatus() {}

    public static int of(ErrorCode code) {
        return switch (code) {
            case EVENT_INVALID, SPECVERSION_UNSUPPORTED, CONTEXT_INVALID, CONTEXT_MISSING -> 400;
            case BATCH_CORRUPT, RECORD_INVALID, TIMESTAMP_INVALID -> 400;
            case PATTERN_INVALID, REQUEST_INVALID -> 400;
            case UNAUTHENTICATED -> 401;
            case CONTEXT_RESERVED, RESOURCE_PROTECTED, FORBIDDEN -> 403;
            case NOT_FOUND, STREAM_NOT_FOUND, PARTITION_NOT_FOUND, QUEUE_NOT_FOUND -> 404;
            case SUBSCRIPTION_NOT_FOUND, SCHEDULE_NOT_FOUND, QUERY_NOT_FOUND -> 404;
            case VIEW_NOT_FOUND, VIEW_KEY_NOT_FOUND -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case NOT_ACCEPTABLE -> 406;
            case REQUEST_TIMEOUT -> 408;
            case RESOURCE_CONFLICT -> 409;
            case SEQUENCE_INVALID, PRODUCER_FENCED, PRODUCER_UNKNOWN, TRANSACTION_INVALID -> 409;
            case PRECONDITION_FAILED -> 412;
            case EVENT_TOO_LARGE, BATCH_TOO_LARGE, BODY_TOO_LARGE -> 413;
            case MEDIA_TYPE_UNSUPPORTED, ENCODING_UNSUPPORTED -> 415;
            case OFFSET_OUT_OF_RANGE -> 416;
            case RESOURCE_INVALID, TRANSFORM_INVALID, TRANSFORM_FAILED -> 422;
            case QUERY_INVALID, QUERY_FAILED, VIEW_PAST_UNKNOWN -> 422;
            case QUEUE_FULL, OVERLOADED, SLOW_CONSUMER -> 429;
            case HEADERS_TOO_LARGE -> 431;
            case PARTITION_CORRUPT, DISK_READ_FAILED, CONFIGURATION_INVALID, INTERNAL -> 500;
            case TOO_MANY_CONNECTIONS, SHUTTING_DOWN, QUERIES_UNAVAILABLE -> 503;
            case PARTITION_FAILED, VIEW_FAILED, DISK_READ_ONLY -> 503;
            case DATA_FOLDER_IN_USE, DATA_FOLDER_TOO_NEW -> 503;
            case DISK_FULL -> 507;
        };
    }

    /// Whether the same request may succeed a moment later, so that the answer says when to try.
    public static boolean retryable(ErrorCode code) {
        int status = of(code);
        return status == 429 || status == 503;
    }
}
