package io.millrace.broker.view;

import io.millrace.error.MillraceException;
import io.millrace.view.ViewEntry;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Computes again what a view that a query feeds held at a time.
@FunctionalInterface
public interface AsOf {
    /// @return `null` if it held nothing for the key
    /// @throws MillraceException VIEW_PAST_UNKNOWN if that cannot be computed
    @Nullable ViewEntry at(String view, String key, Instant time);
}
