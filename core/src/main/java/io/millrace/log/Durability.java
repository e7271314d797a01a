package io.millrace.log;

/// When an appended record counts as stored.
public enum Durability {
    /// Once it is on disk: it survives a crash of the machine.
    SYNCED,
    /// Once it is in the page cache: it survives a crash of the process.
    BUFFERED
}
