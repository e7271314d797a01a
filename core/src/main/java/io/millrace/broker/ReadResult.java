package io.millrace.broker;

import io.millrace.stream.Position;
import io.millrace.stream.StoredEvent;
import java.util.List;

/// @param events in order; may be fewer than asked for, even none, although there are more
/// @param position where to go on
/// @param end whether nothing more was readable
public record ReadResult(List<StoredEvent> events, Position position, boolean end) {}
