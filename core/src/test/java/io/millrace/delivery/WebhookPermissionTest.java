package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.delivery.WebhookPermission.Awaited;
import io.millrace.delivery.WebhookPermission.Denied;
import io.millrace.delivery.WebhookPermission.Granted;
import io.millrace.delivery.WebhookPermission.Question;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class WebhookPermissionTest {
    private static final Question QUESTION = new Question("events.example.com", 120, null);

    @ParameterizedTest
    @CsvSource({
        "*,100,100",
        "events.example.com,100,100",
        "Events.Example.com,*,",
        "*,007,7",
        "*,99999999999,",
        "*,,120",
        "*,0,120",
        "*,-3,120",
        "*,fast,120"
    })
    void anAllowedOriginIsPermission(
            String origin, @Nullable String rate, @Nullable Integer perMinute) {
        assertThat(WebhookPermission.of(QUESTION, origin, rate)).isEqualTo(new Granted(perMinute));
    }

    @Test
    void anotherOriginIsNot() {
        assertThat(WebhookPermission.of(QUESTION, "example.com", "*")).isInstanceOf(Denied.class);
        assertThat(WebhookPermission.of(QUESTION, "**", "*")).isInstanceOf(Denied.class);
    }

    @Test
    void silenceIsDenialUnlessThereIsACallback() {
        assertThat(WebhookPermission.of(QUESTION, null, "100")).isInstanceOf(Denied.class);
        Secret callback = Secret.of("https://example.com/confirm?key=abc");
        Question question = new Question("events.example.com", null, callback);
        assertThat(WebhookPermission.of(question, null, null)).isEqualTo(new Awaited());
        assertThat(question.toString()).doesNotContain("abc");
    }

    @Test
    void questionsThatNoHeaderCanCarryAreRefused() {
        assertThatThrownBy(() -> new Question("a\r\nb", null, null))
                .hasMessageContaining("DNS name");
        assertThatThrownBy(() -> new Question("a.example", 0, null))
                .hasMessageContaining("one request");
        assertThatThrownBy(() -> new Question("a.example", 1, Secret.of("https://a/\r\nx: y")))
                .hasMessageContaining("absolute URL");
    }

    @Test
    void secretsAreNotShown() {
        Secret secret = Secret.of("open sesame");
        assertThat(secret.reveal()).isEqualTo("open sesame");
        assertThat(secret).hasToString("***").isEqualTo(Secret.of("open sesame"));
        assertThat(secret).isNotEqualTo(Secret.of("open sesama"));
        assertThat(JsonMapper.shared().writeValueAsString(secret)).doesNotContain("sesame");
    }
}
