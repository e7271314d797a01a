package io.millrace.broker;

import io.millrace.broker.catalogue.Wanted;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.resource.Resource;
import io.millrace.resource.ResourceDocument;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.StreamResource;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import java.util.List;

/// Sets resources up, changes and deletes them. Thread-safe; changes happen one after the other and
/// wait for the disk.
///
/// What is given back shows no secret; stars in a document stand for the secrets that exist.
public final class Administration {
    private final Guard guard;
    private final ResourceSet resources;

    Administration(Guard guard, ResourceSet resources) {
        this.guard = guard;
        this.resources = resources;
    }

    /// All resources of a kind that the principal may see, by name.
    ///
    /// @throws MillraceException NOT_FOUND if this server has no such kind
    public List<Resource> list(Principal principal, ResourceKind kind) {
        return resources.all(hosted(kind));
    }

    /// One resource.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND and the like; NOT_FOUND if this server has no
    ///   such kind
    public Resource get(Principal principal, ResourceKind kind, String name) {
        return resources.get(hosted(kind), name);
    }

    /// All streams that the principal may see, by name.
    public List<StreamResource> streams(Principal principal) {
        return list(principal, ResourceKind.STREAM).stream()
                .map(StreamResource.class::cast)
                .toList();
    }

    /// One stream.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND
    public StreamResource stream(Principal principal, String name) {
        return StreamResource.class.cast(get(principal, ResourceKind.STREAM, name));
    }

    private ResourceKind hosted(ResourceKind kind) {
        if (!resources.kinds().contains(kind)) {
            throw new MillraceException(ErrorCode.NOT_FOUND, "this server has no " + kind.plural());
        }
        return kind;
    }

    /// Creates a resource, or changes it to be like this. Its secrets are in it.
    ///
    /// @throws MillraceException PRECONDITION_FAILED, RESOURCE_CONFLICT, RESOURCE_PROTECTED,
    ///   FORBIDDEN
    public ApplyResult put(Principal principal, Resource wanted, Precondition precondition) {
        guard.manage(principal, hosted(wanted.kind()).word(), wanted.name());
        return resources.apply(List.of(new Wanted(wanted, "")), precondition, false).getFirst();
    }

    /// Creates the resource of a document, or changes it to be like this.
    ///
    /// @throws MillraceException RESOURCE_INVALID, PRECONDITION_FAILED, RESOURCE_CONFLICT,
    ///   RESOURCE_PROTECTED, FORBIDDEN
    public ApplyResult put(
            Principal principal, ResourceDocument document, Precondition precondition) {
        guard.manage(principal, document.kind(), document.name());
        return resources.applyDocuments(List.of(document), precondition, false).getFirst();
    }

    /// The same for a stream that a topic is, and perhaps without doing anything.
    ApplyResult put(
            Principal principal, Resource wanted, Precondition precondition, boolean dryRun) {
        guard.manage(principal, hosted(wanted.kind()).word(), wanted.name());
        return resources.apply(List.of(new Wanted(wanted, "")), precondition, dryRun).getFirst();
    }

    /// Deletes a resource and what it holds, such as a stream's events.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND and the like, PRECONDITION_FAILED,
    ///   RESOURCE_PROTECTED, RESOURCE_CONFLICT if another resource needs it, FORBIDDEN
    public void delete(
            Principal principal, ResourceKind kind, String name, Precondition precondition) {
        guard.manage(principal, hosted(kind).word(), name);
        resources.delete(kind, name, precondition);
    }

    /// Applies documents as a whole: all are checked against each other and against what exists,
    /// and if anything is wrong nothing is changed. They may be in any order.
    ///
    /// @param dryRun whether to change nothing in any case
    /// @return one result for each, in the same order
    /// @throws MillraceException with every problem of every document
    public List<ApplyResult> apply(
            Principal principal, List<ResourceDocument> documents, boolean dryRun) {
        for (ResourceDocument document : documents) {
            guard.manage(principal, document.kind(), document.name());
        }
        return resources.applyDocuments(documents, Precondition.NONE, dryRun);
    }
}
