package io.millrace.connect.sink;

import org.jspecify.annotations.Nullable;

/// What all deliveries to one sink share. Owned by its loop.
///
/// @param tokens `null` unless the sink wants tokens that an authorization server gives
record SinkParts(
        SinkLoop loop,
        HttpSinkConfig config,
        Peer peer,
        EventMessage message,
        @Nullable AccessTokens tokens) {}
