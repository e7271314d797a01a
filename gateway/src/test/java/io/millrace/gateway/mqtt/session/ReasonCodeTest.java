package io.millrace.gateway.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ReasonCodeTest {
    /// From the tables of MQTT 5.0: sections 3.2.2.2, 3.4.2.1, 3.9.3, 3.11.3 and 3.14.2.1, what a
    /// server may send.
    private static final Map<MqttMessageType, Set<Integer>> ALLOWED =
            Map.of(
                    MqttMessageType.CONNACK,
                    Set.of(
                            0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C,
                            0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F),
                    MqttMessageType.PUBACK,
                    Set.of(0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99),
                    MqttMessageType.PUBREC,
                    Set.of(0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99),
                    MqttMessageType.SUBACK,
                    Set.of(0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2),
                    MqttMessageType.UNSUBACK,
                    Set.of(0x80, 0x83, 0x87, 0x8F, 0x91),
                    MqttMessageType.DISCONNECT,
                    Set.of(
                            0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93,
                            0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F,
                            0xA0, 0xA1, 0xA2));

    @ParameterizedTest
    @EnumSource(ReasonCode.class)
    void eachPacketHasItsOwn(ReasonCode reason) {
        ALLOWED.forEach((packet, codes) -> {
            int code = reason.in(packet).code();
            if (!reason.isError()) {
                assertThat(code).isEqualTo(reason.code());
            } else if (codes.contains(reason.code())) {
                assertThat(code).as("%s in %s", reason, packet).isEqualTo(reason.code());
            } else {
                assertThat(codes).as("%s in %s", reason, packet).contains(code);
            }
        });
    }

    /// Netty throws where it does not know a code.
    @ParameterizedTest
    @EnumSource(ReasonCode.class)
    void eachCanRefuse(ReasonCode reason) {
        if (reason.isError()) {
            assertThat(Packets.refused(reason, true, "why")).isNotNull();
            assertThat(Packets.refused(reason, false, null)).isNotNull();
            assertThat(reason.returnCode()).isBetween(1, 5);
        }
    }

    @Test
    void returnCodes() {
        assertThat(ReasonCode.SUCCESS.returnCode()).isZero();
        assertThat(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION.returnCode()).isEqualTo(1);
        assertThat(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID.returnCode()).isEqualTo(2);
        assertThat(ReasonCode.QUOTA_EXCEEDED.returnCode()).isEqualTo(3);
        assertThat(ReasonCode.BAD_USER_NAME_OR_PASSWORD.returnCode()).isEqualTo(4);
        assertThat(ReasonCode.NOT_AUTHORIZED.returnCode()).isEqualTo(5);
    }

    /// Names and numbers as Netty has them.
    @ParameterizedTest
    @EnumSource(ReasonCode.class)
    void numbers(ReasonCode reason) {
        for (MqttReasonCodes.Disconnect known : MqttReasonCodes.Disconnect.values()) {
            if (known.name().equals(reason.name())) {
                assertThat(reason.code()).isEqualTo(known.byteValue() & 0xFF);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void eachErrorHasOne(ErrorCode code) {
        ReasonCode reason = MqttErrors.of(code);
        assertThat(reason.isError()).isTrue();
        MillraceException problem = new MillraceException(code, "detail");
        assertThat(MqttErrors.of(problem)).isEqualTo(reason);
        assertThat(MqttErrors.message(problem)).contains("detail");
    }

    @Test
    void faultsOfTheServerSayNothing() {
        RuntimeException fault = new IllegalStateException("/secret/path");
        assertThat(MqttErrors.of(fault)).isEqualTo(ReasonCode.UNSPECIFIED_ERROR);
        assertThat(MqttErrors.message(fault)).doesNotContain("secret");
        Refused refused = new Refused(ReasonCode.QUOTA_EXCEEDED, "too many");
        assertThat(MqttErrors.of(refused)).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(MqttErrors.message(refused)).isEqualTo("too many");
    }
}
