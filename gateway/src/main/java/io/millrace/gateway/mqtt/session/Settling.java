package io.millrace.gateway.mqtt.session;

/// Where an event is leased that a session was sent for a shared subscription.
public interface Settling {
    /// The client has it.
    void complete();

    /// The client refused it, or cannot get it: nobody else gets it either (section 4.8.2).
    void reject(String reason);

    /// The client went away without an answer: somebody else may get it.
    void release();
}
