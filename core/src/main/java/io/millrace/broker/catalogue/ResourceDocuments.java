package io.millrace.broker.catalogue;

import io.millrace.config.ProblemCollector;
import io.millrace.resource.QueryResource;
import io.millrace.resource.QueueResource;
import io.millrace.resource.Resource;
import io.millrace.resource.ResourceDocument;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.StreamResource;
import io.millrace.resource.SubscriptionResource;
import io.millrace.resource.ViewResource;
import io.millrace.schedule.ScheduleResource;
import org.jspecify.annotations.Nullable;

/// Reads documents of every kind.
public final class ResourceDocuments {
    private ResourceDocuments() {}

    /// @return `null` if something is wrong, which has been added to the problems then
    public static @Nullable Resource read(
            ResourceKind kind, ResourceDocument document, ProblemCollector problems) {
        return switch (kind) {
            case STREAM -> StreamResource.read(document, problems);
            case QUEUE -> QueueResource.read(document, problems);
            case SUBSCRIPTION -> SubscriptionResource.read(document, problems);
            case SCHEDULE -> ScheduleResource.read(document, problems);
            case VIEW -> ViewResource.read(document, problems);
            case QUERY -> QueryResource.read(document, problems);
        };
    }
}
