package io.millrace.gateway.http.socket;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// How many more events a client takes, over all its subscriptions. Thread-safe: the event loop
/// adds, followers spend.
final class CreditAccount {
    /// A client that grants more than this at once means that it needs no credit.
    static final int BALANCE_MAX = 1_000_000_000;

    private final boolean limited;
    private final Semaphore balance;

    private CreditAccount(boolean limited, int first) {
        this.limited = limited;
        this.balance = new Semaphore(first, true);
    }

    static CreditAccount of(int first) {
        return new CreditAccount(true, first);
    }

    static CreditAccount unlimited() {
        return new CreditAccount(false, 0);
    }

    boolean isLimited() {
        return limited;
    }

    /// @return whether there was room for so much more
    boolean grant(int more) {
        if (balance.availablePermits() > BALANCE_MAX - more) {
            return false;
        }
        balance.release(more);
        return true;
    }

    /// Spends the credit for one event if there is any.
    boolean spend() {
        return !limited || balance.tryAcquire();
    }

    /// Waits for the credit for one event and spends it.
    ///
    /// @return whether there was any in time
    boolean spend(Duration atMost) throws InterruptedException {
        return !limited || balance.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }
}
