package io.millrace.log;

/// Receives the headers of stored batches in order.
@FunctionalInterface
public interface BatchVisitor {
    void batch(StoredBatch batch);
}
