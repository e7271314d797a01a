package io.millrace.gateway.kafka.request;

import io.millrace.security.Principal;

/// Who is at the other end of a connection.
///
/// @param connection unique among the connections since the start
/// @param address of the client, as `/127.0.0.1`
public record Peer(long connection, String address, Principal principal) {}
