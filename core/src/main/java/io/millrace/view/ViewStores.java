package io.millrace.view;

import io.millrace.error.MillraceException;
import java.nio.file.Path;

/// Opens the tables of views.
@FunctionalInterface
public interface ViewStores {
    /// Opens a table, or makes an empty one. The folder is there.
    ///
    /// @throws MillraceException VIEW_FAILED if the file cannot be read
    ViewStore open(Path file);
}
