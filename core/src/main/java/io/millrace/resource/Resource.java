package io.millrace.resource;

import io.millrace.config.ProblemCollector;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Something that a user has set up: a document that was read and found valid. Immutable.
public interface Resource {
    ResourceKind kind();

    /// Unique among those of its kind.
    String name();

    /// The canonical document: every default explicit, the keys in a fixed order, every secret as
    /// `***`. With the secrets put in their places, reading it gives an equal resource.
    ObjectNode toJson();

    /// Changes exactly when the canonical document does; so it tells nothing of secrets.
    default String etag() {
        return EntityTag.of(toJson());
    }

    /// What must be there for this resource to be.
    default List<ResourceReference> references() {
        return List.of();
    }

    /// What speaks against another resource being what this one refers to, as a sentence; `null`
    /// for nothing. That it is there has been checked.
    default @Nullable String objection(ResourceReference reference, Resource other) {
        return null;
    }

    /// The texts that the canonical document shows as `***`, by the paths of their fields, such as
    /// `push.headers.x-key`. To be kept where nobody reads, and never to be shown.
    default Map<String, String> secrets() {
        return Map.of();
    }

    /// The paths of the secrets that are only stars; such a resource cannot be used.
    default List<String> missingSecrets() {
        return List.of();
    }

    /// The same with these secrets in the places of stars; stars without one stay.
    ///
    /// @param secrets by path, as [#secrets] gives them
    default Resource withSecrets(Map<String, String> secrets) {
        return this;
    }

    /// The same with the secrets of the resource that it replaces in the places of stars.
    ///
    /// @param before what is replaced; `null` if there is nothing
    /// @param problems where stars are reported that stand for nothing
    /// @return `null` if there are such
    default @Nullable Resource keepingSecretsOf(
            @Nullable Resource before, ProblemCollector problems) {
        return this;
    }
}
