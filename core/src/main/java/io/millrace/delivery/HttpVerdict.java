package io.millrace.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the status of an HTTP answer means for a delivery (CloudEvents http-webhook.md, section
/// 2.2).
///
/// 2xx is success. 404, 408, 409, 429 and 5xx are retried, as they may pass. 410 retires the sink.
/// All other 4xx would come again and are not retried. Redirects are never followed: they would be
/// a way around every check of the sink's address; whoever set the sink up has to change it, so
/// they are not retried either.
public enum HttpVerdict {
    /// The sink has taken the event.
    DELIVERED,
    /// Something that may pass.
    RETRY,
    /// It would come again.
    REJECTED,
    /// The sink is there no more.
    GONE;

    /// The verdict on a final status; anything that is no status of HTTP is retried.
    public static HttpVerdict of(int status) {
        return switch (status) {
            case 404, 408, 409, 429 -> RETRY;
            case 410 -> GONE;
            default ->
                    switch (status / 100) {
                        case 2 -> DELIVERED;
                        case 3, 4 -> REJECTED;
                        default -> RETRY;
                    };
        };
    }

    /// The outcome of an attempt with an answer that is no success.
    ///
    /// @param retryAfter what the answer asks for, if anything
    /// @throws IllegalArgumentException if the status is a success
    public static Outcome failure(int status, @Nullable Duration retryAfter) {
        String reason = reason(status);
        return switch (of(status)) {
            case DELIVERED -> throw new IllegalArgumentException(status + " is no failure");
            case RETRY -> new Outcome.RetryLater(retryAfter, status, reason);
            case REJECTED -> new Outcome.Rejected(status, reason);
            case GONE -> new Outcome.Gone(status, reason);
        };
    }

    private static String reason(int status) {
        String meaning =
                switch (status) {
                    case 400 -> "it finds the request malformed";
                    case 401, 403 -> "it does not accept the credentials";
                    case 404 -> "it does not know the address";
                    case 405 -> "it takes no POST at this address";
                    case 408 -> "the request took it too long";
                    case 409 -> "it is in a state that conflicts with the request";
                    case 410 -> "it is gone and wants no more deliveries";
                    case 413, 431 -> "the event is too large for it";
                    case 415 -> "it does not understand the format; try another mode";
                    case 429 -> "it gets more requests than it allows";
                    case 503 -> "it is not available";
                    default ->
                            switch (status / 100) {
                                case 3 -> "redirects are not followed; set the sink's new address";
                                case 4 -> "it refuses the request";
                                case 5 -> "it failed";
                                default -> "which is no status that ends a request";
                            };
                };
        return "the sink answered %d: %s".formatted(status, meaning);
    }
}
