package io.millrace.bench.query;

/// One of those that are compared. For one thread.
interface Side extends AutoCloseable {
    String name();

    /// Runs the statement over all that is stored.
    Answer answer() throws Exception;

    /// Processor time of whatever else than this process works for it, in milliseconds.
    long cpuMillis();

    @Override
    void close();

    /// What came out; both sides have to agree.
    ///
    /// @param rows of the result
    /// @param counted sum of their counts
    /// @param averages sum of their averages
    record Answer(long rows, long counted, double averages) {
        boolean agrees(Answer other) {
            return rows == other.rows
                    && counted == other.counted
                    && Math.abs(averages - other.averages) < 1e-6 * Math.abs(averages);
        }
    }
}
