package io.millrace.resource;

import io.millrace.config.Fields;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The Flink cluster that a query runs on, if that is not the server's own.
///
/// @param address of its REST endpoint
/// @param savepoints folder for checkpoints and savepoints, as the cluster's machines see it;
///   `null` for what the cluster has by itself
public record QueryCluster(URI address, @Nullable URI savepoints) {
    private static final String ADDRESS = "cluster";
    private static final String SAVEPOINTS = "savepoints";
    private static final Set<String> WEB = Set.of("http", "https");

    /// Reads the fields `cluster` and `savepoints` of a query.
    ///
    /// @return `null` if there is no cluster, or something is wrong, which has been reported then
    static @Nullable QueryCluster read(Fields fields) {
        URI address = fields.parsed(ADDRESS, QueryCluster::address);
        URI savepoints = fields.parsed(SAVEPOINTS, QueryCluster::folder);
        if (fields.has(SAVEPOINTS) && !fields.has(ADDRESS)) {
            fields.wrong(
                    SAVEPOINTS,
                    "is for a query with a cluster; others are secured in the data folder");
        }
        return address == null ? null : new QueryCluster(address, savepoints);
    }

    private static URI address(String text) {
        String expected =
                "must be the address of a Flink cluster's REST endpoint, such as http://flink:8081";
        URI address = uri(text, expected);
        String scheme = address.getScheme();
        String path = address.getRawPath();
        boolean good =
                scheme != null
                        && WEB.contains(scheme.toLowerCase(Locale.ROOT))
                        && address.getHost() != null
                        && address.getRawUserInfo() == null
                        && address.getRawQuery() == null
                        && address.getRawFragment() == null
                        && (path == null || path.isEmpty() || path.equals("/"));
        if (!good) {
            throw new IllegalArgumentException(expected);
        }
        return path == null || path.isEmpty()
                ? address
                : URI.create(text.substring(0, text.length() - 1));
    }

    private static URI folder(String text) {
        String expected =
                "must be an absolute URI of a folder that the cluster can write to, such as"
                        + " file:///var/flink/savepoints or s3://bucket/flink";
        URI folder = uri(text, expected);
        String path = folder.getRawPath();
        if (!folder.isAbsolute() || folder.isOpaque() || path == null || path.length() < 2) {
            throw new IllegalArgumentException(expected);
        }
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : folder;
    }

    private static URI uri(String text, String expected) {
        try {
            return new URI(text);
        } catch (URISyntaxException _) {
            throw new IllegalArgumentException(expected);
        }
    }

    void writeTo(ObjectNode document) {
        document.put(ADDRESS, address.toString());
        if (savepoints != null) {
            document.put(SAVEPOINTS, savepoints.toString());
        }
    }
}
