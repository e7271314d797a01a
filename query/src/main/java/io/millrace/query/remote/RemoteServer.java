package io.millrace.query.remote;

import io.millrace.broker.query.QueryGround;
import io.millrace.broker.query.QueryViews;
import io.millrace.broker.query.ServerAddress;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.io.Clock;
import io.millrace.resource.ViewResource;
import io.millrace.view.ViewEntry;
import io.millrace.view.ViewFollower;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/// The ground of queries in another process: everything is asked of the server over HTTP.
/// Thread-safe.
public final class RemoteServer {
    private RemoteServer() {}

    /// @param address of the server's HTTP API
    public static QueryGround at(URI address) {
        ServerCalls calls = new ServerCalls(address);
        ServerAddress known = new ServerAddress();
        known.become(address);
        return new QueryGround(
                // Nothing is kept in files here.
                Path.of(""),
                Clock.system(),
                new RemoteFeeds(calls),
                new Publishing(calls),
                new Views(calls),
                Integer.MAX_VALUE,
                known);
    }

    /// A name has to be taken before anything is published.
    private record Publishing(ServerCalls calls) implements QueryGround.Publishing {
        @Override
        public void publish(String context, Event event, QueryGround.Stored stored) {
            throw new IllegalStateException("a query publishes in its name only");
        }

        @Override
        public QueryGround.Publishing as(String writer) {
            return new RemoteEvents(calls, writer);
        }
    }

    private record Views(ServerCalls calls) implements QueryViews {
        @Override
        public Writer writer(String view, String query) {
            return new RemoteRows(calls, view, query);
        }

        @Override
        public void read(String view, BiConsumer<String, Bytes> each) {
            throw new UnsupportedOperationException("views are written only");
        }

        @Override
        public ViewResource resource(String view) {
            throw new UnsupportedOperationException("views are written only");
        }

        @Override
        public ViewEntry get(String view, String key) {
            throw new UnsupportedOperationException("views are written only");
        }

        @Override
        public ViewFollower follow(String view) {
            throw new UnsupportedOperationException("views are written only");
        }

        @Override
        public boolean has(String view) {
            throw new UnsupportedOperationException("views are written only");
        }
    }
}
