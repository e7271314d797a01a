package io.millrace.system.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A cable between clients and a server that can be cut, as no client offers to end its connection
/// without a good-bye. Thread-safe.
final class Cable implements AutoCloseable {
    private final Endpoint server;
    private final ServerSocket plug;
    private final boolean onlyOne;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    private volatile Runnable broken = () -> {};

    Cable(Endpoint server) throws IOException {
        this(server, false);
    }

    private Cable(Endpoint server, boolean onlyOne) throws IOException {
        this.server = server;
        this.onlyOne = onlyOne;
        this.plug = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /// For one connection, and no other after it.
    static Cable forOne(Endpoint server) throws IOException {
        return new Cable(server, true);
    }

    /// What to do when a connection has ended.
    void whenBroken(Runnable action) {
        broken = action;
    }

    /// Where clients connect to.
    Endpoint end() {
        return new Endpoint("127.0.0.1", plug.getLocalPort(), server.webSocket());
    }

    private void accept() {
        try {
            while (!plug.isClosed()) {
                Socket client = plug.accept();
                Socket behind = new Socket(server.host(), server.port());
                sockets.add(client);
                sockets.add(behind);
                Thread.ofVirtual().start(() -> carry(client, behind));
                Thread.ofVirtual().start(() -> carry(behind, client));
                if (onlyOne) {
                    plug.close();
                }
            }
        } catch (IOException _) {
            // It was cut.
        }
    }

    private void carry(Socket from, Socket to) {
        try (InputStream input = from.getInputStream();
                OutputStream output = to.getOutputStream()) {
            input.transferTo(output);
        } catch (IOException _) {
            // It was cut, or one end has closed: closing the streams closes both.
        }
        broken.run();
    }

    /// Breaks all connections at once; there are no new ones.
    void cut() throws IOException {
        plug.close();
        for (Socket each : sockets) {
            tear(each);
        }
    }

    private static void tear(Socket socket) throws IOException {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (SocketException _) {
            // Its other end was faster.
        }
    }

    @Override
    public void close() throws IOException {
        plug.close();
        for (Socket each : sockets) {
            each.close();
        }
    }
}
