package io.millrace.gateway.mqtt.session;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;

/// Millrace's errors in MQTT's terms.
public final class MqttErrors {
    private MqttErrors() {}

    /// What clients understand best.
    public static ReasonCode of(ErrorCode code) {
        return switch (code) {
            case CONTEXT_INVALID, CONTEXT_MISSING -> ReasonCode.TOPIC_NAME_INVALID;
            case PATTERN_INVALID -> ReasonCode.TOPIC_FILTER_INVALID;
            case EVENT_INVALID, SPECVERSION_UNSUPPORTED, RECORD_INVALID, TIMESTAMP_INVALID ->
                    ReasonCode.PAYLOAD_FORMAT_INVALID;
            case EVENT_TOO_LARGE, BATCH_TOO_LARGE, BODY_TOO_LARGE, HEADERS_TOO_LARGE ->
                    ReasonCode.PACKET_TOO_LARGE;
            case CONTEXT_RESERVED, RESOURCE_PROTECTED, FORBIDDEN -> ReasonCode.NOT_AUTHORIZED;
            case UNAUTHENTICATED -> ReasonCode.BAD_USER_NAME_OR_PASSWORD;
            case QUEUE_FULL, OVERLOADED, TOO_MANY_CONNECTIONS, DISK_FULL, SLOW_CONSUMER ->
                    ReasonCode.QUOTA_EXCEEDED;
            case SHUTTING_DOWN -> ReasonCode.SERVER_SHUTTING_DOWN;
            case BATCH_CORRUPT, ENCODING_UNSUPPORTED, REQUEST_INVALID, RESOURCE_INVALID ->
                    ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
            case MEDIA_TYPE_UNSUPPORTED, NOT_ACCEPTABLE, METHOD_NOT_ALLOWED, REQUEST_TIMEOUT ->
                    ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
            case PRECONDITION_FAILED, TRANSFORM_INVALID, TRANSFORM_FAILED, RESOURCE_CONFLICT ->
                    ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
            case QUERY_INVALID, QUERY_FAILED, QUERIES_UNAVAILABLE, QUERY_NOT_FOUND ->
                    ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
            case NOT_FOUND, SUBSCRIPTION_NOT_FOUND, SCHEDULE_NOT_FOUND, QUEUE_NOT_FOUND ->
                    ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
            case VIEW_NOT_FOUND, VIEW_KEY_NOT_FOUND, VIEW_PAST_UNKNOWN, STREAM_NOT_FOUND ->
                    ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
            case PARTITION_NOT_FOUND, OFFSET_OUT_OF_RANGE, SEQUENCE_INVALID, PRODUCER_FENCED ->
                    ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
            case PRODUCER_UNKNOWN, TRANSACTION_INVALID -> ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
            case DISK_READ_ONLY, DISK_READ_FAILED, PARTITION_FAILED, PARTITION_CORRUPT ->
                    ReasonCode.UNSPECIFIED_ERROR;
            case VIEW_FAILED, DATA_FOLDER_IN_USE, DATA_FOLDER_TOO_NEW, CONFIGURATION_INVALID ->
                    ReasonCode.UNSPECIFIED_ERROR;
            case INTERNAL -> ReasonCode.UNSPECIFIED_ERROR;
        };
    }

    /// What a problem is for a client; whatever is none of the catalogue is a fault of the server.
    public static ReasonCode of(Throwable problem) {
        return switch (problem) {
            case MillraceException known -> of(known.code());
            case Refused refused -> refused.reason();
            default -> ReasonCode.UNSPECIFIED_ERROR;
        };
    }

    /// A sentence for a client's log; nothing of the server's insides.
    public static String message(Throwable problem) {
        return problem instanceof MillraceException || problem instanceof Refused
                ? String.valueOf(problem.getMessage())
                : "the server failed";
    }
}
