package io.millrace.gateway.http.socket;

import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.door.Follower;
import io.millrace.gateway.http.exchange.Exchange;
import io.millrace.router.Tail;
import io.millrace.security.Principal;
import io.millrace.stream.Start;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Carries the events of one pattern to a socket, for as much as the client grants. Runs on a
/// virtual thread of its own.
///
/// A client that grants no credit for a while costs nothing but a position: the tail is closed, and
/// opened there again when there is credit.
final class SocketFollower implements Runnable {
    /// Events between two control events that tell the position.
    private static final int MARK_EVENTS = 100;

    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final int GLANCES_MAX = 50;

    /// Where events go. Thread-safe.
    interface Outlet {
        /// Sends an event, whatever is pending.
        void send(Event event);

        /// Waits until there is room for more.
        ///
        /// @param hopeless asked now and then while waiting; ends the wait
        /// @throws MillraceException SLOW_CONSUMER
        /// @throws InterruptedException if the client has gone
        void awaitRoom(BooleanSupplier hopeless) throws InterruptedException;

        /// There will be no more of a pattern.
        void ended(ContextPattern pattern, @Nullable String position, MillraceException problem);
    }

    private final BrokerDoor broker;
    private final SocketTerms.Subscription subscription;
    private final boolean positions;
    private final ControlEvents control;
    private final CreditAccount credit;
    private final Outlet outlet;

    /// Behind the last event that was sent.
    private @Nullable String position;

    private @Nullable String told;
    private int untold;
    private boolean paid;

    SocketFollower(
            BrokerDoor broker,
            SocketTerms.Subscription subscription,
            boolean positions,
            ControlEvents control,
            CreditAccount credit,
            Outlet outlet) {
        this.broker = broker;
        this.subscription = subscription;
        this.positions = positions;
        this.control = control;
        this.credit = credit;
        this.outlet = outlet;
    }

    @Override
    public void run() {
        try {
            Start start = subscription.start();
            while (true) {
                try (Follower tail = broker.tail(Principal.LOCAL, subscription.pattern(), start)) {
                    position = tail.position();
                    mark();
                    follow(tail);
                }
                awaitCredit();
                start = Start.parse(String.valueOf(position));
            }
        } catch (MillraceException e) {
            outlet.ended(subscription.pattern(), position, e);
        } catch (InterruptedException _) {
            // The socket is closed.
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            outlet.ended(subscription.pattern(), position, Exchange.internal(e));
        }
    }

    /// Sends events until credit has been missing for so long that the tail is better closed.
    private void follow(Follower tail) throws InterruptedException {
        while (true) {
            List<Tail.Item> items = tail.next(QUIET);
            if (items.isEmpty()) {
                position = tail.position();
                mark();
            }
            for (Tail.Item item : items) {
                if (!pay(tail)) {
                    return;
                }
                paid = false;
                outlet.send(item.event().event());
                position = item.position();
                if (++untold >= MARK_EVENTS) {
                    mark();
                }
                outlet.awaitRoom(tail::overrun);
            }
        }
    }

    /// Makes sure that there is credit for one event.
    private boolean pay(Follower tail) throws InterruptedException {
        if (paid || credit.spend()) {
            paid = true;
            return true;
        }
        mark();
        for (int i = 0; !paid && (i < GLANCES_MAX || !tail.resumable()); i++) {
            paid = credit.spend(GLANCE);
            if (!paid && tail.overrun() && tail.resumable()) {
                return false;
            }
        }
        return paid;
    }

    private void awaitCredit() throws InterruptedException {
        while (!paid) {
            paid = credit.spend(QUIET);
        }
    }

    private void mark() throws InterruptedException {
        untold = 0;
        if (positions && (told == null || !told.equals(String.valueOf(position)))) {
            told = String.valueOf(position);
            outlet.send(control.position(subscription.pattern(), position));
            outlet.awaitRoom(() -> false);
        }
    }
}
