package io.millrace.gateway.kafka.admin;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.gateway.kafka.wire.KafkaErrors;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// What went wrong with one thing that was asked for.
///
/// @param message for whoever asked; `null` says no more than the error does
record AdminProblem(Errors error, @Nullable String message) {
    static final AdminProblem NONE = new AdminProblem(Errors.NONE, null);

    /// Does something and says what went wrong.
    static AdminProblem of(Logger log, Runnable action) {
        try {
            action.run();
            return NONE;
        } catch (RuntimeException e) {
            return of(log, e);
        }
    }

    static AdminProblem of(Logger log, RuntimeException failure) {
        Errors error = error(failure);
        if (error == Errors.UNKNOWN_SERVER_ERROR) {
            log.error("a request of an administrator failed", failure);
        }
        return new AdminProblem(error, KafkaErrors.message(failure));
    }

    private static Errors error(RuntimeException failure) {
        if (failure instanceof MillraceException known
                && known.code() == ErrorCode.RESOURCE_INVALID) {
            Problem first = known.problems().getFirst();
            return "partitions".equals(first.field())
                    ? Errors.INVALID_PARTITIONS
                    : Errors.INVALID_CONFIG;
        }
        return KafkaErrors.of(failure);
    }

    boolean isNone() {
        return error == Errors.NONE;
    }
}
