package io.millrace.system;

import java.util.Random;
import tools.jackson.databind.node.ObjectNode;

/// What a worker does with a lease.
///
/// @param action as the HTTP API calls it; `abandon` for no answer at all
record Decision(String action, long delayMillis, boolean failed) {
    static final String ABANDON = "abandon";
    static final String COMPLETE = "complete";
    static final String DEFER = "defer";
    static final String REJECT = "reject";
    static final String RELEASE = "release";
    static final String RENEW = "renew";

    Decision(String action) {
        this(action, 0, false);
    }

    /// Most are completed.
    ///
    /// @param defers whether some are set aside
    static Decision any(Random random, boolean defers) {
        int chance = random.nextInt(100);
        if (chance < 4) {
            return new Decision(ABANDON);
        } else if (chance < 12) {
            return new Decision(RELEASE, random.nextInt(600), false);
        } else if (chance < 22) {
            return new Decision(RELEASE, random.nextInt(600), true);
        } else if (chance < 25) {
            return new Decision(REJECT);
        } else if (chance < 28 && defers) {
            return new Decision(DEFER);
        }
        return new Decision(chance < 34 ? RENEW : COMPLETE);
    }

    /// Whether it is the end of the lease and of the job.
    boolean isLast() {
        return action.equals(COMPLETE) || action.equals(REJECT) || action.equals(DEFER);
    }

    ObjectNode settlement(HeldLease lease) {
        ObjectNode settlement = CrashingServer.json().createObjectNode();
        settlement.put("token", lease.token()).put("action", action);
        switch (action) {
            case RELEASE -> settlement.put("delay", delayMillis + "ms").put("failed", failed);
            case REJECT -> settlement.put("reason", "the test says so");
            case RENEW -> settlement.put("lease", "3s");
            default -> {
                // Nothing belongs to the others.
            }
        }
        return settlement;
    }
}
