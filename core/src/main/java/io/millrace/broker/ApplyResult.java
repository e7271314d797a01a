package io.millrace.broker;

import io.millrace.resource.Resource;
import io.millrace.resource.ResourceDiff;

/// What applying one document did, or would do.
public record ApplyResult(Resource resource, Outcome outcome, ResourceDiff diff) {
    /// The kind of change.
    public enum Outcome {
        CREATED,
        CHANGED,
        UNCHANGED
    }
}
