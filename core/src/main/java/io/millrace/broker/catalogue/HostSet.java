package io.millrace.broker.catalogue;

import io.millrace.config.ProblemCollector;
import io.millrace.resource.Resource;
import io.millrace.resource.ResourceDocument;
import io.millrace.resource.ResourceKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The hosts by the kinds of their resources.
public final class HostSet {
    private final Map<ResourceKind, Hosted<?>> hosts = new EnumMap<>(ResourceKind.class);

    public HostSet(List<ResourceHost<?>> hosts) {
        for (ResourceHost<?> host : hosts) {
            this.hosts.put(host.kind(), new Hosted<>(host));
        }
    }

    /// A host that takes resources of which only their kind is known.
    public static final class Hosted<R extends Resource> {
        private final ResourceHost<R> host;

        Hosted(ResourceHost<R> host) {
            this.host = host;
        }

        private R typed(Resource resource) {
            return host.type().cast(resource);
        }

        public void warmUp() {
            host.warmUp();
        }

        public Collection<Integer> incarnations() throws IOException {
            return host.incarnations();
        }

        public void leftBehind(List<Deleted> deleted) throws IOException {
            host.leftBehind(deleted);
        }

        public void opened(Known known) {
            host.opened(typed(known.resource()), known.incarnation());
        }

        public void prepare(Known known) {
            host.prepare(typed(known.resource()), known.incarnation());
        }

        public void discard(Known known) {
            host.discard(typed(known.resource()), known.incarnation());
        }

        public void created(Known known) {
            host.created(typed(known.resource()), known.incarnation());
        }

        public void changed(Known before, Known after) {
            host.changed(typed(before.resource()), typed(after.resource()), after.incarnation());
        }

        public void deleted(Known known) {
            host.deleted(typed(known.resource()), known.incarnation());
        }

        public void checkDeletion(Known known, ProblemCollector problems) {
            host.checkDeletion(typed(known.resource()), problems);
        }

        public void check(Catalogue catalogue, List<Wanted> wanted, ProblemCollector problems) {
            List<Proposal<R>> proposals = new ArrayList<>();
            for (Wanted each : wanted) {
                Resource after = each.resource();
                if (after.kind() == host.kind()) {
                    Known known = catalogue.find(after.kind(), after.name());
                    R before = known == null ? null : typed(known.resource());
                    proposals.add(new Proposal<>(each.path(), before, typed(after)));
                }
            }
            if (!proposals.isEmpty()) {
                host.check(proposals, problems);
            }
        }
    }

    /// The kinds that have a host, in the order in which they are set up.
    public Set<ResourceKind> kinds() {
        return Collections.unmodifiableSet(hosts.keySet());
    }

    public Hosted<?> of(ResourceKind kind) {
        Hosted<?> host = hosts.get(kind);
        if (host == null) {
            throw new IllegalStateException("nobody hosts " + kind.plural());
        }
        return host;
    }

    public Hosted<?> of(Known known) {
        return of(known.resource().kind());
    }

    public void check(Catalogue catalogue, List<Wanted> wanted, ProblemCollector problems) {
        hosts.values().forEach(host -> host.check(catalogue, wanted, problems));
    }

    public void completed() {
        hosts.values().forEach(host -> host.host.completed());
    }

    /// Lets the hosts of these kinds make ready what takes long; kinds that nobody hosts are left.
    public void warmUp(Set<String> words) {
        for (ResourceKind kind : hosts.keySet()) {
            if (words.contains(kind.word())) {
                of(kind).warmUp();
            }
        }
    }

    /// The kind of a document; `null` if nobody hosts such resources, which is reported then.
    public @Nullable ResourceKind kind(ResourceDocument document, ProblemCollector problems) {
        ResourceKind kind = ResourceKind.of(document.kind());
        if (kind != null && hosts.containsKey(kind)) {
            return kind;
        }
        String known =
                hosts.keySet().stream().map(ResourceKind::word).collect(Collectors.joining(", "));
        problems.add(
                document.path().isEmpty() ? "kind" : document.path() + ".kind",
                "must be %s%s, but is \"%s\""
                        .formatted(hosts.size() == 1 ? "" : "one of ", known, document.kind()));
        return null;
    }
}
