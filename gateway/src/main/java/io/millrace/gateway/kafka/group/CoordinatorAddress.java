package io.millrace.gateway.kafka.group;

/// Where clients reach the coordinator, which is always this one broker. Asked for each time, as
/// the address may depend on what was bound. Thread-safe.
@FunctionalInterface
public interface CoordinatorAddress {
    /// A host and a port as clients are to use them.
    record HostAndPort(String host, int port) {}

    /// The address that is advertised.
    HostAndPort advertised();
}
