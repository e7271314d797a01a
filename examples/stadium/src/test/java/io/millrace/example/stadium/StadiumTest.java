package io.millrace.example.stadium;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole match, with the programs in processes of their own that are killed while tickets are
/// sold.
class StadiumTest {
    private static final int PORTS = 6;

    @TempDir private Path folder = Path.of("");

    @Test
    void nothingIsLostAndNobodyIsAdmittedTwice() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (FakeMillrace millrace = new FakeMillrace()) {
            Options options =
                    new Options(
                            millrace.address(),
                            freePorts(),
                            folder,
                            "north",
                            new Options.Play(1, 60, 10, 3));
            PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
            int exitCode = new Stadium(options, out).run();
            String text = said.toString(StandardCharsets.UTF_8);
            assertThat(exitCode).as(text).isZero();
            assertThat(text)
                    .contains("all agree", "portal has ended", "north has ended")
                    .contains("erp             6 cancelled     54 sold")
                    .contains("south          54 admitted      6 cancelled");
        }
    }

    /// The first of six ports in a row that are free now.
    private static int freePorts() throws IOException {
        while (true) {
            List<ServerSocket> sockets = new ArrayList<>();
            try {
                InetAddress loopback = InetAddress.getLoopbackAddress();
                sockets.add(new ServerSocket(0, 1, loopback));
                int first = sockets.getFirst().getLocalPort();
                for (int i = 1; i < PORTS && first + i < 65_536; i++) {
                    sockets.add(new ServerSocket(first + i, 1, loopback));
                }
                if (sockets.size() == PORTS) {
                    return first;
                }
            } catch (BindException _) {
                // Somebody has one of them: another row.
            } finally {
                for (ServerSocket socket : sockets) {
                    socket.close();
                }
            }
        }
    }
}
