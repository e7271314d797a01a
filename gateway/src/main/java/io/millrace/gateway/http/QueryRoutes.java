package io.millrace.gateway.http;

import io.millrace.gateway.http.call.Places;
import io.millrace.gateway.http.call.Router;
import io.millrace.gateway.http.call.Terms;
import io.millrace.gateway.http.config.HttpLimits;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.exchange.Route;
import io.millrace.gateway.http.query.FeedEndpoints;
import io.millrace.gateway.http.query.QueryEndpoints;
import io.millrace.gateway.http.query.RunEndpoint;
import io.millrace.gateway.http.query.WriterEndpoints;
import io.millrace.io.Clock;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;

/// The routes of queries. Those who run one ad hoc have places of their own, and so have those who
/// have one planned or paused, which may take seconds: neither keeps anybody else from being
/// answered.
final class QueryRoutes {
    private static final HttpMethod GET = HttpMethod.GET;
    private static final HttpMethod POST = HttpMethod.POST;

    /// How many are planned, paused or secured at the same time.
    private static final int SLOW_PLACES = 16;

    /// How many tasks on clusters read or write at the same time.
    private static final int OUTSIDE_PLACES = 2_000;

    private final Places runs = new Places(RunEndpoint.PLACES);
    private final QueryEndpoints endpoints;
    private final RunEndpoint run;
    private final FeedEndpoints feeds;
    private final WriterEndpoints writers;
    private final HttpLimits limits;

    QueryRoutes(BrokerDoor broker, HttpLimits limits, Clock clock, Duration heartbeat) {
        this.endpoints = new QueryEndpoints(broker, clock);
        this.run = new RunEndpoint(broker, clock, heartbeat);
        this.feeds = new FeedEndpoints(broker);
        this.writers = new WriterEndpoints(broker, clock, limits.batchBytesMax());
        this.limits = limits;
    }

    /// Those who run a query ad hoc.
    Places runs() {
        return runs;
    }

    /// For queries that run on a cluster: their streams, and what they write.
    private void outside(Router router) {
        Places reading = new Places(OUTSIDE_PLACES);
        Places writing = new Places(OUTSIDE_PLACES);
        Terms bare = Terms.withoutBody(reading);
        // Not broken off when the client goes: a successor waits until all of it is stored.
        Terms batch = Terms.document(writing, limits.batchBytesMax());
        Route route = Route.FEEDS;
        String writer = "/api/v1/query/writers/{}";
        router.add(route, GET, "/api/v1/feeds", feeds::list, bare)
                .add(route, GET, "/api/v1/feeds/{}/{}/batches", feeds::batches, bare.waiting())
                .add(route, GET, "/api/v1/feeds/{}/{}/offset", feeds::offset, bare)
                .add(route, POST, writer, writers::take, Terms.withoutBody(writing))
                .add(route, POST, writer + "/events", writers::events, batch)
                .add(route, POST, writer + "/rows", writers::rows, batch);
    }

    Router addTo(Router router) {
        outside(router);
        Places slow = new Places(SLOW_PLACES);
        Terms document = Terms.document(slow, limits.bodyBytesMax());
        Terms bare = Terms.withoutBody(slow);
        Terms running = Terms.document(runs, limits.bodyBytesMax()).waiting();
        Route route = Route.QUERIES;
        return router.add(Route.STATUS, GET, "/api/v1/queries/{}/status", endpoints::status)
                .add(Route.STATUS, GET, "/api/v1/query/status", endpoints::all)
                .add(route, POST, "/queries/{}/pause", endpoints::pause, bare)
                .add(route, POST, "/queries/{}/resume", endpoints::resume, bare)
                .add(route, POST, "/queries/{}/savepoint", endpoints::savepoint, bare)
                .add(route, POST, "/api/v1/query/explain", endpoints::explain, document)
                .add(Route.QUERY_RUN, POST, "/api/v1/query/run", run, running)
                .add(route, POST, "/api/v1/schema/infer", endpoints::infer, document);
    }
}
