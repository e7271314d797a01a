package io.millrace.broker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a consumer asks for.
///
/// @param max how many events at most, 1 to 10,000
/// @param waitMax how long to wait for the first, at most 60 s
/// @param lease how long they are leased; `null` for what the subscription or queue says
public record ReceiveRequest(int max, Duration waitMax, @Nullable Duration lease) {}
