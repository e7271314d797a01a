package io.millrace.query.job;

import java.net.URI;
import org.apache.flink.api.common.JobID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What the server remembers of a job on a cluster, over its own restarts. Immutable.
///
/// @param cluster it is on
/// @param server address of this server that the job was given
/// @param id `null` if it was stopped
/// @param latest checkpoint or savepoint to go on from; `null` if there is none
record ClusterJob(URI cluster, String server, @Nullable JobID id, @Nullable String latest) {
    static ClusterJob of(JsonNode tree) {
        String id = tree.path("id").stringValue(null);
        return new ClusterJob(
                URI.create(tree.path("cluster").asString()),
                tree.path("server").asString(),
                id == null ? null : JobID.fromHexString(id),
                tree.path("latest").stringValue(null));
    }

    ObjectNode toJson() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("cluster", cluster.toString()).put("server", server);
        tree.put("id", id == null ? null : id.toHexString());
        return tree.put("latest", latest);
    }

    ClusterJob with(@Nullable String place) {
        return new ClusterJob(cluster, server, id, place);
    }

    ClusterJob stopped(@Nullable String place) {
        return new ClusterJob(cluster, server, null, place);
    }
}
