package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.millrace.error.MillraceException;
import io.millrace.gateway.http.config.HttpConfig;
import io.millrace.gateway.http.config.HttpLimits;
import io.millrace.io.Clock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Where the gateway listens, and where it refuses to.
final class HttpConfigTest {
    @Test
    void everythingWrongIsToldAtOnce() {
        assertThatThrownBy(
                        () -> new HttpConfig("0.0.0.0", 70_000, List.of("a:1"), HttpLimits.DEFAULT))
                .asInstanceOf(type(MillraceException.class))
                .extracting(MillraceException::problems)
                .asString()
                .contains("port", "address", "can be reached from other machines", "hosts");
        assertThatThrownBy(
                        () -> new HttpLimits(0, 0, 0, -1, 0, Duration.ZERO, Duration.ZERO, 0, 0, 0))
                .asInstanceOf(type(MillraceException.class))
                .extracting(e -> e.problems().size())
                .isEqualTo(10);
    }

    @Test
    void loopbackAddressesAreAllowed() {
        assertThat(new HttpConfig("::1", 0, List.of(), HttpLimits.DEFAULT).address())
                .isEqualTo("::1");
        assertThat(new HttpConfig("localhost", 0, List.of("box"), HttpLimits.DEFAULT).hosts())
                .containsExactly("box");
    }

    @Test
    void takenPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HttpConfig config = HttpConfig.DEFAULT.withPort(taken.getLocalPort());
            TestBroker broker = new TestBroker();
            HttpGateway gateway =
                    new HttpGateway(config, broker, Clock.system(), Duration.ofSeconds(15));
            assertThatThrownBy(gateway::start)
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("is taken by another process");
            gateway.close();
            broker.stop();
        }
    }
}
