package io.millrace.query.remote;

import io.millrace.broker.query.Feed;
import io.millrace.broker.query.Feeds;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.log.EventOrigin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The streams of the server.
record RemoteFeeds(ServerCalls calls) implements Feeds {
    @Override
    public List<Feed> of(ContextPattern pattern, @Nullable String stream) {
        String path = "/api/v1/feeds?pattern=" + ServerCalls.encoded(pattern.toString());
        if (stream != null) {
            path += "&stream=" + ServerCalls.encoded(stream);
        }
        JsonNode document;
        try {
            document = calls.json(calls.get(path));
        } catch (IOException e) {
            throw ServerCalls.unchecked(e);
        }
        long time = document.path("time").asLong();
        List<Feed> feeds = new ArrayList<>();
        for (JsonNode each : document.path("items")) {
            EventOrigin origin =
                    new EventOrigin(
                            each.path("stream").asString(),
                            each.path("incarnation").asInt(),
                            each.path("partition").asInt(),
                            Context.of(each.path("mount").asString()));
            RemoteFeed.Offsets offsets =
                    new RemoteFeed.Offsets(
                            time,
                            each.path("start").asLong(),
                            each.path("readable").asLong(),
                            each.path("stored").asLong());
            feeds.add(new RemoteFeed(calls, each.path("id").asString(), origin, offsets));
        }
        return feeds;
    }

    @Override
    public boolean has(String stream) {
        return !of(ContextPattern.of("/**"), stream).isEmpty();
    }
}
