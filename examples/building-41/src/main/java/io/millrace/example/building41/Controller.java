package io.millrace.example.building41;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.common.MqttException;

/// A small device on the wall: its sensors hang on it, it has one connection, and it keeps for some
/// time what it cannot send. Runs on a thread of its own.
final class Controller implements Runnable, Session.Settlement {
    /// How soon an idle controller sees that its connection is gone.
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final int PAUSE_FACTOR_MAX = 32;

    private final String address;
    private final String clientId;
    private final String status;
    private final Backlog backlog;
    private final Reach reach;
    private final PrintStream out;
    private final Duration pauseMin;
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /// What is in flight, or was when the connection broke; oldest first.
    private final Deque<Signal> flight = new ArrayDeque<>();

    private int refusal;

    /// @param place the part of the building that it is for; it says in `status` below that how it
    ///   is doing
    /// @param pauseMin before the first attempt to connect again; doubles up to 32 times that
    Controller(
            Way.Mqtt way,
            String place,
            String clientId,
            Backlog backlog,
            Reach reach,
            PrintStream out,
            Duration pauseMin) {
        this.address = way.toString().replace("mqtt:", "tcp:");
        this.clientId = clientId;
        this.status = place + "/status";
        this.backlog = backlog;
        this.reach = reach;
        this.out = out;
        this.pauseMin = pauseMin;
    }

    void add(List<Signal> signals) {
        backlog.add(signals);
    }

    void close() {
        backlog.close();
    }

    /// Ends when it is closed and everything is out, or by interruption.
    @Override
    public void run() {
        int factor = 1;
        while (!Thread.currentThread().isInterrupted()) {
            try (Session session = new Session(address, clientId, status)) {
                reach.back(clientId);
                factor = 1;
                serve(session);
                return;
            } catch (MqttException e) {
                reach.lost(clientId, reasonOf(e));
            } catch (InterruptedException e) {
                return;
            }
            if (!sleep(factor)) {
                return;
            }
            factor = Math.min(2 * factor, PAUSE_FACTOR_MAX);
        }
    }

    private void serve(Session session) throws MqttException, InterruptedException {
        while (true) {
            if (flight.isEmpty()) {
                flight.addAll(backlog.take(session.window(), LOOK));
            }
            if (!flight.isEmpty()) {
                session.publish(flight, this);
            } else if (backlog.isDone()) {
                session.leave();
                return;
            } else if (!session.isConnected()) {
                throw new MqttException(MqttClientException.REASON_CODE_CONNECTION_LOST);
            }
        }
    }

    @Override
    public void taken() {
        published.incrementAndGet();
    }

    /// Says so once for each reason, as there may be many of them.
    @Override
    public void refused(Signal signal, int reason) {
        refused.incrementAndGet();
        if (reason != refusal) {
            refusal = reason;
            out.printf(
                    "building-41: events are refused: reason 0x%02x for the one in %s%n",
                    reason, signal.context());
        }
    }

    /// Waits before another attempt, not all controllers equally long: a server that comes back is
    /// not met by all of them at once.
    private boolean sleep(int factor) {
        double share = ThreadLocalRandom.current().nextDouble(0.75, 1.25);
        try {
            Thread.sleep(Duration.ofNanos((long) (pauseMin.toNanos() * factor * share)));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String reasonOf(MqttException e) {
        Throwable cause = e.getCause();
        String why = cause == null ? e.getMessage() : cause.getMessage();
        return why == null ? "reason " + e.getReasonCode() : why;
    }

    Outlet.Tally tally() {
        return new Outlet.Tally(backlog.added(), published.get(), refused.get(), backlog.dropped());
    }
}
