package io.millrace.server;

import io.millrace.broker.query.QueryCapacity;
import io.millrace.broker.query.QueryEngine;
import io.millrace.broker.query.QueryEngines;
import io.millrace.broker.query.QueryGround;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/// Loads what runs queries with the first query, from libraries beside the server's own: a server
/// without queries has nothing of them in memory, and their dependencies meet nobody else's.
final class QueryLibraries implements QueryEngines {
    /// A class path; a folder that ends in `*` stands for all jars in it.
    static final String PROPERTY = "millrace.queries";

    private final QueryCapacity capacity;

    QueryLibraries(QueryCapacity capacity) {
        this.capacity = capacity;
    }

    @Override
    public QueryEngine open(QueryGround ground) {
        String path = System.getProperty(PROPERTY, "");
        ClassLoader loader = path.isEmpty() ? QueryLibraries.class.getClassLoader() : loader(path);
        Optional<QueryEngines> engines = ServiceLoader.load(QueryEngines.class, loader).findFirst();
        return engines.orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.QUERIES_UNAVAILABLE,
                                "the libraries of queries are not there; start the server with"
                                        + " bin/millrace serve, or name them with -D"
                                        + PROPERTY))
                .with(capacity)
                .open(ground);
    }

    /// Stays open as long as the process, as the engine does.
    private static ClassLoader loader(String path) {
        List<URL> urls = new ArrayList<>();
        try {
            for (String entry : path.split(File.pathSeparator, -1)) {
                if (entry.endsWith("*")) {
                    addJars(Path.of(entry.substring(0, entry.length() - 1)), urls);
                } else if (!entry.isEmpty()) {
                    urls.add(url(Path.of(entry)));
                }
            }
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.QUERIES_UNAVAILABLE,
                    "the libraries of queries cannot be read: " + e,
                    e);
        }
        return new URLClassLoader(
                "queries", urls.toArray(URL[]::new), QueryLibraries.class.getClassLoader());
    }

    private static void addJars(Path folder, List<URL> urls) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) {
                urls.add(url(jar));
            }
        }
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }
}
