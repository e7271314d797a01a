package io.millrace.gateway.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules of MQTT 5.0 and 3.1.1, one each.
final class ProtocolRulesTest {
    private static final MqttProperties NONE = MqttProperties.NO_PROPERTIES;

    private static MqttProperties of(int id, int value) {
        return ClientPackets.numbers(id, value);
    }

    private static void assertEnded(Desk desk, int code) {
        assertThat(desk.isClosed).isTrue();
        assertThat(desk.conversation.isOpen()).isFalse();
        if (desk.isFive) {
            assertThat(desk.lastType()).isEqualTo(MqttMessageType.DISCONNECT);
            assertThat(desk.code()).isEqualTo(code);
        } else {
            assertThat(desk.lastType()).isNotEqualTo(MqttMessageType.DISCONNECT);
        }
    }

    // --- CONNECT ---------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void secondConnect(boolean isFive) {
        Desk desk = Desk.connected(isFive);
        desk.read(ClientPackets.connect(isFive, "c", true, NONE));
        assertEnded(desk, 0x82);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void packetBeforeConnect(boolean isFive) {
        Desk desk = new Desk(isFive).read(ClientPackets.ping());
        assertThat(desk.isClosed).isTrue();
        assertThat(desk.sent).isEmpty();
    }

    @Test
    void namelessKeptSessionOfOld() {
        Desk desk = new Desk(false).read(ClientPackets.connect(false, "", false, NONE));
        assertThat(desk.code()).isEqualTo(2);
        assertThat(desk.isClosed).isTrue();
    }

    @Test
    void namelessCleanSessionOfOld() {
        Desk desk = new Desk(false).read(ClientPackets.connect(false, "", true, NONE));
        assertThat(desk.code()).isZero();
        assertThat(desk.conversation.connect().clientId()).isEqualTo("made-up");
    }

    @Test
    void assignedClientIdentifier() {
        Desk desk = new Desk(true).read(ClientPackets.connect(true, "", false, NONE));
        assertThat(
                        Properties.text(
                                desk.connectedProperties(),
                                MqttProperties.ASSIGNED_CLIENT_IDENTIFIER))
                .isEqualTo("made-up");
    }

    @ParameterizedTest
    @CsvSource({"true,133", "false,2"})
    void clientIdentifierWithControlCharacter(boolean isFive, int code) {
        Desk desk = new Desk(isFive).read(ClientPackets.connect(isFive, "a\u0001", true, NONE));
        assertThat(desk.code()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sessionPresent(boolean isFive) {
        Desk desk = new Desk(isFive);
        desk.door.known = new ClientSession("c", "n7", 100);
        desk.read(ClientPackets.connect(isFive, "c", false, NONE));
        assertThat(((MqttConnAckMessage) desk.last()).variableHeader().isSessionPresent()).isTrue();
        Desk fresh = Desk.connected(isFive);
        assertThat(((MqttConnAckMessage) fresh.last()).variableHeader().isSessionPresent())
                .isFalse();
    }

    @Test
    void receiveMaximumZero() {
        assertRefused(of(MqttProperties.RECEIVE_MAXIMUM, 0), 0x82);
    }

    @Test
    void maximumPacketSizeZero() {
        assertRefused(of(MqttProperties.MAXIMUM_PACKET_SIZE, 0), 0x82);
    }

    @Test
    void requestForInformationTwo() {
        assertRefused(of(MqttProperties.REQUEST_PROBLEM_INFORMATION, 2), 0x82);
    }

    @Test
    void authenticationDataWithoutMethod() {
        MqttProperties properties = new MqttProperties();
        properties.add(
                new MqttProperties.BinaryProperty(
                        MqttProperties.AUTHENTICATION_DATA, new byte[] {1}));
        assertRefused(properties, 0x82);
    }

    @Test
    void unknownAuthenticationMethod() {
        MqttProperties properties = new MqttProperties();
        properties.add(
                new MqttProperties.StringProperty(MqttProperties.AUTHENTICATION_METHOD, "X"));
        assertRefused(properties, 0x8C);
    }

    private static void assertRefused(MqttProperties properties, int code) {
        Desk desk = new Desk(true).read(ClientPackets.connect(true, "c", true, properties));
        assertThat(desk.lastType()).isEqualTo(MqttMessageType.CONNACK);
        assertThat(desk.code()).isEqualTo(code);
        assertThat(desk.isClosed).isTrue();
    }

    @Test
    void unsupportedVersion() {
        Desk desk = new Desk(false);
        desk.conversation.unsupportedVersion("version 9");
        assertThat(desk.code()).isEqualTo(1);
        assertThat(desk.isClosed).isTrue();
    }

    @Test
    void responseInformation() {
        Desk desk = new Desk(true).in(of(MqttProperties.REQUEST_RESPONSE_INFORMATION, 1));
        assertThat(
                        Properties.text(
                                desk.connectedProperties(), MqttProperties.RESPONSE_INFORMATION))
                .isEqualTo("replies/n1");
        assertThat(
                        Properties.text(
                                Desk.connected(true).connectedProperties(),
                                MqttProperties.RESPONSE_INFORMATION))
                .isNull();
    }

    @Test
    void sessionExpiryIsLimited() {
        Desk desk = new Desk(true).in(of(MqttProperties.SESSION_EXPIRY_INTERVAL, -1));
        assertThat(
                        Properties.number(
                                desk.connectedProperties(),
                                MqttProperties.SESSION_EXPIRY_INTERVAL,
                                -1))
                .isEqualTo(86_400);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingIsAnsweredBeforeConnack(boolean isFive) {
        Desk desk = new Desk(isFive);
        desk.door.holdsKeeping = true;
        desk.read(
                ClientPackets.connect(
                        isFive, "c", false, of(MqttProperties.SESSION_EXPIRY_INTERVAL, 60)));
        desk.read(ClientPackets.publish("t", 1, 7, "x")).read(ClientPackets.ping());
        assertThat(desk.sent).isEmpty();
        assertThat(desk.isPaused).isTrue();
        desk.door.unkept.remove().done(null);
        assertThat(desk.sent)
                .extracting(each -> each.fixedHeader().messageType())
                .containsExactly(
                        MqttMessageType.CONNACK, MqttMessageType.PUBACK, MqttMessageType.PINGRESP);
        assertThat(desk.isPaused).isFalse();
    }

    // --- time ------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepAliveOneAndAHalf(boolean isFive) {
        Desk desk = new Desk(isFive);
        desk.read(ClientPackets.connect(isFive, "c", true, 10, null, NONE, NONE));
        desk.conversation.tick(15 * Desk.SECOND);
        assertThat(desk.isClosed).isFalse();
        desk.conversation.tick(15 * Desk.SECOND + 1);
        assertEnded(desk, 0x8D);
    }

    @Test
    void silenceWhileNobodyListensIsNone() {
        Desk desk = new Desk(true);
        desk.read(ClientPackets.connect(true, "c", true, 10, null, NONE, NONE));
        desk.door.holdsReplies = true;
        for (int i = 1; i <= Desk.INFLIGHT_MAX; i++) {
            desk.read(ClientPackets.publish("t", 1, i, "x"));
        }
        assertThat(desk.isPaused).isTrue();
        desk.conversation.tick(60 * Desk.SECOND);
        assertThat(desk.isClosed).isFalse();
    }

    @Test
    void serverKeepAlive() {
        Desk desk =
                new Desk(
                                true,
                                0,
                                Duration.ofSeconds(30),
                                Authentication.none(io.millrace.security.Principal.LOCAL))
                        .in(NONE);
        assertThat(
                        Properties.number(
                                desk.connectedProperties(), MqttProperties.SERVER_KEEP_ALIVE, -1))
                .isEqualTo(30);
        desk.conversation.tick(46 * Desk.SECOND);
        assertEnded(desk, 0x8D);
    }

    @Test
    void connectInTime() {
        Desk desk = new Desk(true);
        desk.conversation.tick(11 * Desk.SECOND);
        assertThat(desk.isClosed).isTrue();
        assertThat(desk.sent).isEmpty();
    }

    // --- PUBLISH ---------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"0,0x94", "6,0x94", "5,0x82"})
    void topicAlias(int alias, String code) {
        Desk desk = Desk.connected(true);
        String topic = alias == 5 ? "" : "t";
        desk.read(
                ClientPackets.publish(
                        topic, 0, 0, "x", of(MqttProperties.TOPIC_ALIAS, alias)));
        assertEnded(desk, Integer.decode(code));
    }

    @Test
    void topicAliasIsResolvedAndChanged() {
        Desk desk = Desk.connected(true);
        MqttProperties alias = of(MqttProperties.TOPIC_ALIAS, 5);
        desk.read(ClientPackets.publish("a", 0, 0, "1", alias))
                .read(ClientPackets.publish("", 0, 0, "2", alias))
                .read(ClientPackets.publish("b", 0, 0, "3", alias))
                .read(ClientPackets.publish("", 0, 0, "4", alias));
        assertThat(desk.door.published)
                .extracting(each -> each.topic())
                .containsExactly("a", "a", "b", "b");
    }

    @Test
    void payloadFormatTwo() {
        Desk desk = Desk.connected(true);
        desk.read(
                ClientPackets.publish(
                        "t", 1, 1, "x", of(MqttProperties.PAYLOAD_FORMAT_INDICATOR, 2)));
        assertEnded(desk, 0x82);
    }

    @Test
    void subscriptionIdentifierFromClient() {
        Desk desk = Desk.connected(true);
        desk.read(
                ClientPackets.publish(
                        "t", 1, 1, "x", of(MqttProperties.SUBSCRIPTION_IDENTIFIER, 2)));
        assertEnded(desk, 0x82);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/../b", "a/*", "a\u0007"})
    void invalidTopic(String topic) {
        Desk desk = Desk.connected(true);
        desk.read(ClientPackets.publish(topic, 1, 9, "x"));
        assertThat(desk.lastType()).isEqualTo(MqttMessageType.PUBACK);
        assertThat(desk.code()).isEqualTo(0x90);
        desk.read(ClientPackets.publish(topic, 2, 10, "x"));
        assertThat(desk.lastType()).isEqualTo(MqttMessageType.PUBREC);
        assertThat(desk.code()).isEqualTo(0x90);
        Desk old = Desk.connected(false);
        old.read(ClientPackets.publish(topic, 1, 9, "x"));
        assertEnded(old, 0);
    }

    @Test
    void receiveMaximumExceeded() {
        Desk desk = Desk.connected(true);
        desk.door.holdsReplies = true;
        for (int i = 1; i <= Desk.INFLIGHT_MAX + 1; i++) {
            desk.read(ClientPackets.publish("t", 1, i, "x"));
        }
        assertEnded(desk, 0x93);
    }

    /// A PUBACK has only some of the reason codes; a client takes others as malformed.
    @Test
    void failureOfAPublish() {
        Desk desk = Desk.connected(true);
        desk.door.problem = new MillraceException(ErrorCode.EVENT_TOO_LARGE, "too large");
        desk.read(ClientPackets.publish("t", 1, 1, "x"));
        assertThat(desk.code()).isEqualTo(0x97);
        desk.door.problem = new MillraceException(ErrorCode.SHUTTING_DOWN, "stops");
        desk.read(ClientPackets.publish("t", 2, 2, "x"));
        assertThat(desk.code()).isEqualTo(0x80);
    }

    @Test
    void requestProblemInformationZero() {
        Desk desk = new Desk(true).in(of(MqttProperties.REQUEST_PROBLEM_INFORMATION, 0));
        desk.read(ClientPackets.subscribe(1, "a/#/b", 0));
        MqttSubAckMessage answer = (MqttSubAckMessage) desk.last();
        assertThat(answer.idAndPropertiesVariableHeader().properties().isEmpty()).isTrue();
        desk.read(ClientPackets.publish("a/../b", 1, 2, "x"));
        assertThat(
                        ((MqttPubReplyMessageVariableHeader) desk.last().variableHeader())
                                .properties()
                                .isEmpty())
                .isTrue();
        desk.read(ClientPackets.connect(true, "c", true, NONE));
        assertThat(
                        ((MqttReasonCodeAndPropertiesVariableHeader) desk.last().variableHeader())
                                .properties()
                                .isEmpty())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"true,146", "false,0"})
    void releaseOfWhatIsUnknown(boolean isFive, int code) {
        Desk desk = Desk.connected(isFive);
        desk.read(ClientPackets.reply(MqttMessageType.PUBREL, 5, 0));
        assertThat(desk.lastType()).isEqualTo(MqttMessageType.PUBCOMP);
        assertThat(desk.code()).isEqualTo(code);
        desk.read(ClientPackets.reply(MqttMessageType.PUBREC, 5, 0));
        assertThat(desk.lastType()).isEqualTo(MqttMessageType.PUBREL);
        assertThat(desk.code()).isEqualTo(code);
    }

    // --- SUBSCRIBE -------------------------------------------------------------------------------

    @Test
    void subscriptionIdentifierZero() {
        Desk desk = Desk.connected(true);
        desk.read(
                ClientPackets.subscribe(
                        1,
                        of(MqttProperties.SUBSCRIPTION_IDENTIFIER, 0),
                        List.of(ClientPackets.filter("a", 0))));
        assertEnded(desk, 0x82);
    }

    @Test
    void shareWithoutItsOwn() {
        Desk desk = Desk.connected(true);
        desk.read(
                ClientPackets.subscribe(
                        1, NONE, List.of(ClientPackets.filter("$share/s/a", 0, true, 0))));
        assertEnded(desk, 0x82);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/#/b", "a+", "#a", "$share/s", "$share//a", "$share/a+/b", "a/*"})
    void invalidFilter(String filter) {
        assertThat(Desk.connected(true).read(ClientPackets.subscribe(1, filter, 0)).code())
                .isEqualTo(0x8F);
        assertThat(Desk.connected(false).read(ClientPackets.subscribe(1, filter, 0)).code())
                .isEqualTo(0x80);
    }

    @ParameterizedTest
    @CsvSource({"true,0x97", "false,0x80"})
    void quotaOfSubscriptions(boolean isFive, String code) {
        Desk desk = Desk.connected(isFive);
        desk.read(
                ClientPackets.subscribe(
                        1,
                        NONE,
                        List.of(
                                ClientPackets.filter("a", 0),
                                ClientPackets.filter("b", 1),
                                ClientPackets.filter("a", 2),
                                ClientPackets.filter("c", 2),
                                ClientPackets.filter("d", 2))));
        assertThat(((MqttSubAckMessage) desk.last()).payload().reasonCodes())
                .containsExactly(0, 1, 2, 2, Integer.decode(code));
        assertThat(desk.door.subscriptions).hasSize(3);
    }

    /// What cannot be written down is not promised, and sends nothing either.
    @Test
    void subscriptionThatCannotBeKept() {
        Desk desk =
                new Desk(true).in(of(MqttProperties.SESSION_EXPIRY_INTERVAL, 60));
        desk.door.problem = new MillraceException(ErrorCode.DISK_FULL, "full");
        desk.read(ClientPackets.subscribe(1, "a", 1));
        assertThat(desk.code()).isEqualTo(0x97);
        assertThat(desk.door.subscriptions).isEmpty();
    }

    // --- the end ---------------------------------------------------------------------------------

    @Test
    void expiryFromNothingToMore() {
        Desk desk = Desk.connected(true);
        desk.read(
                ClientPackets.disconnect(
                        true, 0, of(MqttProperties.SESSION_EXPIRY_INTERVAL, 60)));
        assertEnded(desk, 0x82);
    }

    @ParameterizedTest
    @CsvSource({"true,0,false", "true,4,true", "true,128,true", "false,0,false"})
    void willAfterDisconnect(boolean isFive, int reason, boolean isDue) {
        Desk desk = new Desk(isFive);
        desk.read(ClientPackets.connect(isFive, "c", true, 0, "will", NONE, NONE));
        desk.read(ClientPackets.disconnect(isFive, reason, NONE));
        desk.conversation.gone();
        assertThat(desk.door.isWillDue).isEqualTo(isDue);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void willAfterSilence(boolean isFive) {
        Desk desk = new Desk(isFive);
        desk.read(ClientPackets.connect(isFive, "c", true, 0, "will", NONE, NONE));
        desk.conversation.gone();
        assertThat(desk.door.isWillDue).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"true,144", "false,3"})
    void willWithoutTopic(boolean isFive, int code) {
        Desk desk = new Desk(isFive);
        desk.read(ClientPackets.connect(isFive, "c", true, 0, "a/+", NONE, NONE));
        assertThat(desk.code()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takenOver(boolean isFive) {
        Desk desk = Desk.connected(isFive);
        desk.conversation.end(ReasonCode.SESSION_TAKEN_OVER, "again");
        assertEnded(desk, 0x8E);
    }

    /// A CONNACK cannot say so.
    @Test
    void takenOverBeforeItIsIn() {
        Desk desk = new Desk(true);
        desk.door.holdsClaims = true;
        desk.read(ClientPackets.connect(true, "c", true, NONE));
        desk.conversation.end(ReasonCode.SESSION_TAKEN_OVER, "again");
        assertThat(desk.lastType()).isEqualTo(MqttMessageType.CONNACK);
        assertThat(desk.code()).isEqualTo(0x88);
    }
}
