package io.millrace.cli.process;

/// The end of the process, as Ctrl-C brings it about. Thread-safe.
public interface Lifetime {
    /// Whether the process has been asked to end.
    boolean stopping();

    /// Makes the end of the process wait, for some seconds at most, until the hold is released. Who
    /// holds it looks at [#stopping] now and then.
    Hold hold();

    /// Something that has to be finished before the process ends.
    interface Hold extends AutoCloseable {
        @Override
        void close();
    }
}
