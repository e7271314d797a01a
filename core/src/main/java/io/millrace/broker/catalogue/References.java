package io.millrace.broker.catalogue;

import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import io.millrace.resource.Resource;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReference;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Holds resources to what they refer to: it is there as long as they are.
public final class References {
    private References() {}

    /// Adds every reference to something that neither exists nor is wanted too.
    public static void check(Catalogue catalogue, List<Wanted> wanted, ProblemCollector problems) {
        Set<String> together = new HashSet<>();
        for (Wanted each : wanted) {
            together.add(each.resource().kind().plural() + "/" + each.resource().name());
        }
        for (Wanted each : wanted) {
            for (ResourceReference reference : each.resource().references()) {
                String key = reference.kind().plural() + "/" + reference.name();
                if (catalogue.find(reference.kind(), reference.name()) == null
                        && !together.contains(key)) {
                    problems.add(
                            new Problem(
                                    ErrorCode.RESOURCE_CONFLICT,
                                    each.field(reference.path()),
                                    "there is no %s %s; apply it before this or together with it"
                                            .formatted(reference.kind().noun(), reference.name())));
                }
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
