package io.millrace.gateway.mqtt.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A client for one connection, whose methods wait for the server's answers. It acknowledges what
/// it gets unless it is told not to. Thread-safe.
public final class TestClient implements AutoCloseable {
    private static final int WAIT_SECONDS = 30;
    private static final int SUBSCRIPTION = 0x0B;

    private final Wire wire;
    private final boolean isFive;
    private final boolean acknowledges;
    private final AtomicInteger identifiers = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Integer>> answers = new ConcurrentHashMap<>();
    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();

    private TestClient(Wire wire, boolean isFive, boolean acknowledges) {
        this.wire = wire;
        this.isFive = isFive;
        this.acknowledges = acknowledges;
    }

    /// Connects.
    public static TestClient connect(int port, Hello hello) throws IOException {
        TestClient client = new TestClient(new Wire(port, hello), hello.isFive(), true);
        client.wire.listen(client::received);
        return client;
    }

    /// Connects, and acknowledges nothing.
    public static TestClient silent(int port, Hello hello) throws IOException {
        TestClient client = new TestClient(new Wire(port, hello), hello.isFive(), false);
        client.wire.listen(client::received);
        return client;
    }

    /// Connects, and reads nothing until [#read].
    public static TestClient deaf(int port, Hello hello) throws IOException {
        return new TestClient(new Wire(port, hello), hello.isFive(), true);
    }

    /// Asks to be let in, and goes before it is.
    public static void hangUp(int port, Hello hello) throws IOException {
        Wire.hangUp(port, hello);
    }

    /// SUBSCRIBE, and goes before the answer comes.
    public void subscribeAndGo(String filter) throws IOException {
        subscribeBlindly(filter, 1);
        wire.close();
    }

    /// SUBSCRIBE, and does not wait for the answer.
    public void subscribeBlindly(String filter, int options) throws IOException {
        Fields fields = new Fields().two(identifier());
        if (isFive) {
            fields.properties(new Fields());
        }
        wire.send(new Frame(Frame.SUBSCRIBE, 2, fields.text(filter).one(options).bytes()));
    }

    /// Begins to read.
    public void read() {
        wire.listen(this::received);
    }

    private void received(Frame frame) {
        try {
            switch (frame.type()) {
                case Frame.PUBLISH -> delivered(Delivery.of(frame, isFive));
                case Frame.PUBREC -> {
                    if (frame.reason() < 0x80) {
                        wire.send(Frame.reply(Frame.PUBREL, frame.identifier()));
                    } else {
                        answered(frame);
                    }
                }
                case Frame.PUBREL -> {
                    if (acknowledges) {
                        wire.send(Frame.reply(Frame.PUBCOMP, frame.identifier()));
                    }
                }
                case Frame.PUBACK, Frame.PUBCOMP, Frame.SUBACK, Frame.UNSUBACK -> answered(frame);
                default -> throw new AssertionError("not expected: " + frame);
            }
        } catch (IOException _) {
            // The connection ends.
        }
    }

    private void delivered(Delivery delivery) throws IOException {
        if (acknowledges) {
            acknowledge(delivery);
        }
        deliveries.add(delivery);
    }

    /// PUBACK or PUBREC.
    public void acknowledge(Delivery delivery) throws IOException {
        if (delivery.qos() > 0) {
            int type = delivery.qos() == 1 ? Frame.PUBACK : Frame.PUBREC;
            wire.send(Frame.reply(type, delivery.identifier()));
        }
    }

    private void answered(Frame frame) {
        CompletableFuture<Integer> waiting = answers.remove(frame.identifier());
        if (waiting != null) {
            boolean isList = frame.type() == Frame.SUBACK || frame.type() == Frame.UNSUBACK;
            waiting.complete(
                    isList ? frame.body()[frame.body().length - 1] & 0xFF : frame.reason());
        }
    }

    private CompletableFuture<Integer> ask(int type, int flags, int identifier, Fields fields)
            throws IOException {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        answers.put(identifier, answer);
        wire.send(new Frame(type, flags, fields.bytes()));
        return answer;
    }

    private static int join(CompletableFuture<Integer> answer) {
        return answer.orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
    }

    private int identifier() {
        return identifiers.updateAndGet(last -> last == 65_535 ? 1 : last + 1);
    }

    /// Whether the server had the session.
    public boolean isPresent() {
        return wire.isPresent();
    }

    /// @param options the subscription options (MQTT 5.0, section 3.8.3.1), QoS in the lowest bits
    /// @return the reason code
    public int subscribe(String filter, int options) throws IOException {
        return subscribe(filter, options, 0);
    }

    /// @param number the subscription identifier; 0 for none
    public int subscribe(String filter, int options, int number) throws IOException {
        int identifier = identifier();
        Fields fields = new Fields().two(identifier);
        if (isFive) {
            Fields properties = new Fields();
            if (number > 0) {
                properties.one(SUBSCRIPTION).variable(number);
            }
            fields.properties(properties);
        }
        fields.text(filter).one(options);
        return join(ask(Frame.SUBSCRIBE, 2, identifier, fields));
    }

    /// @return the reason code
    public int unsubscribe(String filter) throws IOException {
        int identifier = identifier();
        Fields fields = new Fields().two(identifier);
        if (isFive) {
            fields.properties(new Fields());
        }
        return join(ask(Frame.UNSUBSCRIBE, 2, identifier, fields.text(filter)));
    }

    /// @return the reason code
    public int publish(String topic, String payload, int qos) throws IOException {
        return join(send(topic, payload, qos, false));
    }

    /// Publishes with QoS 1 and RETAIN.
    public void retain(String topic, String payload) throws IOException {
        int _ = join(send(topic, payload, 1, true));
    }

    /// Publishes and does not wait.
    ///
    /// @return the reason code; at once with QoS 0
    public CompletableFuture<Integer> send(
            String topic, String payload, int qos, boolean isRetained) throws IOException {
        Fields fields = new Fields().text(topic);
        int identifier = qos == 0 ? 0 : identifier();
        if (qos > 0) {
            fields.two(identifier);
        }
        if (isFive) {
            fields.properties(new Fields());
        }
        fields.raw(payload.getBytes(StandardCharsets.UTF_8));
        int flags = qos << 1 | (isRetained ? 1 : 0);
        if (qos == 0) {
            wire.send(new Frame(Frame.PUBLISH, flags, fields.bytes()));
            return CompletableFuture.completedFuture(0);
        }
        return ask(Frame.PUBLISH, flags, identifier, fields);
    }

    /// The next message.
    public Delivery next() throws InterruptedException {
        Delivery next = deliveries.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no message came");
        }
        return next;
    }

    /// The payloads of the messages that come until the one with a payload, without that.
    public List<String> until(String payload) throws InterruptedException {
        List<String> payloads = new ArrayList<>();
        String next = next().payload();
        while (!next.equals(payload)) {
            payloads.add(next);
            next = next().payload();
        }
        return payloads;
    }

    /// Messages that have come and were not asked for yet.
    public int waiting() {
        return deliveries.size();
    }

    /// See [Wire#awaitEnd].
    public int awaitEnd() {
        return wire.awaitEnd();
    }

    /// DISCONNECT, and waits until the server has closed the connection.
    public void disconnect() throws IOException {
        wire.send(new Frame(Frame.DISCONNECT, 0, new byte[0]));
        int _ = wire.awaitEnd();
    }

    /// Goes without a word.
    @Override
    public void close() {
        wire.close();
    }
}
