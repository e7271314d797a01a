package io.millrace.shard;

import org.jspecify.annotations.Nullable;

/// Something that a shard is asked to do.
///
/// Commands are links of the inbox themselves, so that a hand-over allocates nothing.
public abstract sealed class Command permits Append, Flushed, Call {
    @Nullable Command next;

    /// What the command holds in memory until it is answered, in bytes.
    abstract int bytes();
}
