package io.millrace.gateway.mqtt.connection;

import io.millrace.gateway.listener.ConnectionGate;
import io.millrace.gateway.mqtt.config.MqttLimits;
import io.millrace.gateway.mqtt.loop.MqttLoops;
import io.millrace.gateway.mqtt.message.MessageFormat;
import io.millrace.gateway.mqtt.session.Authentication;
import io.millrace.gateway.mqtt.session.Conversation;
import io.millrace.gateway.mqtt.session.ReasonCode;
import io.millrace.gateway.mqtt.wire.PublishEncoder;
import io.millrace.io.Clock;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Makes a conversation of each accepted connection. Thread-safe.
public final class MqttService {
    static final int CLIENT_ID_MAX = 65_535;

    private final MqttLoops loops;
    private final MqttLimits limits;
    private final MessageFormat usual;
    private final Authentication.Factory authentication;
    private final Clock clock;
    private final ConcurrentHashMap<EventLoop, PublishEncoder> encoders = new ConcurrentHashMap<>();
    private final Set<Live> open = ConcurrentHashMap.newKeySet();

    /// A connection that is open.
    private record Live(MqttLoops.Home home, Conversation conversation) {}

    /// @param usual the format for clients of MQTT 3.1.1 that have not said which
    public MqttService(
            MqttLoops loops,
            MqttLimits limits,
            MessageFormat usual,
            Authentication.Factory authentication,
            Clock clock) {
        this.loops = loops;
        this.limits = limits;
        this.usual = usual;
        this.authentication = authentication;
        this.clock = clock;
    }

    /// Takes a TCP connection in, on its event loop.
    public void accept(Channel channel, ConnectionGate gate) {
        int high = limits.outputBytesMax();
        channel.config()
                .setOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(high / 2, high));
        channel.pipeline()
                .addLast(
                        new MqttDecoder(limits.packetBytesMax(), CLIENT_ID_MAX),
                        MqttEncoder.INSTANCE,
                        new MqttConnection(channel, gate, this));
    }

    /// Begins a dialogue on a TCP socket, on its event loop.
    Dialogue begin(Socket socket, Channel channel) {
        String address =
                channel.remoteAddress() instanceof InetSocketAddress remote
                        ? "/" + remote.getAddress().getHostAddress()
                        : String.valueOf(channel.remoteAddress());
        return begin(socket, channel.eventLoop(), address);
    }

    /// Begins a dialogue on any socket, on its event loop.
    Dialogue begin(Socket socket, EventLoop thread, String address) {
        MqttLoops.Home home = loops.of(thread);
        PublishEncoder encoder =
                encoders.computeIfAbsent(thread, _ -> new PublishEncoder(usual, clock));
        MqttLink link = new MqttLink(socket, home, encoder);
        Conversation conversation =
                new Conversation(
                        home.loop(),
                        link,
                        limits,
                        authentication.begin(address),
                        home.loop()::newIdentifier,
                        home::execute,
                        clock.nanoTime());
        link.conversation(conversation);
        Live live = new Live(home, conversation);
        open.add(live);
        return new Dialogue(conversation, link, home, () -> open.remove(live));
    }

    /// Open connections, over TCP and WebSocket.
    public int connections() {
        return open.size();
    }

    /// The server stops: tells everybody, and closes their connections.
    public void stopping() {
        for (Live each : List.copyOf(open)) {
            each.home.execute(() -> {
                each.conversation.end(ReasonCode.SERVER_SHUTTING_DOWN, "the server is stopping");
                each.home.flush();
            });
        }
    }

    /// The clock that conversations go by.
    Clock clock() {
        return clock;
    }

    int outputBytesMax() {
        return limits.outputBytesMax();
    }

    int packetBytesMax() {
        return limits.packetBytesMax();
    }
}
