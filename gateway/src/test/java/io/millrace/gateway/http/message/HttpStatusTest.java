package io.millrace.gateway.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every error has a status that fits whose turn it is, and a document that can be read.
final class HttpStatusTest {
    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeHasAFittingStatus(ErrorCode code) {
        int status = HttpStatus.of(code);
        switch (code.kind()) {
            case CALLER -> assertThat(status).isBetween(400, 499);
            case RESOURCES -> assertThat(status).isIn(429, 503, 507);
            case STATE, INTERNAL -> assertThat(status).isBetween(500, 599);
        }
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeHasADocument(ErrorCode code) {
        byte[] bytes =
                ProblemDocument.of(new MillraceException(code, "f\"ield", "täglich\n\u0001"));
        JsonNode document = JsonMapper.shared().readTree(new String(bytes, StandardCharsets.UTF_8));
        assertThat(document.get("type").stringValue())
                .isEqualTo("https://millrace.dev/problems/" + code.slug());
        assertThat(document.get("title").stringValue()).isEqualTo(code.title());
        assertThat(document.get("status").intValue()).isEqualTo(HttpStatus.of(code));
        assertThat(document.get("code").intValue()).isEqualTo(code.number());
        JsonNode error = document.get("errors").get(0);
        assertThat(error.get("field").stringValue()).isEqualTo("f\"ield");
        assertThat(error.get("detail").stringValue()).isEqualTo("täglich\n\u0001");
    }

    @Test
    void thoseWhoMayComeBackAreToldSo() {
        assertThat(HttpStatus.retryable(ErrorCode.OVERLOADED)).isTrue();
        assertThat(HttpStatus.retryable(ErrorCode.EVENT_INVALID)).isFalse();
    }
}
