package io.millrace.gateway.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.security.Principal;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The rate at which a client may publish, and who else can stop it from being read.
final class IntakeTest {
    private static final int RATE = 10;

    private final Desk desk =
            new Desk(true, RATE, Duration.ZERO, Authentication.none(Principal.LOCAL))
                    .in(MqttProperties.NO_PROPERTIES);
    private int identifier;

    private void publish(int count, long nanos) {
        for (int i = 0; i < count; i++) {
            identifier = identifier % 60_000 + 1;
            desk.read(ClientPackets.publish("t", i % 3, i % 3 == 0 ? 0 : identifier, "x"), nanos);
        }
    }

    private void wake(long nanos) {
        desk.door.later.remove().accept(nanos);
    }

    @Test
    void burstOfOneSecond() {
        publish(RATE, 0);
        assertThat(desk.isPaused).isFalse();
        publish(1, 0);
        assertThat(desk.isPaused).isTrue();
        assertThat(desk.door.laterMillis).containsExactly(101L);
        wake(101_000_000);
        assertThat(desk.isPaused).isFalse();
    }

    /// What was read already is taken, and paid for.
    @Test
    void debt() {
        publish(3 * RATE, 0);
        assertThat(desk.door.published).hasSize(3 * RATE);
        assertThat(desk.door.later).hasSize(1);
        wake(101_000_000);
        assertThat(desk.isPaused).isTrue();
        assertThat(desk.door.later).hasSize(1);
        wake(2 * Desk.SECOND + 1);
        assertThat(desk.isPaused).isFalse();
        assertThat(desk.door.later).isEmpty();
    }

    @Test
    void steadyRateIsNeverStopped() {
        for (int i = 0; i < 1_000; i++) {
            publish(1, i * Desk.SECOND / RATE);
            assertThat(desk.isPaused).isFalse();
        }
    }

    @Test
    void otherPacketsAreFree() {
        publish(RATE, 0);
        for (int i = 0; i < 100; i++) {
            desk.read(ClientPackets.ping());
        }
        assertThat(desk.isPaused).isFalse();
    }

    /// Over any long time the rate holds, whatever a client tries.
    @Test
    void rateOverTime() {
        Random random = new Random(5);
        long now = 0;
        long taken = 0;
        while (now < 100 * Desk.SECOND) {
            if (desk.isPaused) {
                now += 1_000_000 * desk.door.laterMillis.getLast();
                wake(now);
            } else {
                publish(1, now);
                taken++;
                now += random.nextInt(20_000_000);
            }
        }
        assertThat(taken).isBetween(100L * RATE - RATE, 101L * RATE + 1);
    }

    @Test
    void eachReasonCountsForItself() {
        desk.door.holdsReplies = true;
        publish(14, 0);
        assertThat(desk.isPaused).isTrue();
        wake(60 * Desk.SECOND);
        assertThat(desk.isPaused).isTrue();
        while (!desk.door.unanswered.isEmpty()) {
            desk.door.unanswered.remove().recorded();
        }
        assertThat(desk.isPaused).isFalse();
        assertThat(desk.isClosed).isFalse();
    }
}
