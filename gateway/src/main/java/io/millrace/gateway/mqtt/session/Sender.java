package io.millrace.gateway.mqtt.session;

import io.millrace.gateway.mqtt.session.Outflow.Sent;
import io.millrace.gateway.mqtt.session.Outflow.Stage;
import io.millrace.gateway.mqtt.session.Outlet.Delivery;
import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import org.jspecify.annotations.Nullable;

/// The outgoing side of the protocol (MQTT 5.0, sections 4.3 and 4.9): what goes out within the
/// client's window, and what its acknowledgements do. Owned by the session's event loop.
///
/// With QoS 2 in a durable session each step is written down before it is taken, so that a crash of
/// the server sends no message as a second one.
final class Sender {
    private final ClientSession session;
    private final Outlet outlet;
    private final Notes.Saving saving;
    private final Notes.Done failed;
    private final int windowMax;
    private boolean closed;

    /// Messages with QoS 1 or 2 that this connection was sent, and that are not acknowledged.
    private int underWay;

    /// Whether something was sent since it was written down how far it has come.
    private boolean hasMoved;

    Sender(
            ClientSession session,
            Outlet outlet,
            Notes.Saving saving,
            Notes.Done failed,
            int windowMax) {
        this.session = session;
        this.outlet = outlet;
        this.saving = saving;
        this.failed = failed;
        this.windowMax = windowMax;
    }

    boolean isWritable() {
        return outlet.isWritable();
    }

    /// Whether a message with QoS 1 or 2 can go out.
    boolean hasRoom() {
        return session.outflow().size() < windowMax && outlet.isWritable();
    }

    /// Whether one that an earlier connection was sent can be sent again.
    boolean hasRoomAgain() {
        return underWay < windowMax && outlet.isWritable();
    }

    /// @return whether that is done with: sent, or not to be sent to this client
    boolean send(PartitionName partition, StoredEvent event, Delivery delivery) {
        hasMoved = true;
        delivery.isDuplicate = false;
        delivery.identifier = 0;
        if (delivery.qos == 0) {
            if (outlet.isWritable()) {
                outlet.publish(event, delivery);
            } else {
                outlet.dropped();
            }
            return true;
        }
        if (!hasRoom()) {
            return false;
        }
        sendCounted(partition, event, delivery, null);
        return true;
    }

    /// Writes down how far a durable session has come, if it was sent anything since the last time.
    void noteProgress() {
        if (hasMoved && !closed && session.isDurable()) {
            hasMoved = false;
            session.notes().whenNoted(saving, () -> {}, failed);
        }
    }

    /// The same for an event that is leased for this session, when there is room.
    void share(PartitionName partition, StoredEvent event, Delivery delivery, Settling settling) {
        delivery.isDuplicate = false;
        delivery.identifier = 0;
        if (delivery.qos == 0) {
            outlet.publish(event, delivery);
            settling.complete();
        } else {
            sendCounted(partition, event, delivery, settling);
        }
    }

    private void sendCounted(
            PartitionName partition,
            StoredEvent event,
            Delivery delivery,
            @Nullable Settling settling) {
        boolean isNoted = delivery.qos == 2 && session.isDurable();
        Sent sent =
                session.outflow()
                        .add(
                                partition,
                                event.offset(),
                                delivery.qos,
                                delivery.isRetained,
                                isNoted ? Stage.NOTED : Stage.SENT,
                                settling,
                                windowMax);
        count(sent);
        if (isNoted) {
            publishNoted(sent, event, delivery);
        } else {
            publish(sent, event, delivery);
        }
    }

    /// Sends again what an earlier connection was sent.
    void sendAgain(Sent sent, StoredEvent event, Delivery delivery) {
        delivery.qos = sent.qos();
        delivery.isRetained = sent.isRetained();
        delivery.isDuplicate = true;
        count(sent);
        if (sent.stage == Stage.NOTED) {
            // That it is sent may not be on disk yet.
            publishNoted(sent, event, delivery);
        } else {
            publish(sent, event, delivery);
        }
    }

    private void count(Sent sent) {
        sent.isUnderWay = true;
        underWay++;
    }

    private void remove(Sent sent) {
        session.outflow().remove(sent);
        if (sent.isUnderWay) {
            sent.isUnderWay = false;
            underWay--;
        }
    }

    /// Writes down first that it is sent, so that it is not sent as another one after a crash.
    private void publishNoted(Sent sent, StoredEvent event, Delivery delivery) {
        Delivery own = delivery.copy();
        Runnable publish =
                () -> {
                    if (!closed) {
                        sent.stage = Stage.SENT;
                        publish(sent, event, own);
                    }
                };
        session.notes().whenNoted(saving, publish, failed);
    }

    private void publish(Sent sent, StoredEvent event, Delivery how) {
        how.identifier = sent.identifier();
        if (!outlet.publish(event, how)) {
            // Nothing of it will be acknowledged.
            remove(sent);
            if (sent.settling != null) {
                sent.settling.complete();
            }
        }
    }

    /// PUBACK.
    ///
    /// @return whether something with QoS 1 had that identifier
    boolean acknowledged(int identifier, boolean isError) {
        Sent sent = session.outflow().find(identifier);
        if (sent == null || sent.qos() != 1) {
            return false;
        }
        finish(sent, isError);
        return true;
    }

    private void finish(Sent sent, boolean isError) {
        remove(sent);
        settle(sent, isError);
    }

    private static void settle(Sent sent, boolean isError) {
        if (sent.settling != null && isError) {
            sent.settling.reject("the client refused it");
        } else if (sent.settling != null) {
            sent.settling.complete();
        }
    }

    /// PUBREC.
    ///
    /// @return whether something with QoS 2 had that identifier
    boolean received(int identifier, boolean isError) {
        Sent sent = session.outflow().find(identifier);
        if (sent == null || sent.qos() != 2) {
            return false;
        }
        if (isError) {
            finish(sent, true);
        } else {
            if (sent.stage != Stage.RELEASED) {
                sent.stage = Stage.RELEASED;
                settle(sent, false);
            }
            release(identifier);
        }
        return true;
    }

    /// PUBREL; that the client has the message is written down before.
    void release(int identifier) {
        if (!session.isDurable()) {
            outlet.send(Packets.release(identifier));
            return;
        }
        Runnable release =
                () -> {
                    if (!closed) {
                        outlet.send(Packets.release(identifier));
                    }
                };
        session.notes().whenNoted(saving, release, failed);
    }

    /// PUBCOMP.
    ///
    /// @return whether something with QoS 2 had that identifier
    boolean completed(int identifier) {
        Sent sent = session.outflow().find(identifier);
        if (sent == null || sent.qos() != 2) {
            return false;
        }
        remove(sent);
        return true;
    }

    /// It will not be sent any more.
    void forget(Sent sent) {
        remove(sent);
    }

    /// The connection is gone: what was leased for it may go to others, but for what the client may
    /// have with QoS 2, which nobody else gets (section 4.8.2).
    void close() {
        closed = true;
        for (Sent sent : session.outflow().inOrder()) {
            if (sent.settling == null) {
                continue;
            }
            if (sent.qos() == 1 || sent.stage == Stage.NOTED) {
                session.outflow().remove(sent);
                sent.settling.release();
            } else {
                sent.settling.complete();
            }
        }
    }
}
