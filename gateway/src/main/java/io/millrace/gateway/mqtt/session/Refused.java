package io.millrace.gateway.mqtt.session;

/// What a client sent is against the protocol or not accepted: the connection ends with a reason.
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ReasonCode reason;

    public Refused(ReasonCode reason, String why) {
        super(why, null, false, false);
        this.reason = reason;
    }

    public ReasonCode reason() {
        return reason;
    }

    /// In words.
    public String why() {
        return String.valueOf(getMessage());
    }
}
