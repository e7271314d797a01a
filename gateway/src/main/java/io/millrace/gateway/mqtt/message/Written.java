package io.millrace.gateway.mqtt.message;

/// What became of an event that was to go out.
public sealed interface Written {
    /// It goes out. The same one serves all subscribers of one version and format; [#at] brings its
    /// time to wait up to date.
    ///
    /// @param message with the retain flag not set
    /// @param expiresMillis when it may not be sent any more, in milliseconds since 1970;
    ///   [Long#MAX_VALUE] for never
    record Ready(Message message, long expiresMillis) implements Written {
        /// As it goes out at another time.
        public Written at(long nowMillis) {
            if (expiresMillis == Long.MAX_VALUE) {
                return this;
            }
            if (expiresMillis <= nowMillis) {
                return new Expired();
            }
            MessageProperties properties = message.properties();
            Long seconds = MessageExpiry.secondsLeft(expiresMillis, nowMillis);
            if (properties.expirySeconds() == null || properties.expirySeconds().equals(seconds)) {
                return this;
            }
            return new Ready(
                    message.withProperties(properties.withExpirySeconds(seconds)), expiresMillis);
        }
    }

    /// Its `expirytime` is over.
    record Expired() implements Written {}

    /// Its context is `/`, which no topic stands for.
    record NoTopic() implements Written {}
}
