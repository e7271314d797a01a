package io.millrace.broker;

import io.millrace.resource.ResourceDiff;
import io.millrace.resource.StreamResource;

/// What applying one document did, or would do.
public record ApplyResult(StreamResource resource, Outcome outcome, ResourceDiff diff) {
    /// The kind of change.
    public enum Outcome {
        CREATED,
        CHANGED,
        UNCHANGED
    }
}
