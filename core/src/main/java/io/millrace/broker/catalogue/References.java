package io.millrace.broker.catalogue;

import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import io.millrace.resource.Resource;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Holds resources to what they refer to: it is there as long as they are.
public final class References {
    private References() {}

    /// Adds every reference to something that neither exists nor is wanted too, or that is not what
    /// it should be.
    public static void check(Catalogue catalogue, List<Wanted> wanted, ProblemCollector problems) {
        Map<String, Wanted> together = new HashMap<>();
        wanted.forEach(each -> together.put(key(each.resource()), each));
        for (Wanted each : wanted) {
            for (ResourceReference reference : each.resource().references()) {
                String problem = problem(catalogue, together, each.resource(), reference);
                if (problem != null) {
                    problems.add(
                            new Problem(
                                    ErrorCode.RESOURCE_CONFLICT,
                                    each.field(reference.path()),
                                    problem));
                }
            }
        }
        checkOthers(catalogue, together, problems);
    }

    private static String key(Resource resource) {
        return key(resource.kind(), resource.name());
    }

    private static String key(ResourceKind kind, String name) {
        return kind.plural() + "/" + name;
    }

    private static @Nullable String problem(
            Catalogue catalogue,
            Map<String, Wanted> together,
            Resource from,
            ResourceReference reference) {
        Wanted wanted = together.get(key(reference.kind(), reference.name()));
        if (wanted != null) {
            return from.objection(reference, wanted.resource());
        }
        Known known = catalogue.find(reference.kind(), reference.name());
        return known != null
                ? from.objection(reference, known.resource())
                : "there is no %s %s; apply it before this or together with it"
                        .formatted(reference.kind().noun(), reference.name());
    }

    /// Adds what those that stay as they are have against what becomes of others.
    private static void checkOthers(
            Catalogue catalogue, Map<String, Wanted> together, ProblemCollector problems) {
        for (ResourceKind kind : ResourceKind.values()) {
            for (Known known : catalogue.all(kind).values()) {
                if (!together.containsKey(key(known.resource()))) {
                    checkOther(known.resource(), together, problems);
                }
            }
        }
    }

    private static void checkOther(
            Resource other, Map<String, Wanted> together, ProblemCollector problems) {
        for (ResourceReference reference : other.references()) {
            Wanted wanted = together.get(key(reference.kind(), reference.name()));
            String objection =
                    wanted == null ? null : other.objection(reference, wanted.resource());
            if (wanted != null && objection != null) {
                problems.add(
                        new Problem(
                                ErrorCode.RESOURCE_CONFLICT,
                                wanted.field("name"),
                                "the %s %s needs it: %s"
                                        .formatted(other.kind().noun(), other.name(), objection)));
            }
        }
    }

    /// Adds everything that refers to a resource.
    public static void checkDeletion(
            Catalogue catalogue, Resource gone, ProblemCollector problems) {
        for (ResourceKind kind : ResourceKind.values()) {
            for (Known known : catalogue.all(kind).values()) {
                for (ResourceReference reference : known.resource().references()) {
                    if (reference.kind() == gone.kind() && reference.name().equals(gone.name())) {
                        problems.add(
                                "name",
                                "the %s %s needs it; change or delete that first"
                                        .formatted(kind.noun(), known.resource().name()));
                    }
                }
            }
        }
    }
}
