package io.millrace.broker.queue;

import io.millrace.broker.partition.Lane;
import io.millrace.broker.partition.LaneHost;
import io.millrace.broker.partition.ShardGroup;
import io.millrace.cursor.CursorConfig;
import io.millrace.cursor.RecoveredCursors;
import io.millrace.cursor.RetryDelays;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.group.Burying;
import io.millrace.group.CursorShards;
import io.millrace.group.Feed;
import io.millrace.group.Group;
import io.millrace.group.GroupConfig;
import io.millrace.group.GroupCursor;
import io.millrace.io.Clock;
import io.millrace.log.EventRecords;
import io.millrace.log.Log;
import io.millrace.log.LogConfig;
import io.millrace.log.LogSlice;
import io.millrace.queue.DuplicateWindow;
import io.millrace.queue.JobRules;
import io.millrace.resource.LeasePolicy;
import io.millrace.resource.Overflow;
import io.millrace.resource.QueueResource;
import io.millrace.shard.Append;
import io.millrace.shard.Shard;
import io.millrace.shard.StreamId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One queue at work: a lane for each priority, a group with a cursor on each, and what has been
/// put in of late. All of it is on one shard.
///
/// Thread-safe; what says so belongs to the shard's thread.
public final class HostedQueue {
    private static final Logger LOG = LoggerFactory.getLogger(HostedQueue.class);
    public static final String KIND = "Queue";
    private static final Context CONTEXT = Context.of("/queues");
    private static final String PAUSED = "paused";
    private static final int FIRST_LANE = 4;
    private static final int SEGMENT_BYTES = 64 << 20;
    private static final Duration SEGMENT_AGE = Duration.ofMinutes(10);
    private static final int SHED_MAX = 100;

    private final StreamId id;
    private final Means means;
    private final Shard shard;
    private final Group group;
    private final Context context;
    private final @Nullable Lane[] lanes = new Lane[JobRules.LANES];
    private final DuplicateWindow window;
    private volatile QueueResource resource;
    private boolean isShedding;

    /// Jobs that are taken in and not stored yet.
    private int entering;

    /// Those, with who waits for them.
    private final Admission.Underway underway = new Admission.Underway();

    /// What queues stand on.
    ///
    /// @param jobBytesMax size of one job as it is stored
    public record Means(
            LaneHost lanes,
            ShardGroup shards,
            CursorShards cursors,
            RecoveredCursors recovered,
            Burying burying,
            Clock clock,
            int jobBytesMax,
            Group.Means group) {}

    HostedQueue(QueueResource resource, int incarnation, Means means) {
        this.resource = resource;
        this.id = new StreamId(resource.name(), incarnation);
        this.means = means;
        this.shard = means.shards.of(incarnation, 0);
        this.context = Context.of(CONTEXT + "/" + resource.name());
        this.window = new DuplicateWindow(means.clock, resource.duplicateWindow());
        this.group =
                new Group(incarnation, config(resource), null, feed(), means.burying, means.group);
    }

    private Feed feed() {
        return new Feed(
                new JobRules(resource.ordered(), resource.expiry()), means.lanes.connector());
    }

    private static GroupConfig config(QueueResource resource) {
        LeasePolicy leasing = resource.leasing();
        CursorConfig cursor =
                new CursorConfig(
                        CursorConfig.DEFAULT.outstandingMax(),
                        CursorConfig.DEFAULT.scheduledMax(),
                        leasing.failuresMax(),
                        new RetryDelays(leasing.retry().toArray(Duration[]::new)),
                        resource.ordered());
        return new GroupConfig(KIND, resource.name(), leasing.lease(), cursor, true);
    }

    /// Jobs stay until they are settled, and for the window in which a second one is noticed.
    private static LogConfig logConfig(QueueResource resource) {
        Duration window = resource.duplicateWindow();
        return new LogConfig(
                resource.durability(),
                SEGMENT_BYTES,
                SEGMENT_AGE,
                window.compareTo(Duration.ofMinutes(1)) < 0 ? Duration.ofMinutes(1) : window,
                null,
                false,
                Duration.ofDays(1));
    }

    /// Opens the lanes that are there, and the one that most jobs go to.
    void open() {
        List<Integer> existing = means.lanes.existing(id);
        for (int number : existing) {
            if (number < lanes.length) {
                lane(number);
            }
        }
        lane(FIRST_LANE);
        String note = means.recovered.notes().get(id.incarnation());
        group.pause(PAUSED.equals(note));
    }

    /// A lane, opened with the first job for it.
    private synchronized Lane lane(int number) {
        Lane known = lanes[number];
        if (known != null) {
            return known;
        }
        Lane lane = means.lanes.open(id, number, logConfig(resource), shard);
        try {
            if (lane.partition().log().readableOffset() > 0) {
                restoreWindow(lane);
            }
        } catch (RuntimeException e) {
            means.lanes.close(lane);
            throw e;
        }
        // Should the cursor not get to the disk now, it does so with what comes next.
        lanes[number] = lane;
        group.await(
                group.attach(
                        id.incarnation(),
                        lane.partition(),
                        means.cursors.of(shard),
                        means.recovered,
                        partition -> partition.log().startOffset()));
        return lane;
    }

    /// The time since the last job does not count: a server that was down for longer than the
    /// window still knows what was put in before, and is asked to put in again.
    private void restoreWindow(Lane lane) {
        var log = lane.partition().log();
        long pause = Math.max(0, means.clock.epochMillis() - log.lastTimestampMillis());
        long since = means.clock.epochMillis() - pause - resource.duplicateWindow().toMillis();
        long offset =
                resource.duplicateWindow().isZero() ? log.readableOffset() : log.offsetAt(since);
        List<Restored> found = new ArrayList<>();
        while (offset < log.readableOffset()) {
            LogSlice slice;
            try {
                slice = log.read(offset, 1 << 20);
            } catch (MillraceException e) {
                LOG.error(
                        "Duplicates of some jobs of {} may be missed: {}",
                        lane.partition(),
                        e.getMessage());
                offset = Math.max(offset + 1, log.nextIntactOffset(offset));
                continue;
            }
            slice.forEach(record -> {
                String source = EventRecords.attribute(record, "source");
                String jobId = EventRecords.attribute(record, "id");
                if (source != null && jobId != null) {
                    found.add(
                            new Restored(
                                    source,
                                    jobId,
                                    record.offset(),
                                    record.timestampMillis() + pause));
                }
            });
            offset = Math.max(offset + 1, slice.nextOffset());
        }
        int number = lane.partition().number();
        means.group
                .threading()
                .await(
                        shard.call(() -> {
                            for (Restored each : found) {
                                window.restore(
                                        each.source,
                                        each.id,
                                        new DuplicateWindow.First(number, each.offset),
                                        each.recordedMillis);
                            }
                            return true;
                        }));
    }

    private record Restored(String source, String id, long offset, long recordedMillis) {}

    public String name() {
        return resource.name();
    }

    public QueueResource resource() {
        return resource;
    }

    public int incarnation() {
        return id.incarnation();
    }

    public Group group() {
        return group;
    }

    public Context context() {
        return context;
    }

    /// The cursor of a lane, `null` if no job was ever in it.
    public @Nullable GroupCursor cursor(int lane) {
        return lane < 0 || lane >= JobRules.LANES ? null : group.find(id.incarnation(), lane);
    }

    /// A job on its way in.
    public record Entering(int lane, Event job, Append.Entry entry) {}

    /// Checks and encodes jobs, on the thread of whoever brings them.
    ///
    /// @throws MillraceException EVENT_INVALID, EVENT_TOO_LARGE with the fields, in a batch as
    ///   `[3].priority`
    public List<Entering> check(List<Event> jobs) {
        List<Entering> entering = new ArrayList<>(jobs.size());
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            try {
                entering.add(check(jobs.get(i)));
            } catch (MillraceException e) {
                for (Problem problem : e.problems()) {
                    String field = problem.field() == null ? "" : "." + problem.field();
                    problems.add(
                            jobs.size() == 1
                                    ? problem
                                    : new Problem(
                                            problem.code(),
                                            "[" + i + "]" + field,
                                            problem.detail()));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new MillraceException(problems);
        }
        return entering;
    }

    private Entering check(Event job) {
        int lane = JobRules.priority(job);
        JobRules.check(job);
        var body = EventRecords.encode(job, context, false);
        if (body.bytes().length > means.jobBytesMax) {
            throw new MillraceException(
                    ErrorCode.EVENT_TOO_LARGE,
                    "the job takes %d bytes, and at most %d are allowed"
                            .formatted(body.bytes().length, means.jobBytesMax));
        }
        return new Entering(lane, job, new Append.Entry(context, job, body));
    }

    /// Puts jobs in. May open a lane, and wait for that.
    ///
    /// @param isExempt whether they are no duplicates of what was put in before, whatever their ids
    public CompletableFuture<List<Admitted>> enqueue(List<Entering> jobs, boolean isExempt) {
        for (Entering job : jobs) {
            lane(job.lane);
        }
        CompletableFuture<List<Admitted>> answer = new CompletableFuture<>();
        shard.run(() -> {
            try {
                admit(jobs, isExempt, answer);
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /// The shard's thread.
    private void admit(
            List<Entering> jobs, boolean isExempt, CompletableFuture<List<Admitted>> answer) {
        Long max = resource.lengthMax();
        if (max != null && resource.overflow() == Overflow.REFUSE && depth() + jobs.size() > max) {
            throw new MillraceException(
                    ErrorCode.QUEUE_FULL,
                    "the queue %s holds %d of %d jobs; try again when some are done"
                            .formatted(name(), depth(), max));
        }
        entering += jobs.size();
        Admission admission =
                new Admission(
                        window,
                        underway,
                        new Admission.Request(jobs, isExempt, answer),
                        () -> entering -= jobs.size());
        List<Append> appends = new ArrayList<>();
        for (int number = 0; number < lanes.length; number++) {
            Lane lane = lanes[number];
            if (lane != null) {
                Append append = admission.append(lane.partition());
                if (append != null) {
                    appends.add(append);
                }
            }
        }
        admission.begin(appends.size());
        for (Append append : appends) {
            if (!shard.appendHere(append)) {
                admission.refuse(append);
            }
        }
        if (max != null && depth() > max) {
            shedding();
        }
    }

    /// The shard's thread: all that is not settled.
    private long depth() {
        long sum = entering;
        for (Lane lane : lanes) {
            GroupCursor cursor = lane == null ? null : lane.cursor();
            sum += cursor == null ? 0 : cursor.depth();
        }
        return sum;
    }

    /// The shard's thread: too many jobs are here, so the oldest of the lowest priority go.
    private void shedding() {
        if (!isShedding) {
            isShedding = true;
            group.shedding(_ -> shed());
        }
    }

    private void shed() {
        Long max = resource.lengthMax();
        long excess = max == null ? 0 : depth() - max;
        if (group.isPaused()) {
            return;
        }
        for (int number = 0; number < lanes.length && excess > 0; number++) {
            Lane lane = lanes[number];
            GroupCursor cursor = lane == null ? null : lane.cursor();
            if (cursor != null
                    && cursor.depth() > 0
                    && cursor.shed((int) Math.min(SHED_MAX, excess))) {
                break;
            }
        }
        if (max == null || depth() <= max) {
            isShedding = false;
            group.shedding(null);
        }
    }

    void change(QueueResource changed) {
        resource = changed;
        group.configure(config(changed), null, feed());
        LogConfig config = logConfig(changed);
        for (Lane lane : List.of(lanes())) {
            means.lanes.configure(lane, config);
        }
        shard.run(() -> window.configure(changed.duplicateWindow()));
    }

    /// Whether all lanes of these jobs are open, so that putting them in waits for nothing.
    public synchronized boolean isReadyFor(List<Entering> jobs) {
        for (Entering job : jobs) {
            if (lanes[job.lane] == null) {
                return false;
            }
        }
        return true;
    }

    /// The log of a lane; `null` if no job was ever in it.
    public synchronized @Nullable Log log(int lane) {
        Lane open = lanes[lane];
        return open == null ? null : open.partition().log();
    }

    private synchronized Lane[] lanes() {
        List<Lane> open = new ArrayList<>();
        for (Lane lane : lanes) {
            if (lane != null) {
                open.add(lane);
            }
        }
        return open.toArray(Lane[]::new);
    }

    /// Now and then: forgets what nobody asks for any more.
    public void tidy() {
        shard.run(window::expire);
    }

    public void pause(boolean paused) {
        means.cursors.note(id.incarnation(), paused ? PAUSED : "");
        group.pause(paused);
    }

    void close() {
        group.close();
    }

    /// Closes the lanes; the cursors have to be at rest by then.
    void closeLanes() {
        for (Lane lane : lanes()) {
            means.lanes.close(lane);
        }
    }

    void delete() {
        group.delete();
        closeLanes();
        means.lanes.delete(id);
    }
}
