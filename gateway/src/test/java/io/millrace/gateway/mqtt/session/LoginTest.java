package io.millrace.gateway.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.security.Principal;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Enhanced authentication (MQTT 5.0, section 4.12), with a method of two steps that the test
/// answers for.
final class LoginTest {
    private static final int CONTINUE = 0x18;
    private static final int ANEW = 0x19;
    private static final byte[] DATA = {7};

    private final TwoSteps method = new TwoSteps();
    private final Desk desk = new Desk(true, 0, Duration.ZERO, _ -> method);

    private static final class TwoSteps implements Authentication {
        final ArrayDeque<CompletableFuture<Step>> asked = new ArrayDeque<>();

        @Override
        public CompletableFuture<Step> begin(Connect connect) {
            return proceed(false, connect.authenticationData());
        }

        @Override
        public CompletableFuture<Step> proceed(boolean isAnew, byte @Nullable [] data) {
            CompletableFuture<Step> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        }

        void challenge() {
            asked.remove().complete(new Step.Challenge(new byte[] {1}));
        }

        void grant(String name) {
            asked.remove().complete(new Step.Granted(new Principal(name), new byte[] {9}));
        }

        void refuse() {
            asked.remove()
                    .completeExceptionally(new Refused(ReasonCode.NOT_AUTHORIZED, "not you"));
        }
    }

    private LoginTest connect() {
        MqttProperties properties = new MqttProperties();
        properties.add(
                new MqttProperties.StringProperty(MqttProperties.AUTHENTICATION_METHOD, "two"));
        desk.read(ClientPackets.connect(true, "c", true, properties));
        return this;
    }

    private void auth(int reason) {
        desk.read(ClientPackets.authenticate(reason, "two", DATA));
    }

    private void in() {
        connect();
        method.challenge();
        auth(CONTINUE);
        method.grant("ann");
        assertThat(desk.lastType()).isEqualTo(MqttMessageType.CONNACK);
        assertThat(desk.code()).isZero();
    }

    private void assertEnded(int code) {
        assertThat(desk.code()).isEqualTo(code);
        assertThat(desk.isClosed).isTrue();
    }

    @Test
    void twoSteps() {
        connect();
        assertThat(desk.sent).isEmpty();
        method.challenge();
        assertThat(desk.lastType()).isEqualTo(MqttMessageType.AUTH);
        assertThat(desk.code()).isEqualTo(CONTINUE);
        auth(CONTINUE);
        method.grant("ann");
        assertThat(desk.conversation.principal().name()).isEqualTo("ann");
        assertThat(desk.code()).isZero();
    }

    /// MQTT-4.12.0-5.
    @Test
    void connackNamesTheMethod() {
        in();
        MqttProperties properties =
                ((io.netty.handler.codec.mqtt.MqttConnAckMessage) desk.last())
                        .variableHeader()
                        .properties();
        assertThat(Properties.text(properties, MqttProperties.AUTHENTICATION_METHOD))
                .isEqualTo("two");
        assertThat(Properties.bytes(properties, MqttProperties.AUTHENTICATION_DATA))
                .containsExactly(9);
    }

    @Test
    void anew() {
        in();
        auth(ANEW);
        method.challenge();
        auth(CONTINUE);
        method.grant("bob");
        assertThat(desk.lastType()).isEqualTo(MqttMessageType.AUTH);
        assertThat(desk.code()).isZero();
        assertThat(desk.conversation.principal().name()).isEqualTo("bob");
        MqttProperties properties =
                ((MqttReasonCodeAndPropertiesVariableHeader) desk.last().variableHeader())
                        .properties();
        assertThat(Properties.text(properties, MqttProperties.AUTHENTICATION_METHOD))
                .isEqualTo("two");
    }

    @Test
    void anewInVain() {
        in();
        auth(ANEW);
        method.refuse();
        assertThat(desk.lastType()).isEqualTo(MqttMessageType.DISCONNECT);
        assertEnded(0x87);
    }

    @Test
    void refused() {
        connect();
        method.refuse();
        assertThat(desk.lastType()).isEqualTo(MqttMessageType.CONNACK);
        assertEnded(0x87);
    }

    @Test
    void otherPacketBeforeItIsIn() {
        connect();
        method.challenge();
        desk.read(ClientPackets.ping());
        assertEnded(0x82);
    }

    @Test
    void anewBeforeItIsIn() {
        connect();
        method.challenge();
        auth(ANEW);
        assertEnded(0x82);
    }

    @Test
    void answerThatNobodyAskedFor() {
        in();
        auth(CONTINUE);
        assertEnded(0x82);
    }

    /// The authentication is asked one thing at a time.
    @Test
    void answerWhileTheServerThinks() {
        in();
        auth(ANEW);
        auth(ANEW);
        assertEnded(0x82);
        assertThat(method.asked).hasSize(1);
        method.grant("bob");
        assertThat(desk.lastType()).isEqualTo(MqttMessageType.DISCONNECT);
    }

    @Test
    void otherMethod() {
        in();
        desk.read(ClientPackets.authenticate(ANEW, "three", DATA));
        assertEnded(0x82);
    }

    @Test
    void withoutMethod() {
        Desk plain = Desk.connected(true);
        plain.read(ClientPackets.authenticate(ANEW, null, DATA));
        assertThat(plain.code()).isEqualTo(0x82);
        assertThat(plain.isClosed).isTrue();
    }
}
