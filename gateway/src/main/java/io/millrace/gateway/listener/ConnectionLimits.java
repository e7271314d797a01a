package io.millrace.gateway.listener;

import java.time.Duration;

/// What a listener allows its connections.
///
/// @param connectionsMax open at the same time; more are refused
/// @param headMax from a request's first byte to the end of its headers
/// @param idleMax without a request in progress
public record ConnectionLimits(int connectionsMax, Duration headMax, Duration idleMax) {}
