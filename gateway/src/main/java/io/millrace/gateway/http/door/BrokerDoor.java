package io.millrace.gateway.http.door;

import io.millrace.broker.Administration;
import io.millrace.broker.Broker;
import io.millrace.broker.DeadLetters;
import io.millrace.broker.Publication;
import io.millrace.broker.PublishReply;
import io.millrace.broker.Queues;
import io.millrace.broker.ReadRequest;
import io.millrace.broker.ReadResult;
import io.millrace.broker.Subscriptions;
import io.millrace.broker.query.Queries;
import io.millrace.broker.stream.Latest;
import io.millrace.broker.stream.StreamStatus;
import io.millrace.broker.view.Views;
import io.millrace.event.ContextPattern;
import io.millrace.schedule.ScheduleStatus;
import io.millrace.security.Principal;
import io.millrace.stream.Start;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the gateway asks of the [Broker], so that its tests can have a broker that is slow, full or
/// broken in just the way they need.
public interface BrokerDoor {
    void publish(Principal principal, List<Publication> publications, PublishReply reply);

    ReadResult read(Principal principal, ReadRequest request) throws InterruptedException;

    Follower tail(Principal principal, ContextPattern pattern, Start start);

    StreamStatus status(Principal principal, String stream);

    List<StreamStatus> status(Principal principal);

    Latest latest();

    Administration administration();

    Subscriptions subscriptions();

    Queues queues();

    Views views();

    Queries queries();

    DeadLetters deadLetters();

    ScheduleStatus scheduleStatus(Principal principal, String name);

    boolean calledBack(String key, @Nullable String allowedRate);

    int contextCount();

    long publishedCount();

    List<String> failures();

    List<String> damages();

    int eventBytesMax();

    static BrokerDoor of(Broker broker) {
        return new Delegating(broker);
    }

    /// Passes everything on.
    record Delegating(Broker broker) implements BrokerDoor {
        @Override
        public void publish(
                Principal principal, List<Publication> publications, PublishReply reply) {
            broker.publish(principal, publications, reply);
        }

        @Override
        public ReadResult read(Principal principal, ReadRequest request)
                throws InterruptedException {
            return broker.read(principal, request);
        }

        @Override
        public Follower tail(Principal principal, ContextPattern pattern, Start start) {
            return Follower.of(broker.tail(principal, pattern, start));
        }

        @Override
        public StreamStatus status(Principal principal, String stream) {
            return broker.status(principal, stream);
        }

        @Override
        public List<StreamStatus> status(Principal principal) {
            return broker.status(principal);
        }

        @Override
        public Latest latest() {
            return broker.latest();
        }

        @Override
        public Administration administration() {
            return broker.administration();
        }

        @Override
        public Subscriptions subscriptions() {
            return broker.subscriptions();
        }

        @Override
        public Queues queues() {
            return broker.queues();
        }

        @Override
        public Views views() {
            return broker.views();
        }

        @Override
        public Queries queries() {
            return broker.queries();
        }

        @Override
        public DeadLetters deadLetters() {
            return broker.deadLetters();
        }

        @Override
        public ScheduleStatus scheduleStatus(Principal principal, String name) {
            return broker.scheduleStatus(principal, name);
        }

        @Override
        public boolean calledBack(String key, @Nullable String allowedRate) {
            return broker.calledBack(key, allowedRate);
        }

        @Override
        public int contextCount() {
            return broker.contextCount();
        }

        @Override
        public long publishedCount() {
            return broker.publishedCount();
        }

        @Override
        public List<String> failures() {
            return broker.failures();
        }

        @Override
        public List<String> damages() {
            return broker.damages();
        }

        @Override
        public int eventBytesMax() {
            return broker.eventBytesMax();
        }
    }
}
