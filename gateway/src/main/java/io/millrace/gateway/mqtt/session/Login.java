package io.millrace.gateway.mqtt.session;

import io.millrace.gateway.mqtt.session.Authentication.Step;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Finds out who a client is, when it connects and whenever it authenticates anew (MQTT 5.0,
/// section 4.12). Owned by the connection's event loop.
final class Login {
    private final Authentication authentication;
    private final Outlet outlet;
    private final Executor loop;
    private final Outcome outcome;
    private @Nullable String method;

    /// Whether the server has to say something next; the client waits for it.
    private boolean isAsked;

    /// Whether the client has to answer a challenge.
    private boolean isChallenged;

    private boolean isIn;

    /// Hears what comes out of it.
    interface Outcome {
        /// @return whether nobody waits for it any more
        boolean isOver();

        /// @param isFirst whether the client is let in by this
        void granted(Step.Granted granted, boolean isFirst);

        void refused(Throwable problem);
    }

    Login(Authentication authentication, Outlet outlet, Executor loop, Outcome outcome) {
        this.authentication = authentication;
        this.outlet = outlet;
        this.loop = loop;
        this.outcome = outcome;
    }

    void begin(Connect connect) {
        method = connect.authenticationMethod();
        await(authentication.begin(connect));
    }

    /// The method that the client has named; `null` for user name and password.
    @Nullable String method() {
        return method;
    }

    /// What comes before the client is let in.
    ///
    /// @throws Refused if it is not AUTH, or one that nobody waits for
    void early(MqttMessage packet) {
        if (packet.fixedHeader().messageType() != MqttMessageType.AUTH) {
            throw new Refused(ReasonCode.PROTOCOL_ERROR, "only AUTH can come before CONNACK");
        }
        proceed(packet);
    }

    /// AUTH.
    ///
    /// @throws Refused if nobody waits for it
    void proceed(MqttMessage packet) {
        if (!(packet.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header)
                || method == null) {
            throw new Refused(ReasonCode.PROTOCOL_ERROR, "AUTH is not expected");
        }
        MqttProperties properties = header.properties();
        if (!method.equals(Properties.text(properties, MqttProperties.AUTHENTICATION_METHOD))) {
            throw new Refused(
                    ReasonCode.PROTOCOL_ERROR, "the authentication method is not that of CONNECT");
        }
        int reason = header.reasonCode() & 0xFF;
        boolean isAnew = reason == ReasonCode.REAUTHENTICATE.code();
        boolean isWaitedFor =
                isAnew
                        ? isIn && !isChallenged
                        : isChallenged && reason == ReasonCode.CONTINUE_AUTHENTICATION.code();
        if (isAsked || !isWaitedFor) {
            throw new Refused(ReasonCode.PROTOCOL_ERROR, "this AUTH is not expected now");
        }
        isChallenged = false;
        await(
                authentication.proceed(
                        isAnew, Properties.bytes(properties, MqttProperties.AUTHENTICATION_DATA)));
    }

    private void await(CompletableFuture<Step> next) {
        isAsked = true;
        if (next.isDone()) {
            var _ = next.whenComplete(this::stepped);
        } else {
            var _ =
                    next.whenComplete(
                            (step, problem) -> loop.execute(() -> stepped(step, problem)));
        }
    }

    private void stepped(@Nullable Step step, @Nullable Throwable problem) {
        isAsked = false;
        if (outcome.isOver()) {
            return;
        }
        switch (step) {
            case null -> outcome.refused(cause(problem));
            case Step.Challenge challenge -> {
                isChallenged = true;
                outlet.send(
                        Packets.authenticate(
                                ReasonCode.CONTINUE_AUTHENTICATION,
                                String.valueOf(method),
                                challenge.data()));
            }
            case Step.Granted granted -> {
                boolean isFirst = !isIn;
                isIn = true;
                outcome.granted(granted, isFirst);
            }
        }
    }

    private static Throwable cause(@Nullable Throwable problem) {
        if (problem == null) {
            return new IllegalStateException("no answer");
        }
        Throwable cause = problem.getCause();
        return problem instanceof CompletionException && cause != null ? cause : problem;
    }
}
