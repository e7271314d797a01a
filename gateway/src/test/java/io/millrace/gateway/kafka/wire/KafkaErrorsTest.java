package io.millrace.gateway.kafka.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KafkaErrorsTest {
    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void clientsTryAgainWhereTimeHelps(ErrorCode code) {
        Errors error = KafkaErrors.of(code);
        assertThat(error).isNotEqualTo(Errors.NONE);
        boolean retried = error.exception() instanceof RetriableException;
        switch (code.kind()) {
            case RESOURCES -> assertThat(retried).isTrue();
            case INTERNAL -> assertThat(error).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
            case CALLER, STATE -> {
                // Some of these are retried by Kafka's own rules: a topic may be created any time,
                // a failed disk may be mended.
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void onlyFaultsOfTheServerAreUnknown(ErrorCode code) {
        boolean unknown = KafkaErrors.of(code) == Errors.UNKNOWN_SERVER_ERROR;
        boolean atStart =
                code == ErrorCode.CONFIGURATION_INVALID
                        || code == ErrorCode.DATA_FOLDER_IN_USE
                        || code == ErrorCode.DATA_FOLDER_TOO_NEW;
        assertThat(unknown).isEqualTo(code.kind() == ErrorCode.Kind.INTERNAL || atStart);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void causesAreFound(ErrorCode code) {
        MillraceException problem = new MillraceException(code, "field", "why");
        Throwable outer = new CompletionException(problem);
        assertThat(KafkaErrors.of(outer)).isEqualTo(KafkaErrors.of(code));
        assertThat(KafkaErrors.message(outer)).isEqualTo("field: why");
        assertThat(KafkaErrors.message(new IllegalStateException("secret")))
                .doesNotContain("secret");
    }
}
