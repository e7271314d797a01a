package io.millrace.connect.sink;

import io.millrace.delivery.Credentials;
import io.millrace.delivery.DeliveryMode;
import io.millrace.delivery.SinkAddress;
import io.millrace.delivery.SinkHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What one sink is like.
///
/// @param origin for `WebHook-Request-Origin`, which each delivery carries once the sink has
///   granted permission to it; `null` without a handshake
public record HttpSinkConfig(
        SinkAddress address,
        DeliveryMode mode,
        Limits limits,
        SinkHeaders headers,
        Credentials credentials,
        @Nullable String origin) {

    public HttpSinkConfig {
        if (headers.contains("authorization") && !(credentials instanceof Credentials.None)) {
            throw new IllegalArgumentException(
                    "an authorization header and credentials exclude each other");
        }
    }

    /// Whether requests to the sink carry secrets besides its URL.
    boolean hasSecrets() {
        return !headers.isEmpty() || !(credentials instanceof Credentials.None);
    }

    /// A sink with nothing but an address.
    public static HttpSinkConfig of(SinkAddress address) {
        return new HttpSinkConfig(
                address,
                DeliveryMode.BINARY,
                Limits.DEFAULT,
                SinkHeaders.NONE,
                new Credentials.None(),
                null);
    }

    /// Bounds of one sink.
    ///
    /// @param eventsMax in one request; 1 in every mode but [DeliveryMode#BATCH]
    /// @param concurrencyMax requests at a time
    /// @param timeout for one delivery from connecting to the answer's end
    /// @param answerBytesMax of an answer's body that are read
    public record Limits(int eventsMax, int concurrencyMax, Duration timeout, int answerBytesMax) {
        public static final Limits DEFAULT = new Limits(100, 32, Duration.ofSeconds(30), 1 << 20);

        public Limits {
            if (eventsMax < 1
                    || concurrencyMax < 1
                    || timeout.toMillis() < 1
                    || answerBytesMax < 0) {
                throw new IllegalArgumentException("a sink's limits must be positive");
            }
        }
    }
}
