package io.millrace.gateway.mqtt.client;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The socket of a client: says who it is, and then hands over whatever comes. Thread-safe.
public final class Wire implements AutoCloseable {
    private static final int WAIT_MILLIS = 30_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final Frame connected;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();

    /// Waits for CONNACK.
    public Wire(int port, Hello hello) throws IOException {
        try {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), WAIT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(WAIT_MILLIS);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
            send(hello.frame());
            connected = Frame.read(in);
            socket.setSoTimeout(0);
            if (connected.type() != Frame.CONNACK) {
                throw new IOException("not CONNACK but " + connected.type());
            }
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Says who it is and nothing more, and waits until the server has closed the connection.
    static void hangUp(int port, Hello hello) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(hello.frame().bytes());
            socket.shutdownOutput();
            byte[] _ = socket.getInputStream().readAllBytes();
        }
    }

    /// Whether the server had the session.
    public boolean isPresent() {
        return (connected.body()[0] & 1) != 0;
    }

    /// 0 if the server let the client in.
    public int reason() {
        return connected.body()[1] & 0xFF;
    }

    /// Hands packets over from now on, on a thread of its own.
    public void listen(Consumer<Frame> received) {
        Thread.ofVirtual()
                .start(() -> {
                    int reason = -1;
                    try {
                        while (true) {
                            Frame frame = Frame.read(in);
                            if (frame.type() == Frame.DISCONNECT) {
                                reason = frame.reason();
                            } else {
                                received.accept(frame);
                            }
                        }
                    } catch (IOException _) {
                        // That was all.
                    } finally {
                        ended.complete(reason);
                    }
                });
    }

    public void send(Frame frame) throws IOException {
        synchronized (socket) {
            socket.getOutputStream().write(frame.bytes());
        }
    }

    /// The reason code of the server's DISCONNECT, or -1 without one, when the connection has
    /// ended.
    public int awaitEnd() {
        return ended.orTimeout(WAIT_MILLIS, TimeUnit.MILLISECONDS).join();
    }

    /// Whether the connection has ended.
    public boolean hasEnded() {
        return ended.isDone();
    }

    /// Closes the socket without a word.
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // It is gone.
        }
    }
}
