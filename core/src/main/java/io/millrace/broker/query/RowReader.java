package io.millrace.broker.query;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Receives the rows of a statement, one call at a time, on the thread that runs it.
public interface RowReader {
    /// What is being done meanwhile, in a few words.
    void progress(String text);

    /// The columns, before the first row.
    void columns(List<QueryColumn> columns);

    /// One change of the result.
    ///
    /// @param op `+I`, `-U`, `+U` or `-D`
    /// @return whether more is wanted
    /// @throws InterruptedException if nobody wants any more
    boolean row(String op, ObjectNode row) throws InterruptedException;

    /// Nothing has come for a while. Throws if nobody wants any more.
    void idle() throws InterruptedException;
}
