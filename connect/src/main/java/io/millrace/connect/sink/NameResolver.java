package io.millrace.connect.sink;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Finds out what a host name stands for now. Thread-safe.
public interface NameResolver {
    /// Begins to look a name up.
    ///
    /// @return completes on any thread; exceptionally, or with an empty list, if the name cannot be
    ///   resolved
    CompletableFuture<List<InetAddress>> resolve(String name);
}
