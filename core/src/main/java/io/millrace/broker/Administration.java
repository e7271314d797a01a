package io.millrace.broker;

import io.millrace.broker.ApplyResult.Outcome;
import io.millrace.broker.Catalogue.Known;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.resource.ResourceDiff;
import io.millrace.resource.ResourceDocument;
import io.millrace.resource.StreamResource;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Sets resources up, changes and deletes them. Thread-safe; changes happen one after the other and
/// wait for the disk.
public final class Administration {
    private final Guard guard;
    private final StreamSet streams;

    Administration(Guard guard, StreamSet streams) {
        this.guard = guard;
        this.streams = streams;
    }

    /// All streams that the principal may see, by name.
    public List<StreamResource> streams(Principal principal) {
        return streams.resources();
    }

    /// One stream.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND
    public StreamResource stream(Principal principal, String name) {
        return streams.resource(name);
    }

    /// Creates a stream, or changes it to be like this.
    ///
    /// @throws MillraceException PRECONDITION_FAILED, RESOURCE_CONFLICT, RESOURCE_PROTECTED,
    ///   FORBIDDEN
    public ApplyResult put(Principal principal, StreamResource wanted, Precondition precondition) {
        guard.manage(principal, StreamResource.KIND, wanted.name());
        return streams.apply(List.of(wanted), List.of(""), precondition, false).getFirst();
    }

    /// Deletes a stream and its events.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND, PRECONDITION_FAILED, RESOURCE_PROTECTED,
    ///   FORBIDDEN
    public void delete(Principal principal, String name, Precondition precondition) {
        guard.manage(principal, StreamResource.KIND, name);
        streams.delete(name, precondition);
    }

    /// Applies documents as a whole: all are checked against each other and against what exists,
    /// and if anything is wrong nothing is changed.
    ///
    /// @param dryRun whether to change nothing in any case
    /// @throws MillraceException with every problem of every document
    public List<ApplyResult> apply(
            Principal principal, List<ResourceDocument> documents, boolean dryRun) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        List<StreamResource> wanted = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        for (ResourceDocument document : documents) {
            guard.manage(principal, document.kind(), document.name());
            StreamResource resource = read(document, problems);
            if (resource != null) {
                wanted.add(resource);
                paths.add(document.path());
            }
        }
        if (!problems.isEmpty()) {
            // What can be told of the others is told now as well.
            streams.check(wanted, paths, problems);
            problems.throwIfAny();
        }
        return streams.apply(wanted, paths, Precondition.NONE, dryRun);
    }

    private static @Nullable StreamResource read(
            ResourceDocument document, ProblemCollector problems) {
        if (!document.kind().equals(StreamResource.KIND)) {
            String prefix = document.path().isEmpty() ? "" : document.path() + ".";
            problems.add(
                    prefix + "kind", "must be Stream, but is \"%s\"".formatted(document.kind()));
            return null;
        }
        return StreamResource.read(document, problems);
    }

    /// What would be there with the wanted streams besides those that exist, checked for conflicts.
    ///
    /// @param paths where each wanted stream stands in the request
    static void checkAll(
            Map<String, Known> existing,
            List<StreamResource> wanted,
            List<String> paths,
            ProblemCollector problems) {
        TreeMap<String, String> mounts = new TreeMap<>();
        existing.forEach((name, known) -> mounts.put(known.resource().mount().path(), name));
        for (int i = 0; i < wanted.size(); i++) {
            StreamResource resource = wanted.get(i);
            String prefix = paths.get(i).isEmpty() ? "" : paths.get(i) + ".";
            String holder = mounts.putIfAbsent(resource.mount().path(), resource.name());
            if (holder != null && !holder.equals(resource.name())) {
                problems.add(
                        new Problem(
                                ErrorCode.RESOURCE_CONFLICT,
                                prefix + "mount",
                                "%s is the mount of the stream %s already"
                                        .formatted(resource.mount(), holder)));
            }
            Known known = existing.get(resource.name());
            if (known != null) {
                checkChange(known.resource(), resource, prefix, problems);
            } else if (StreamSet.isReserved(resource)) {
                problems.add(
                        new Problem(
                                ErrorCode.RESOURCE_PROTECTED,
                                prefix + "mount",
                                "the server itself lives in /millrace"));
            }
        }
    }

    private static void checkChange(
            StreamResource before, StreamResource after, String prefix, ProblemCollector problems) {
        if (StreamSet.isReserved(before) && !before.equals(after)) {
            problems.add(
                    new Problem(
                            ErrorCode.RESOURCE_PROTECTED,
                            prefix + "name",
                            "the server's own stream cannot be changed"));
            return;
        }
        if (!before.mount().equals(after.mount())) {
            conflict(
                    problems,
                    prefix + "mount",
                    "cannot be changed, since recorded events stay where they are; create another stream");
        }
        if (after.partitions() < before.partitions()) {
            conflict(
                    problems,
                    prefix + "partitions",
                    "cannot become fewer than %d, since events are in them"
                            .formatted(before.partitions()));
        }
        if (before.cleanup() != after.cleanup()) {
            conflict(
                    problems,
                    prefix + "cleanup",
                    "cannot be changed, since recorded events have no keys to compact by; create another stream");
        }
    }

    private static void conflict(ProblemCollector problems, String field, String detail) {
        problems.add(new Problem(ErrorCode.RESOURCE_CONFLICT, field, detail));
    }

    /// The outcome of making a wanted stream out of what exists.
    static ApplyResult compare(@Nullable Known known, StreamResource wanted) {
        ResourceDiff diff =
                ResourceDiff.between(
                        known == null ? null : known.resource().toJson(), wanted.toJson());
        Outcome outcome =
                known == null
                        ? Outcome.CREATED
                        : diff.isEmpty() ? Outcome.UNCHANGED : Outcome.CHANGED;
        return new ApplyResult(wanted, outcome, diff);
    }
}
