package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.delivery.WebhookPermission.Granted;
import io.millrace.io.Randomness;
import io.millrace.simulator.SimulatedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class WebhookCallbacksTest {
    private static final String BASE = "https://events.example/millrace";

    private final SimulatedClock clock = new SimulatedClock();
    private final WebhookCallbacks callbacks =
            new WebhookCallbacks(BASE + "/", Randomness.unguessable(), clock);
    private final List<Granted> heard = new ArrayList<>();
    private final Consumer<Granted> later = heard::add;

    private String offer(Consumer<Granted> to) {
        String address = callbacks.offer(60, to).reveal();
        assertThat(address).startsWith(BASE + WebhookCallbacks.PATH);
        return address.substring(address.lastIndexOf('/') + 1);
    }

    @Test
    void anAddressWorksOnce() {
        String key = offer(later);
        assertThat(callbacks.calledBack(key, "120")).isTrue();
        assertThat(callbacks.calledBack(key, "120")).isFalse();
        assertThat(callbacks.calledBack("other", null)).isFalse();
        assertThat(heard).containsExactly(new Granted(120));
        assertThat(offer(later)).isNotEqualTo(key);
    }

    @Test
    void theRateIsThatOfTheCallbackOrWhatWasAsked() {
        callbacks.calledBack(offer(later), null);
        callbacks.calledBack(offer(later), "*");
        callbacks.calledBack(offer(later), "many");
        callbacks.calledBack(offer(later), "0");
        assertThat(heard)
                .containsExactly(
                        new Granted(60), new Granted(null), new Granted(60), new Granted(60));
    }

    @Test
    void whoIsAskedAgainIsToldTheSameAndItLastsForADayFromThenOn() {
        String key = offer(later);
        clock.advance(Duration.ofHours(23).toMillis());
        assertThat(offer(later)).isEqualTo(key);
        clock.advance(Duration.ofHours(23).toMillis());
        assertThat(callbacks.calledBack(key, null)).isTrue();
        String unused = offer(later);
        clock.advance(WebhookCallbacks.VALID.toMillis());
        assertThat(callbacks.calledBack(unused, null)).isFalse();
        assertThat(offer(later)).isNotEqualTo(unused);
    }

    @Test
    void whatIsWithdrawnGrantsNothing() {
        String key = offer(later);
        String other = offer(_ -> {});
        callbacks.withdraw(later);
        callbacks.withdraw(later);
        assertThat(callbacks.calledBack(key, null)).isFalse();
        assertThat(callbacks.calledBack(other, null)).isTrue();
        assertThat(heard).isEmpty();
    }

    @Test
    void addressesAreManyAndBounded() {
        String first = offer(later);
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < WebhookCallbacks.OFFERS_MAX; i++) {
            keys.add(
                    offer(
                            new Consumer<>() {
                                @Override
                                public void accept(Granted granted) {
                                    heard.add(granted);
                                }
                            }));
        }
        assertThat(keys).hasSize(WebhookCallbacks.OFFERS_MAX).allMatch(key -> key.length() == 43);
        assertThat(callbacks.calledBack(first, null)).isFalse();
        assertThat(keys).allMatch(key -> callbacks.calledBack(key, null));
    }

    @Test
    void theBaseMustBeAnAddress() {
        assertThatThrownBy(() -> new WebhookCallbacks("events.example", Randomness.system(), clock))
                .hasMessageContaining("must begin with https:// or http://");
        assertThatThrownBy(() ->
                        new WebhookCallbacks(
                                "https://events.example/?a=b", Randomness.system(), clock))
                .hasMessageContaining("query");
    }
}
