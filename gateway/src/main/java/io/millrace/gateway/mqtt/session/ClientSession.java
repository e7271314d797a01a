package io.millrace.gateway.mqtt.session;

import io.millrace.security.Principal;
import io.millrace.stream.PartitionName;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A session (MQTT 5.0, section 4.1): what of a client outlives its connections. Owned by the event
/// loop of its connection; between two connections by whoever took it over.
///
/// Its place in the log is kept as the few partitions in which it is behind; in all others it is
/// where its loop is.
public final class ClientSession {
    /// An expiry interval that never ends.
    public static final long NEVER = 0xFFFF_FFFFL;

    private final String clientId;

    /// Tells it from other sessions of this client.
    private final String number;

    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
    private final Outflow outflow = new Outflow();
    private final Received received = new Received();
    private final Notes notes = new Notes();

    /// Where it was when it was written down or detached; partitions that are not here are new.
    private Map<PartitionName, Long> places = new HashMap<>();

    private long expirySeconds;

    /// Whether there are rows of it, or of one that it replaces.
    private boolean isKept;

    /// Who is connected to it.
    private Principal principal = Principal.LOCAL;

    /// The message to be published if the connection ends without a word.
    private @Nullable Will will;

    public ClientSession(String clientId, String number, long expirySeconds) {
        this.clientId = clientId;
        this.number = number;
        this.expirySeconds = expirySeconds;
    }

    public String clientId() {
        return clientId;
    }

    public String number() {
        return number;
    }

    /// Seconds that it outlives its connection; [#NEVER] for ever.
    public long expirySeconds() {
        return expirySeconds;
    }

    public void expirySeconds(long seconds) {
        expirySeconds = seconds;
    }

    /// Whether it is to outlive its connection, and so the process too.
    public boolean isDurable() {
        return expirySeconds > 0;
    }

    /// Whether it was ever written down, or replaces one that was.
    public boolean isKept() {
        return isKept;
    }

    public void kept() {
        isKept = true;
    }

    public Collection<Subscription> subscriptions() {
        return subscriptions.values();
    }

    public int subscriptionCount() {
        return subscriptions.size();
    }

    /// @return the one that it replaces
    public @Nullable Subscription put(Subscription subscription) {
        return subscriptions.put(subscription.options().filter(), subscription);
    }

    public @Nullable Subscription find(String filter) {
        return subscriptions.get(filter);
    }

    @Nullable Subscription remove(String filter) {
        return subscriptions.remove(filter);
    }

    public Outflow outflow() {
        return outflow;
    }

    public Received received() {
        return received;
    }

    Notes notes() {
        return notes;
    }

    /// Where it stands, while it is not attached.
    public Map<PartitionName, Long> places() {
        return places;
    }

    public void places(Map<PartitionName, Long> offsets) {
        places = offsets;
    }

    /// Who is connected to it, or was last.
    public Principal principal() {
        return principal;
    }

    void principal(Principal client) {
        principal = client;
    }

    public @Nullable Will will() {
        return will;
    }

    public void will(@Nullable Will message) {
        will = message;
    }

    @Override
    public String toString() {
        return clientId;
    }
}
