package io.millrace.simulator;

/// The machine or the process stops here and now: whoever is running is never heard of again. No
/// code under test catches it.
public final class PowerCut extends Error {
    private static final long serialVersionUID = 1L;

    public PowerCut() {
        super("the power is gone", null, false, false);
    }
}
