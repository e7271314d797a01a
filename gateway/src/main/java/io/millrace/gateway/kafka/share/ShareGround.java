package io.millrace.gateway.kafka.share;

import io.millrace.broker.DurableTable;
import io.millrace.broker.Shares;
import io.millrace.broker.Topics;
import io.millrace.gateway.kafka.serial.Serial;
import java.util.concurrent.Executor;

/// What share groups stand on.
///
/// @param table remembers which groups there are and what they drain; theirs alone
/// @param serial of their members and time
/// @param waiting runs what may wait, such as each on a virtual thread
public record ShareGround(
        Topics topics, Shares shares, DurableTable table, Serial serial, Executor waiting) {}
