package io.millrace.broker;

import io.millrace.broker.ApplyResult.Outcome;
import io.millrace.broker.catalogue.Catalogue;
import io.millrace.broker.catalogue.HostSet;
import io.millrace.broker.catalogue.Known;
import io.millrace.broker.catalogue.References;
import io.millrace.broker.catalogue.ResourceDocuments;
import io.millrace.broker.catalogue.ResourceHost;
import io.millrace.broker.catalogue.Wanted;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.Event;
import io.millrace.resource.Resource;
import io.millrace.resource.ResourceDiff;
import io.millrace.resource.ResourceDocument;
import io.millrace.resource.ResourceKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The resources of all kinds that have a host: the only way to what exists. Thread-safe: one
/// change goes after the other.
final class ResourceSet {
    private final Catalogue catalogue;
    private final HostSet hosts;
    private final ReentrantLock lock = new ReentrantLock();

    /// Resources of which a change was answered with an error and may be recorded nevertheless:
    /// their next change is recorded even if it seems to change nothing.
    private final Set<String> inDoubt = new HashSet<>();

    /// @param hosts one for each kind that can be set up
    ResourceSet(Catalogue catalogue, List<ResourceHost<?>> hosts) {
        this.catalogue = catalogue;
        this.hosts = new HostSet(hosts);
    }

    /// Opens everything that is recorded. To be called once, before anything else.
    ///
    /// @param builtIn resources that are there without a record, and open
    /// @param first what is created if there is none of its kind and name
    void open(Resource builtIn, Resource first) throws IOException {
        lock.lock();
        try {
            catalogue.recover();
            for (ResourceKind kind : hosts.kinds()) {
                catalogue.avoid(hosts.of(kind).incarnations());
                hosts.of(kind).leftBehind(catalogue.deleted(kind));
            }
            for (ResourceKind kind : hosts.kinds()) {
                catalogue.all(kind).values().forEach(known -> hosts.of(kind).opened(known));
            }
            hosts.completed();
            catalogue.put(new Known(builtIn, 0, 0));
            if (catalogue.find(first.kind(), first.name()) == null) {
                apply(List.of(new Wanted(first, "")), Precondition.NONE, false);
            }
        } finally {
            lock.unlock();
        }
    }

    /// The kinds that can be set up.
    Set<ResourceKind> kinds() {
        return hosts.kinds();
    }

    List<Resource> all(ResourceKind kind) {
        lock.lock();
        try {
            return catalogue.all(kind).values().stream().map(Known::resource).toList();
        } finally {
            lock.unlock();
        }
    }

    /// @throws MillraceException that there is no such resource
    Resource get(ResourceKind kind, String name) {
        lock.lock();
        try {
            return known(kind, name).resource();
        } finally {
            lock.unlock();
        }
    }

    private Known known(ResourceKind kind, String name) {
        Known known = catalogue.find(kind, name);
        if (known == null) {
            throw kind.notFound(name);
        }
        return known;
    }

    /// Applies documents as a whole: if anything is wrong with any, nothing is changed.
    ///
    /// @throws MillraceException with every problem of every document
    List<ApplyResult> applyDocuments(
            List<ResourceDocument> documents, Precondition precondition, boolean dryRun) {
        hosts.warmUp(documents.stream().map(ResourceDocument::kind).collect(Collectors.toSet()));
        lock.lock();
        try {
            ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
            List<Wanted> wanted = new ArrayList<>();
            for (ResourceDocument document : documents) {
                Resource resource = read(document, problems);
                if (resource != null) {
                    wanted.add(new Wanted(resource, document.path()));
                }
            }
            if (!problems.isEmpty()) {
                // What can be told of the others is told now as well.
                check(wanted, problems);
                problems.throwIfAny();
            }
            return apply(wanted, precondition, dryRun);
        } finally {
            lock.unlock();
        }
    }

    /// Reads a document; stars in it become the secrets that exist.
    private @Nullable Resource read(ResourceDocument document, ProblemCollector problems) {
        ResourceKind kind = hosts.kind(document, problems);
        Resource read = kind == null ? null : ResourceDocuments.read(kind, document, problems);
        if (kind == null || read == null) {
            return null;
        }
        Known known = catalogue.find(kind, document.name());
        ProblemCollector found = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        Resource kept = read.keepingSecretsOf(known == null ? null : known.resource(), found);
        Wanted place = new Wanted(read, document.path());
        for (Problem problem : found.problems()) {
            String field = problem.field() == null ? "" : place.field(problem.field());
            problems.add(field, problem.detail());
        }
        return kept;
    }

    private void check(List<Wanted> wanted, ProblemCollector problems) {
        hosts.check(catalogue, wanted, problems);
        References.check(catalogue, wanted, problems);
    }

    List<ApplyResult> apply(List<Wanted> wanted, Precondition precondition, boolean dryRun) {
        lock.lock();
        try {
            for (Wanted each : wanted) {
                Known known = find(each.resource());
                precondition.check(known == null ? null : known.resource().etag());
            }
            ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
            check(wanted, problems);
            problems.throwIfAny();
            List<ApplyResult> results = new ArrayList<>();
            wanted.forEach(each -> results.add(compare(each.resource())));
            if (!dryRun) {
                change(
                        results.stream()
                                .filter(result -> result.outcome() != Outcome.UNCHANGED)
                                .sorted(Comparator.comparing(result -> result.resource().kind()))
                                .toList());
            }
            return results;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Known find(Resource resource) {
        return catalogue.find(resource.kind(), resource.name());
    }

    private static String key(Resource resource) {
        return resource.kind().plural() + "/" + resource.name();
    }

    /// The outcome of making a wanted resource out of what exists.
    private ApplyResult compare(Resource wanted) {
        Known known = find(wanted);
        ResourceDiff diff = ResourceDiff.between(known == null ? null : known.resource(), wanted);
        Outcome outcome =
                known == null
                        ? Outcome.CREATED
                        : diff.isEmpty() && !inDoubt.contains(key(wanted))
                                ? Outcome.UNCHANGED
                                : Outcome.CHANGED;
        return new ApplyResult(wanted, outcome, diff);
    }

    /// One resource on its way from what it was to what it will be.
    private record Step(@Nullable Known before, Known after) {}

    private void change(List<ApplyResult> changes) {
        List<Step> steps = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        boolean written = false;
        try {
            for (ApplyResult change : changes) {
                Known before = find(change.resource());
                Known after = catalogue.next(before, change.resource());
                steps.add(new Step(before, after));
                events.add(before == null ? catalogue.created(after) : catalogue.changed(after));
                if (before == null) {
                    hosts.of(after).prepare(after);
                }
            }
            written = !events.isEmpty();
            if (written) {
                catalogue.record(events);
            }
        } catch (RuntimeException e) {
            takeBack(steps, written);
            throw e;
        }
        publish(steps);
    }

    /// @param written whether the changes may be recorded for all that is known; their secrets are
    ///   needed then
    private void takeBack(List<Step> steps, boolean written) {
        for (Step step : steps) {
            if (step.before() == null) {
                hosts.of(step.after()).discard(step.after());
            }
            if (written) {
                inDoubt.add(key(step.after().resource()));
            } else {
                catalogue.forgetSecrets(step.after(), step.before());
            }
        }
    }

    /// Lets the hosts go on with what is recorded. If one fails with a resource, the others are
    /// served nevertheless.
    private void publish(List<Step> steps) {
        RuntimeException failure = null;
        for (Step step : steps) {
            Known after = step.after();
            inDoubt.add(key(after.resource()));
            try {
                if (step.before() == null) {
                    hosts.of(after).created(after);
                } else {
                    hosts.of(after).changed(step.before(), after);
                }
                catalogue.put(after);
                catalogue.forgetSecrets(step.before(), after);
                inDoubt.remove(key(after.resource()));
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
                if (step.before() == null) {
                    hosts.of(after).discard(after);
                }
            }
        }
        hosts.completed();
        if (failure != null) {
            throw failure;
        }
    }

    /// Deletes a resource and what it holds.
    void delete(ResourceKind kind, String name, Precondition precondition) {
        lock.lock();
        try {
            Known known = known(kind, name);
            precondition.check(known.resource().etag());
            ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_CONFLICT);
            hosts.of(known).checkDeletion(known, problems);
            References.checkDeletion(catalogue, known.resource(), problems);
            problems.throwIfAny();
            inDoubt.add(key(known.resource()));
            catalogue.record(List.of(catalogue.deleted(known)));
            inDoubt.remove(key(known.resource()));
            catalogue.remove(kind, name);
            catalogue.forgetSecrets(known, null);
            hosts.of(known).deleted(known);
            hosts.completed();
        } finally {
            lock.unlock();
        }
    }

    /// Runs while nothing is changed.
    void quietly(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
