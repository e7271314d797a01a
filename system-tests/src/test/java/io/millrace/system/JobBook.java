package io.millrace.system;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// What publishers and workers were told of each job, and what of that cannot be true of a queue.
/// It knows nothing of the server but its answers. Thread-safe.
final class JobBook implements CrashWorker.Listener {
    private final Map<String, Job> jobs = new ConcurrentHashMap<>();
    private final Queue<String> contradictions = new ConcurrentLinkedQueue<>();

    /// One delivery of a job. Guarded by the job.
    private static final class Holding {
        final HeldLease lease;
        long deadlineMillis;
        boolean settling;
        boolean answered;

        Holding(HeldLease lease) {
            this.lease = lease;
            this.deadlineMillis = lease.deadlineMillis();
        }
    }

    /// All that was said of a job. Guarded by itself.
    static final class Job {
        private final String id;
        private final TreeMap<Integer, Holding> holdings = new TreeMap<>();
        private final TreeMap<Integer, Integer> failures = new TreeMap<>();
        private final TreeMap<Integer, Long> dueMillis = new TreeMap<>();
        private @Nullable String number;
        private @Nullable String ended;
        private int endedBy;

        /// Whether the job was settled in a way of which nobody heard the outcome.
        private boolean unheard;

        private Job(String id) {
            this.id = id;
        }

        String id() {
            return id;
        }

        /// The action that ended it as a worker was told; `null` for none.
        synchronized @Nullable String ended() {
            return ended;
        }

        /// Whether the job's last step may have been taken without anybody hearing of it.
        synchronized boolean isUnsure() {
            boolean isSeen = holdings.isEmpty() || holdings.lastKey() == holdings.size();
            return unheard
                    || !isSeen
                    || holdings.values().stream().anyMatch(held -> !held.answered);
        }
    }

    private Job job(String id) {
        return jobs.computeIfAbsent(id, Job::new);
    }

    List<Job> jobs() {
        return List.copyOf(jobs.values());
    }

    List<String> contradictions() {
        return List.copyOf(contradictions);
    }

    private void contradiction(Job job, String what) {
        contradictions.add(job.id + ": " + what);
    }

    /// The server has acknowledged it.
    void stored(String id, String number) {
        Job job = job(id);
        synchronized (job) {
            if (job.number != null && !job.number.equals(number)) {
                contradiction(job, "has the numbers %s and %s".formatted(job.number, number));
            }
            job.number = number;
        }
    }

    /// A worker was given it.
    @Override
    public void given(HeldLease lease) {
        Job job = job(lease.id());
        synchronized (job) {
            int delivery = lease.deliveries();
            if (job.number != null && !job.number.equals(lease.number())) {
                contradiction(
                        job, "given out as %s, put in as %s".formatted(lease.number(), job.number));
            }
            if (job.ended != null && delivery > job.endedBy) {
                contradiction(
                        job,
                        "%s by delivery %d, given out in %s"
                                .formatted(job.ended, job.endedBy, lease));
            }
            job.failures
                    .headMap(delivery)
                    .forEach((_, failures) -> {
                        if (lease.failures() < failures) {
                            contradiction(
                                    job,
                                    "%d failures are forgotten in %s".formatted(failures, lease));
                        }
                    });
            job.dueMillis
                    .headMap(delivery)
                    .forEach((_, due) -> {
                        if (lease.gotMillis() < due) {
                            contradiction(job, "given out before %d in %s".formatted(due, lease));
                        }
                    });
            job.holdings
                    .headMap(delivery)
                    .forEach((_, earlier) -> {
                        if (!earlier.settling && lease.gotMillis() < earlier.deadlineMillis) {
                            contradiction(
                                    job, "held by %s and by %s".formatted(earlier.lease, lease));
                        }
                    });
            if (job.holdings.put(delivery, new Holding(lease)) != null) {
                contradiction(job, "given out twice as delivery %d".formatted(delivery));
            }
        }
    }

    /// A worker is about to settle it.
    @Override
    public void settling(HeldLease lease, Decision decision) {
        Job job = job(lease.id());
        synchronized (job) {
            Holding held = holding(job, lease);
            if (decision.action().equals(Decision.RENEW)) {
                held.answered = false;
            } else {
                held.settling = true;
            }
        }
    }

    private static Holding holding(Job job, HeldLease lease) {
        Holding held = job.holdings.get(lease.deliveries());
        if (held == null) {
            throw new IllegalStateException("nobody was given " + lease);
        }
        return held;
    }

    /// No answer came.
    @Override
    public void unheard(HeldLease lease) {
        Job job = job(lease.id());
        synchronized (job) {
            job.unheard = true;
        }
    }

    /// What the worker was told.
    ///
    /// @param sentMillis when the first request for this was sent
    /// @param gotMillis when the answer was there
    /// @param again whether no answer came to the first request
    record Told(
            HeldLease lease,
            Decision decision,
            String outcome,
            long newDeadlineMillis,
            long sentMillis,
            long gotMillis,
            boolean again) {}

    @Override
    public void settled(Told told) {
        Job job = job(told.lease.id());
        synchronized (job) {
            Holding held = holding(job, told.lease);
            held.answered = true;
            switch (told.outcome) {
                case "done", "dead-lettered" -> done(job, held, told);
                case "settled-before", "lease-ended", "given-to-another" ->
                        refused(job, held, told);
                default -> contradiction(job, "the answer is %s".formatted(told));
            }
        }
    }

    private void refused(Job job, Holding held, Told told) {
        held.answered = false;
        if (!told.again && told.gotMillis < held.deadlineMillis) {
            contradiction(
                    job,
                    "refused while the lease held until %d: %s"
                            .formatted(held.deadlineMillis, told));
        }
    }

    private void done(Job job, Holding held, Told told) {
        int delivery = told.lease.deliveries();
        boolean isBuried = told.outcome.equals("dead-lettered");
        if (job.ended != null) {
            contradiction(
                    job, "%s by delivery %d, then %s".formatted(job.ended, job.endedBy, told));
        }
        if (told.sentMillis > held.deadlineMillis && !job.unheard) {
            contradiction(
                    job, "its lease had ended at %d: %s".formatted(held.deadlineMillis, told));
        }
        Decision decision = told.decision;
        if (decision.isLast() || isBuried) {
            if (job.holdings.lastKey() > delivery) {
                contradiction(
                        job,
                        "given out as delivery %d after %s"
                                .formatted(job.holdings.lastKey(), told));
            }
            job.ended = isBuried ? Decision.REJECT : decision.action();
            job.endedBy = delivery;
        } else if (decision.action().equals(Decision.RENEW)) {
            held.deadlineMillis = told.newDeadlineMillis;
            held.answered = false;
        } else {
            job.dueMillis.put(delivery, told.sentMillis + decision.delayMillis());
            if (decision.failed()) {
                job.failures.put(delivery, told.lease.failures() + 1);
            }
        }
    }

    /// Counts of how jobs ended as workers were told.
    Map<String, Integer> ends() {
        Map<String, Integer> ends = new HashMap<>();
        for (Job job : jobs()) {
            String ended = job.ended();
            ends.merge(ended == null ? "unknown" : ended, 1, Integer::sum);
        }
        return ends;
    }

    /// Ids of the jobs that ended so.
    List<String> endedBy(String action) {
        List<String> ids = new ArrayList<>();
        for (Job job : jobs()) {
            if (action.equals(job.ended())) {
                ids.add(job.id());
            }
        }
        return ids;
    }
}
