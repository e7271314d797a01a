package io.millrace.gateway.http;

import io.millrace.delivery.WebhookCallbacks;
import io.millrace.gateway.http.call.Places;
import io.millrace.gateway.http.call.Router;
import io.millrace.gateway.http.call.Terms;
import io.millrace.gateway.http.config.HttpLimits;
import io.millrace.gateway.http.consume.Consumption;
import io.millrace.gateway.http.consume.DeferredEndpoint;
import io.millrace.gateway.http.consume.LeaseAnswer;
import io.millrace.gateway.http.consume.LeaseWriter;
import io.millrace.gateway.http.consume.ReceiveEndpoint;
import io.millrace.gateway.http.consume.SettleEndpoint;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.exchange.Route;
import io.millrace.gateway.http.letter.LetterEndpoints;
import io.millrace.gateway.http.queue.EnqueueEndpoint;
import io.millrace.gateway.http.queue.GroupStateEndpoints;
import io.millrace.gateway.http.queue.JobNumbers;
import io.millrace.gateway.http.queue.PeekEndpoint;
import io.millrace.gateway.http.queue.QueueConsumption;
import io.millrace.gateway.http.queue.QueueEndpoints;
import io.millrace.gateway.http.queue.QueueReceiveEndpoint;
import io.millrace.gateway.http.status.GroupStatusEndpoints;
import io.millrace.gateway.http.subscription.CallbackEndpoint;
import io.millrace.gateway.http.subscription.SubscriptionConsumption;
import io.millrace.gateway.http.subscription.SubscriptionEndpoints;
import io.millrace.gateway.http.subscription.TrialEndpoints;
import io.millrace.gateway.http.view.ViewEndpoints;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;

/// The routes of subscriptions, queues, dead letters and views.
///
/// Those who wait for events have places of their own, and so have those who settle and put jobs
/// in, as many as there are connections: neither keeps anybody else from being answered.
final class WorkRoutes {
    private static final HttpMethod GET = HttpMethod.GET;
    private static final HttpMethod POST = HttpMethod.POST;

    private final BrokerDoor broker;
    private final HttpLimits limits;
    private final Duration heartbeat;
    private final Terms bare;
    private final Terms document;
    private final Terms event;
    private final Terms receiving;
    private final Terms working;
    private final Places work;

    /// @param heartbeat how often who follows a view hears something
    WorkRoutes(
            BrokerDoor broker,
            HttpLimits limits,
            Places receivers,
            Places ordinary,
            Duration heartbeat) {
        this.broker = broker;
        this.heartbeat = heartbeat;
        this.limits = limits;
        this.work = new Places(limits.connectionsMax());
        this.bare = Terms.withoutBody(ordinary);
        this.document = Terms.document(ordinary, limits.bodyBytesMax());
        this.event = Terms.events(ordinary, limits.bodyBytesMax(), limits.bodyBytesMax());
        this.receiving = Terms.withoutBody(receivers).waiting();
        this.working = Terms.document(work, limits.batchBytesMax());
    }

    void addTo(Router router) {
        subscriptions(router);
        queues(router);
        groups(router);
        letters(router);
        views(router);
        status(router);
    }

    /// Whoever waits or follows holds no more than what holds the connection.
    private void views(Router router) {
        ViewEndpoints views = new ViewEndpoints(broker, heartbeat);
        Terms reading = Terms.withoutBody(work).waiting();
        Route route = Route.VIEWS;
        router.add(route, GET, "/views", views::all, bare)
                .add(route, GET, "/views/{}", views::list, reading)
                .add(route, GET, "/views/{}/**", views::get, reading)
                .add(Route.STATUS, GET, "/api/v1/views/{}/status", views::status, bare);
    }

    private void subscriptions(Router router) {
        Route route = Route.SUBSCRIPTIONS;
        Consumption consumption = new SubscriptionConsumption(broker);
        LeaseAnswer answer =
                new LeaseAnswer(consumption, new LeaseWriter(false), LeaseAnswer.BYTES_MAX);
        ReceiveEndpoint receive = new ReceiveEndpoint(consumption, answer);
        SettleEndpoint settle = new SettleEndpoint(consumption, false);
        SubscriptionEndpoints endpoints = new SubscriptionEndpoints(broker);
        TrialEndpoints trial = new TrialEndpoints(broker);
        CallbackEndpoint callback = new CallbackEndpoint(broker);
        DeferredEndpoint deferred =
                new DeferredEndpoint(consumption, answer, DeferredEndpoint.EVENTS);
        router.add(Route.RECEIVE, POST, "/subscriptions/{}/receive", receive, receiving)
                .add(Route.SETTLE, POST, "/subscriptions/{}/settle", settle, working)
                .add(Route.RECEIVE, POST, "/subscriptions/{}/deferred", deferred, working)
                .add(route, POST, "/subscriptions/{}/seek", endpoints::seek, document)
                .add(route, POST, "/subscriptions/{}/pause", endpoints::pause, bare)
                .add(route, POST, "/subscriptions/{}/resume", endpoints::resume, bare)
                .add(route, POST, "/subscriptions/{}/explain", trial::explain, event)
                .add(route, POST, "/subscriptions/{}/preview", trial::preview, event)
                .add(route, GET, WebhookCallbacks.PATH + "{}", callback, bare)
                .add(route, POST, WebhookCallbacks.PATH + "{}", callback, document);
    }

    private void queues(Router router) {
        Route route = Route.QUEUES;
        Consumption consumption = new QueueConsumption(broker);
        LeaseAnswer answer =
                new LeaseAnswer(consumption, new LeaseWriter(true), LeaseAnswer.BYTES_MAX);
        Terms jobs = Terms.events(work, limits.bodyBytesMax(), limits.batchBytesMax());
        EnqueueEndpoint enqueue = new EnqueueEndpoint(broker, limits.batchEventsMax());
        QueueReceiveEndpoint receive = new QueueReceiveEndpoint(broker, answer);
        SettleEndpoint settle = new SettleEndpoint(consumption, true);
        DeferredEndpoint deferred = new DeferredEndpoint(consumption, answer, JobNumbers.NUMBERS);
        QueueEndpoints endpoints = new QueueEndpoints(broker);
        router.add(Route.ENQUEUE, POST, "/queues/{}", enqueue, jobs)
                .add(Route.RECEIVE, POST, "/queues/{}/receive", receive, receiving)
                .add(Route.SETTLE, POST, "/queues/{}/settle", settle, working)
                .add(route, GET, "/queues/{}/jobs", new PeekEndpoint(broker), bare)
                .add(route, HttpMethod.DELETE, "/queues/{}/jobs/{}", endpoints::cancel, bare)
                .add(Route.RECEIVE, POST, "/queues/{}/deferred", deferred, working)
                .add(route, POST, "/queues/{}/purge", endpoints::purge, bare)
                .add(route, POST, "/queues/{}/pause", endpoints::pause, bare)
                .add(route, POST, "/queues/{}/resume", endpoints::resume, bare);
    }

    private void groups(Router router) {
        GroupStateEndpoints states = new GroupStateEndpoints(broker);
        // No more than the memory for bodies has room for.
        int largest = Math.max(limits.bodyBytesMax(), limits.batchBytesMax());
        Terms state = Terms.document(work, Math.min(GroupStateEndpoints.BYTES_MAX, largest));
        Terms stateless = Terms.withoutBody(work);
        String path = "/queues/{}/groups/{any}/state";
        router.add(Route.QUEUES, GET, path, states::get, stateless)
                .add(Route.QUEUES, HttpMethod.PUT, path, states::put, state)
                .add(Route.QUEUES, HttpMethod.DELETE, path, states::delete, stateless);
    }

    private void letters(Router router) {
        LetterEndpoints letters = new LetterEndpoints(broker);
        Route route = Route.DEAD_LETTERS;
        router.add(route, GET, "/dead-letters", letters::list, bare)
                .add(route, POST, "/dead-letters/resubmit", letters::resubmit, document)
                .add(route, POST, "/dead-letters/discard", letters::discard, document)
                .add(route, GET, "/dead-letters/{}", letters::get, bare);
    }

    private void status(Router router) {
        GroupStatusEndpoints status = new GroupStatusEndpoints(broker);
        Route route = Route.STATUS;
        router.add(route, GET, "/api/v1/subscriptions/{}/status", status::subscription, bare)
                .add(route, GET, "/api/v1/queues/{}/status", status::queue, bare)
                .add(route, GET, "/api/v1/schedules/{}/status", status::schedule, bare)
                .add(route, GET, "/api/v1/ledger", status::ledger, bare);
    }
}
