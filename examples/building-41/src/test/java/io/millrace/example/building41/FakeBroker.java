package io.millrace.example.building41;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// As much of an MQTT 5.0 server as a publisher meets: it takes down what it is sent and answers as
/// it is told. It shares no code with any client.
final class FakeBroker implements AutoCloseable {
    private static final int CONNECT = 1;
    private static final int PUBLISH = 3;
    private static final int PINGREQ = 12;
    private static final int DISCONNECT = 14;

    /// A message that came, or a last will.
    record Message(
            String client,
            String topic,
            String payload,
            int qos,
            boolean retain,
            Map<Integer, Object> properties,
            Map<String, String> user) {
        String contentType() {
            return (String) properties.getOrDefault(0x03, "");
        }
    }

    /// What came, in its order; a will when it is due.
    final List<Message> messages = new CopyOnWriteArrayList<>();

    final Map<String, Message> wills = new ConcurrentHashMap<>();

    /// The reasons in the next acknowledgements; 0 when it is empty.
    final Queue<Integer> reasons = new ConcurrentLinkedQueue<>();

    /// How many events are taken, and not acknowledged, until it hangs up; negative for never.
    final AtomicInteger hangUpAfter = new AtomicInteger(-1);

    final AtomicInteger inFlightMax = new AtomicInteger();
    final AtomicInteger connects = new AtomicInteger();
    private final int receiveMaximum;
    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    FakeBroker(int port, int receiveMaximum) throws IOException {
        this.receiveMaximum = receiveMaximum;
        server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        String client = "";
        try (socket;
                DataInputStream in = new DataInputStream(socket.getInputStream());
                DataOutputStream out = new DataOutputStream(socket.getOutputStream())) {
            List<Integer> unanswered = new ArrayList<>();
            String topic = "";
            while (true) {
                int first = in.read();
                if (first < 0) {
                    break;
                }
                Frame frame = new Frame(in.readNBytes(varint(in)));
                switch (first >> 4) {
                    case CONNECT -> client = connect(frame, out);
                    case PUBLISH -> topic = publish(client, first, frame, unanswered);
                    case PINGREQ -> out.write(new byte[] {(byte) 0xd0, 0});
                    case DISCONNECT -> {
                        wills.remove(client);
                        return;
                    }
                    default -> throw new IOException("packet type " + (first >> 4));
                }
                if (in.available() > 0 && unanswered.size() < receiveMaximum) {
                    continue;
                }
                inFlightMax.accumulateAndGet(unanswered.size(), Math::max);
                boolean isEvent = !unanswered.isEmpty() && !topic.endsWith("/status");
                if (!isEvent || hangUpAfter.get() <= 0) {
                    acknowledge(unanswered, isEvent, out);
                }
            }
        } catch (IOException | UncheckedIOException _) {
            // The client, or the test, hung up.
        } finally {
            Message will = wills.remove(client);
            if (will != null) {
                messages.add(will);
            }
        }
    }

    private String connect(Frame frame, DataOutputStream out) throws IOException {
        frame.text();
        frame.bytes(1);
        int flags = frame.bytes(1)[0];
        frame.bytes(2);
        frame.properties(new LinkedHashMap<>(), new LinkedHashMap<>());
        String client = frame.text();
        if ((flags & 4) != 0) {
            Map<Integer, Object> properties = new LinkedHashMap<>();
            frame.properties(properties, new LinkedHashMap<>());
            String topic = frame.text();
            String payload = frame.text();
            int qos = flags >> 3 & 3;
            boolean retain = (flags & 32) != 0;
            wills.put(
                    client, new Message(client, topic, payload, qos, retain, properties, Map.of()));
        }
        connects.incrementAndGet();
        out.write(new byte[] {0x20, 6, 0, 0, 3, 0x21, 0, (byte) receiveMaximum});
        return client;
    }

    private String publish(String client, int first, Frame frame, List<Integer> unanswered)
            throws IOException {
        String topic = frame.text();
        unanswered.add(frame.number());
        Map<Integer, Object> properties = new LinkedHashMap<>();
        Map<String, String> user = new LinkedHashMap<>();
        frame.properties(properties, user);
        String payload = new String(frame.rest(), StandardCharsets.UTF_8);
        messages.add(
                new Message(
                        client,
                        topic,
                        payload,
                        first >> 1 & 3,
                        (first & 1) != 0,
                        properties,
                        user));
        if (!topic.endsWith("/status") && hangUpAfter.getAndDecrement() == 1) {
            throw new IOException("hung up");
        }
        return topic;
    }

    private void acknowledge(List<Integer> unanswered, boolean isEvent, DataOutputStream out)
            throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        for (int id : unanswered) {
            Integer reason = isEvent ? reasons.poll() : null;
            answer.writeBytes(
                    new byte[] {
                        0x40, 3, (byte) (id >> 8), (byte) id, (byte) (reason == null ? 0 : reason)
                    });
        }
        unanswered.clear();
        out.write(answer.toByteArray());
    }

    /// Breaks all connections, as a network does.
    void hangUp() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        server.close();
        hangUp();
    }

    private static int varint(DataInputStream in) throws IOException {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = in.readUnsignedByte();
            value |= (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
    }

    /// The rest of a packet, read from its beginning.
    private static final class Frame {
        private final DataInputStream in;

        Frame(byte[] bytes) {
            in = new DataInputStream(new ByteArrayInputStream(bytes));
        }

        byte[] bytes(int count) throws IOException {
            return in.readNBytes(count);
        }

        byte[] rest() throws IOException {
            return in.readAllBytes();
        }

        int number() throws IOException {
            return in.readUnsignedShort();
        }

        String text() throws IOException {
            return new String(bytes(number()), StandardCharsets.UTF_8);
        }

        void properties(Map<Integer, Object> found, Map<String, String> user) throws IOException {
            Frame inner = new Frame(bytes(varint(in)));
            while (inner.in.available() > 0) {
                int id = inner.in.readUnsignedByte();
                if (id == 0x26) {
                    user.put(inner.text(), inner.text());
                    continue;
                }
                Object value =
                        switch (id) {
                            case 0x01, 0x17, 0x19 -> inner.in.readUnsignedByte();
                            case 0x21, 0x22 -> inner.number();
                            case 0x02, 0x11, 0x18, 0x27 -> inner.in.readInt();
                            case 0x03, 0x08 -> inner.text();
                            default -> throw new IOException("property " + id);
                        };
                found.put(id, value);
            }
        }
    }
}
