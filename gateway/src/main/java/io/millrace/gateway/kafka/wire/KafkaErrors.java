package io.millrace.gateway.kafka.wire;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;

/// Millrace's errors in Kafka's terms.
public final class KafkaErrors {
    private KafkaErrors() {}

    /// What Kafka's clients understand best. Where only time helps it is one that all of them try
    /// again after, and know that nothing was stored.
    public static Errors of(ErrorCode code) {
        return switch (code) {
            case EVENT_INVALID, SPECVERSION_UNSUPPORTED, RECORD_INVALID -> Errors.INVALID_RECORD;
            case CONTEXT_INVALID, CONTEXT_MISSING, TRANSFORM_FAILED -> Errors.INVALID_RECORD;
            case EVENT_TOO_LARGE, BATCH_TOO_LARGE, BODY_TOO_LARGE -> Errors.MESSAGE_TOO_LARGE;
            case BATCH_CORRUPT -> Errors.CORRUPT_MESSAGE;
            case TIMESTAMP_INVALID -> Errors.INVALID_TIMESTAMP;
            case ENCODING_UNSUPPORTED -> Errors.UNSUPPORTED_COMPRESSION_TYPE;
            case PATTERN_INVALID, REQUEST_INVALID, RESOURCE_INVALID -> Errors.INVALID_REQUEST;
            case MEDIA_TYPE_UNSUPPORTED, NOT_ACCEPTABLE -> Errors.INVALID_REQUEST;
            case METHOD_NOT_ALLOWED, HEADERS_TOO_LARGE -> Errors.INVALID_REQUEST;
            case PRECONDITION_FAILED, SLOW_CONSUMER, TRANSFORM_INVALID -> Errors.INVALID_REQUEST;
            case QUERY_INVALID, QUERY_FAILED, QUERIES_UNAVAILABLE -> Errors.INVALID_REQUEST;
            case REQUEST_TIMEOUT -> Errors.REQUEST_TIMED_OUT;
            case NOT_FOUND, SUBSCRIPTION_NOT_FOUND, SCHEDULE_NOT_FOUND -> Errors.RESOURCE_NOT_FOUND;
            case QUERY_NOT_FOUND, VIEW_NOT_FOUND, VIEW_KEY_NOT_FOUND -> Errors.RESOURCE_NOT_FOUND;
            case VIEW_PAST_UNKNOWN -> Errors.RESOURCE_NOT_FOUND;
            case STREAM_NOT_FOUND, PARTITION_NOT_FOUND, QUEUE_NOT_FOUND ->
                    Errors.UNKNOWN_TOPIC_OR_PARTITION;
            case RESOURCE_CONFLICT -> Errors.TOPIC_ALREADY_EXISTS;
            case CONTEXT_RESERVED, RESOURCE_PROTECTED, FORBIDDEN ->
                    Errors.TOPIC_AUTHORIZATION_FAILED;
            case UNAUTHENTICATED -> Errors.SASL_AUTHENTICATION_FAILED;
            case OFFSET_OUT_OF_RANGE -> Errors.OFFSET_OUT_OF_RANGE;
            case SEQUENCE_INVALID -> Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
            case PRODUCER_FENCED -> Errors.INVALID_PRODUCER_EPOCH;
            case PRODUCER_UNKNOWN -> Errors.UNKNOWN_PRODUCER_ID;
            case TRANSACTION_INVALID -> Errors.INVALID_TXN_STATE;
            case QUEUE_FULL, OVERLOADED -> Errors.NOT_ENOUGH_REPLICAS;
            case TOO_MANY_CONNECTIONS -> Errors.THROTTLING_QUOTA_EXCEEDED;
            case SHUTTING_DOWN -> Errors.NOT_LEADER_OR_FOLLOWER;
            case DISK_FULL,
                    DISK_READ_ONLY,
                    DISK_READ_FAILED,
                    PARTITION_FAILED,
                    PARTITION_CORRUPT,
                    VIEW_FAILED ->
                    Errors.KAFKA_STORAGE_ERROR;
            case DATA_FOLDER_IN_USE, DATA_FOLDER_TOO_NEW, CONFIGURATION_INVALID, INTERNAL ->
                    Errors.UNKNOWN_SERVER_ERROR;
        };
    }

    /// What failed somewhere, in Kafka's terms; whatever is no error of the catalogue or of Kafka
    /// is a fault of the server.
    public static Errors of(Throwable problem) {
        return switch (problem) {
            case MillraceException known -> of(known.code());
            case ApiException kafka -> Errors.forException(kafka);
            case CompletionException outer when outer.getCause() != null -> of(outer.getCause());
            default -> Errors.UNKNOWN_SERVER_ERROR;
        };
    }

    /// A sentence for a client's log; nothing of the server's insides.
    public static String message(Throwable problem) {
        return switch (problem) {
            case MillraceException known ->
                    known.problems().stream()
                            .map(Problem::toString)
                            .collect(Collectors.joining("; "));
            case ApiException kafka -> String.valueOf(kafka.getMessage());
            case CompletionException outer when outer.getCause() != null ->
                    message(outer.getCause());
            default -> Errors.UNKNOWN_SERVER_ERROR.message();
        };
    }

    /// As an exception from which Kafka's classes make error answers.
    static ApiException exception(Throwable problem) {
        return of(problem).exception(message(problem));
    }
}
