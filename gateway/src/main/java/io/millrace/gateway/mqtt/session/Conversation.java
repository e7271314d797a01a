package io.millrace.gateway.mqtt.session;

import io.millrace.error.MillraceException;
import io.millrace.gateway.mqtt.config.MqttLimits;
import io.millrace.gateway.mqtt.session.Authentication.Step;
import io.millrace.security.Principal;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One connection's side of the protocol, from CONNECT to its end: packets and time in, packets and
/// wishes out. No sockets, threads or clock. Owned by the connection's event loop.
public final class Conversation {
    private static final int EARLY_MAX = 10_000;

    private final Door door;
    private final Outlet outlet;
    private final MqttLimits limits;
    private final Login login;
    private final Intake intake;
    private final Supplier<String> identifiers;

    private State state = State.NEW;
    private @Nullable Connect connect;
    private @Nullable Principal principal;
    private @Nullable Attached attached;
    private final ArrayDeque<MqttMessage> early = new ArrayDeque<>(0);
    private long heardNanos;
    private boolean isWillDue = true;
    private boolean isGone;

    /// Whether the session's subscriptions are brought back to life still.
    private boolean isBeginning;

    /// What the authentication says last, for CONNACK.
    private byte @Nullable [] proof;

    private enum State {
        NEW,
        AUTHENTICATING,
        CLAIMING,
        /// It has its session, and CONNACK waits until that is written down.
        ENTERING,
        OPEN,
        ENDED
    }

    /// What there is once the client has its session.
    private record Attached(
            ClientSession session,
            Inbound inbound,
            Subscriber subscriber,
            Subscribing subscribing) {}

    /// @param identifiers makes identifiers for clients that have none
    /// @param loop runs actions on the connection's event loop
    public Conversation(
            Door door,
            Outlet outlet,
            MqttLimits limits,
            Authentication authentication,
            Supplier<String> identifiers,
            Executor loop,
            long nowNanos) {
        this.door = door;
        this.outlet = outlet;
        this.limits = limits;
        this.login = new Login(authentication, outlet, loop, new LoginOutcome());
        this.intake = new Intake(outlet, door, limits.publishRate(), nowNanos);
        this.identifiers = identifiers;
        this.heardNanos = nowNanos;
    }

    /// The client's session; `null` before it has one.
    public @Nullable ClientSession session() {
        return attached == null ? null : attached.session;
    }

    /// What sends to the client; `null` before it has a session.
    public @Nullable Subscriber subscriber() {
        return attached == null ? null : attached.subscriber;
    }

    /// Who it is.
    ///
    /// @throws NullPointerException before that is known
    public Principal principal() {
        return Objects.requireNonNull(principal, "authenticated");
    }

    /// What the client said when it connected.
    ///
    /// @throws NullPointerException before that
    public Connect connect() {
        return Objects.requireNonNull(connect, "connected");
    }

    public boolean isOpen() {
        return state == State.OPEN;
    }

    boolean wantsNoLocal() {
        return attached != null && attached.subscribing.wantsNoLocal();
    }

    // --- packets in ------------------------------------------------------------------------------

    /// A packet; whatever it holds is released here.
    public void received(MqttMessage packet, long nowNanos) {
        heardNanos = nowNanos;
        boolean isKept = false;
        try {
            switch (state) {
                case NEW -> first(packet);
                case AUTHENTICATING -> login.early(packet);
                case CLAIMING, ENTERING -> isKept = keepForLater(packet);
                case OPEN -> {
                    if (isBeginning) {
                        isKept = keepForLater(packet);
                    } else {
                        open(packet);
                    }
                }
                case ENDED -> {
                    // What comes now is not for us.
                }
            }
        } catch (Refused e) {
            end(e.reason(), e.why());
        } finally {
            if (!isKept) {
                ReferenceCountUtil.release(packet);
            }
        }
    }

    /// What came is no packet.
    public void malformed(boolean isTooLarge, String why) {
        end(isTooLarge ? ReasonCode.PACKET_TOO_LARGE : ReasonCode.MALFORMED_PACKET, why);
    }

    /// The client wants another version of the protocol.
    public void unsupportedVersion(String why) {
        if (state == State.NEW) {
            state = State.ENDED;
            outlet.send(Packets.refused(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, false, why));
            outlet.close();
        }
    }

    private void first(MqttMessage packet) {
        if (!(packet instanceof MqttConnectMessage wanted)) {
            // Nobody has said which version an answer should have.
            state = State.ENDED;
            outlet.close();
            return;
        }
        boolean isFive = wanted.variableHeader().version() == 5;
        try {
            connect = Handshake.of(wanted, limits, identifiers);
        } catch (Refused e) {
            refuse(e.reason(), isFive, e.why());
            return;
        }
        state = State.AUTHENTICATING;
        login.begin(connect());
    }

    private void refuse(ReasonCode reason, boolean isFive, @Nullable String why) {
        state = State.ENDED;
        boolean mayExplain = isFive && (connect == null || connect.wantsProblemInformation());
        outlet.send(Packets.refused(reason, isFive, mayExplain ? why : null));
        outlet.close();
    }

    /// What authentication comes to.
    private final class LoginOutcome implements Login.Outcome {
        @Override
        public boolean isOver() {
            return state == State.ENDED;
        }

        @Override
        public void granted(Step.Granted granted, boolean isFirst) {
            principal = granted.principal();
            if (isFirst) {
                proof = granted.data();
                state = State.CLAIMING;
                door.claim(Conversation.this, connect());
            } else {
                outlet.send(
                        Packets.authenticate(
                                ReasonCode.SUCCESS,
                                String.valueOf(login.method()),
                                granted.data()));
            }
        }

        @Override
        public void refused(Throwable problem) {
            end(MqttErrors.of(problem), MqttErrors.message(problem));
        }
    }

    private boolean keepForLater(MqttMessage packet) {
        if (early.size() >= EARLY_MAX) {
            throw new Refused(ReasonCode.QUOTA_EXCEEDED, "too many packets before CONNACK");
        }
        early.add(packet);
        intake.pause(Intake.Reason.EARLY);
        return true;
    }

    /// The client has its session.
    ///
    /// @param isPresent whether there was one
    public void claimed(ClientSession session, boolean isPresent) {
        if (state != State.CLAIMING) {
            // The client has gone meanwhile.
            isWillDue = false;
            attach(session);
            leave();
            return;
        }
        attach(session);
        Attached now = Objects.requireNonNull(attached, "attached");
        state = State.ENTERING;
        session.expirySeconds(connect().expirySeconds());
        session.will(connect().will());
        session.principal(principal());
        MqttProperties answer =
                connect().isFive()
                        ? Handshake.answer(connect(), limits, session.number(), proof)
                        : MqttProperties.NO_PROPERTIES;
        // One that was durable before ends with this connection, over a crash of the server too.
        if (session.isDurable() || session.isKept()) {
            door.keep(
                    session,
                    now.subscriber,
                    problem -> {
                        if (problem == null) {
                            letIn(now, isPresent, answer);
                        } else {
                            end(MqttErrors.of(problem), MqttErrors.message(problem));
                        }
                    });
        } else {
            letIn(now, isPresent, answer);
        }
    }

    /// The session cannot be had.
    public void notClaimed(Throwable problem) {
        if (state == State.CLAIMING) {
            refuse(MqttErrors.of(problem), connect().isFive(), MqttErrors.message(problem));
        }
    }

    private void attach(ClientSession session) {
        Subscriber subscriber =
                new Subscriber(
                        session,
                        outlet,
                        door.reads(),
                        this::note,
                        this::noteFailed,
                        connect == null ? 1 : connect.windowMax());
        boolean isFive = connect != null && connect.isFive();
        Inbound inbound = new Inbound(this, session, door, outlet, intake, limits, isFive);
        Subscribing subscribing = new Subscribing(this, session, subscriber, door, limits, isFive);
        attached = new Attached(session, inbound, subscriber, subscribing);
    }

    private void letIn(Attached now, boolean isPresent, MqttProperties answer) {
        if (state != State.ENTERING) {
            return;
        }
        state = State.OPEN;
        isBeginning = true;
        outlet.send(Packets.connected(isPresent, answer));
        now.subscribing.begin(() -> {
            isBeginning = false;
            while (state == State.OPEN && !early.isEmpty()) {
                received(early.remove(), heardNanos);
            }
            intake.resume(Intake.Reason.EARLY);
        });
    }

    private void open(MqttMessage packet) {
        Attached now = Objects.requireNonNull(attached, "attached");
        switch (packet.fixedHeader().messageType()) {
            case PUBLISH -> {
                intake.take(heardNanos);
                now.inbound.publish((MqttPublishMessage) packet);
            }
            case PUBACK -> now.subscriber.acknowledged(identifier(packet), isError(packet));
            case PUBREC -> receivedByClient(now, identifier(packet), isError(packet));
            case PUBREL -> now.inbound.release(identifier(packet));
            case PUBCOMP -> now.subscriber.completed(identifier(packet));
            case SUBSCRIBE -> now.subscribing.subscribe((MqttSubscribeMessage) packet);
            case UNSUBSCRIBE -> now.subscribing.unsubscribe((MqttUnsubscribeMessage) packet);
            case PINGREQ -> outlet.send(Packets.pong());
            case DISCONNECT -> disconnected(packet);
            case AUTH -> login.proceed(packet);
            case CONNECT -> throw new Refused(ReasonCode.PROTOCOL_ERROR, "a second CONNECT");
            case CONNACK, SUBACK, UNSUBACK, PINGRESP ->
                    throw new Refused(ReasonCode.PROTOCOL_ERROR, "only servers send that packet");
        }
    }

    private static int identifier(MqttMessage packet) {
        return packet.variableHeader() instanceof MqttMessageIdVariableHeader header
                ? header.messageId()
                : 0;
    }

    private static boolean isError(MqttMessage packet) {
        return packet.variableHeader() instanceof MqttPubReplyMessageVariableHeader header
                && (header.reasonCode() & 0xFF) >= 0x80;
    }

    private void receivedByClient(Attached now, int identifier, boolean isError) {
        if (!now.subscriber.received(identifier, isError) && !isError) {
            outlet.send(
                    connect().isFive()
                            ? Packets.release(identifier, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND)
                            : Packets.release(identifier));
        }
    }

    /// DISCONNECT.
    private void disconnected(MqttMessage packet) {
        isWillDue = false;
        if (connect().isFive()
                && packet.variableHeader()
                        instanceof MqttReasonCodeAndPropertiesVariableHeader header) {
            int reason = header.reasonCode() & 0xFF;
            // Only a normal end is without it (section 3.1.2.5).
            isWillDue = reason != ReasonCode.SUCCESS.code();
            long expiry =
                    Properties.number(
                            header.properties(), MqttProperties.SESSION_EXPIRY_INTERVAL, -1);
            changeExpiry(expiry);
        }
        state = State.ENDED;
        outlet.close();
    }

    private void changeExpiry(long expiry) {
        ClientSession session = session();
        if (expiry < 0 || session == null) {
            return;
        }
        if (expiry > 0 && connect().expirySeconds() == 0) {
            isWillDue = true;
            throw new Refused(
                    ReasonCode.PROTOCOL_ERROR, "a session that ends with its connection stays so");
        }
        session.expirySeconds(Math.min(expiry, limits.sessionMax().toSeconds()));
    }

    // --- time and the socket ---------------------------------------------------------------------

    /// Called about every second.
    public void tick(long nowNanos) {
        if (intake.isPaused()) {
            // It is not heard because nobody listens.
            heardNanos = nowNanos;
        }
        long silentNanos = nowNanos - heardNanos;
        if (state == State.NEW || state == State.AUTHENTICATING) {
            if (silentNanos > limits.connectMax().toNanos()) {
                state = State.ENDED;
                outlet.close();
            }
        } else if (state == State.OPEN && connect().keepAliveSeconds() > 0) {
            // One and a half times, section 3.1.2.10.
            if (silentNanos > connect().keepAliveSeconds() * 1_500_000_000L) {
                end(ReasonCode.KEEP_ALIVE_TIMEOUT, "nothing was heard for too long");
            }
        }
    }

    /// The socket takes more again.
    public void writable() {
        if (attached != null && state == State.OPEN) {
            attached.subscriber.resume();
        }
    }

    /// Ends the connection, and tells the client why if it can be told.
    public void end(ReasonCode reason, @Nullable String why) {
        if (state == State.ENDED) {
            return;
        }
        boolean isFive = connect != null && connect.isFive();
        if (state == State.OPEN && isFive) {
            boolean mayExplain = connect().wantsProblemInformation();
            outlet.send(Packets.disconnect(reason, mayExplain ? why : null));
        } else if (state != State.NEW && state != State.OPEN) {
            refuse(reason, isFive, why);
        }
        state = State.ENDED;
        outlet.close();
    }

    /// The connection is gone.
    public void gone() {
        if (isGone) {
            return;
        }
        isGone = true;
        state = State.ENDED;
        early.forEach(ReferenceCountUtil::release);
        early.clear();
        if (attached != null) {
            attached.subscriber.close();
            leave();
        }
    }

    // --- progress --------------------------------------------------------------------------------

    /// Runs an action when the session's progress so far is on disk.
    void whenNoted(Runnable action) {
        ClientSession session = Objects.requireNonNull(session(), "attached");
        session.notes().whenNoted(this::note, action, this::noteFailed);
    }

    private void note(Notes.Done done) {
        Attached now = Objects.requireNonNull(attached, "attached");
        door.note(
                now.session,
                now.subscriber,
                problem -> {
                    done.done(problem);
                    leave();
                });
    }

    private void noteFailed(@Nullable MillraceException problem) {
        if (problem != null) {
            if (attached != null) {
                attached.inbound.notNoted();
            }
            end(MqttErrors.of(problem), MqttErrors.message(problem));
        }
    }

    /// Whether an answer may say why (MQTT 5.0, section 3.1.2.11.7).
    boolean mayExplain() {
        return connect().isFive() && connect().wantsProblemInformation();
    }

    /// Sends an answer, if there is still somebody.
    void answer(MqttMessage packet) {
        if (state == State.OPEN) {
            outlet.send(packet);
        }
    }

    /// Lets go of the session once nothing of it is under way any more.
    void leave() {
        Attached now = attached;
        if (now == null || !isGone) {
            return;
        }
        boolean isBusy =
                now.inbound.isBusy() || now.session.notes().isBusy() || now.subscribing.isBusy();
        if (!isBusy) {
            attached = null;
            door.left(this, now.session, now.subscriber, isWillDue);
        }
    }
}
