package io.millrace.cli.replay;

import io.millrace.cli.http.Api;
import io.millrace.cli.process.Lifetime;
import io.millrace.cli.process.Surroundings;
import io.millrace.cli.text.Json;
import io.millrace.cli.text.Quantity;
import io.millrace.cli.text.Visible;
import io.millrace.event.Timestamp;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One run of a replay: from where the last one ended to the end of the file.
///
/// Not thread-safe.
public final class Replay implements Publisher.Listener {
    private final ReplayPlan plan;
    private final Surroundings surroundings;
    private final Json json;
    private final StateFile stateFile;
    private final Progress progress;
    private ReplayState state;

    /// What a run has done.
    ///
    /// @param firstRow the first row it published; one more than the last if there was none
    /// @param lastRow the last row that the server has stored
    /// @param elapsed how long it took
    /// @param stopped whether it was stopped before the end
    public record Result(long firstRow, long lastRow, Duration elapsed, boolean stopped) {
        /// The rows that this run published.
        public long rows() {
            return lastRow - firstRow + 1;
        }
    }

    private Replay(
            ReplayPlan plan,
            Surroundings surroundings,
            Json json,
            StateFile stateFile,
            ReplayState state) {
        this.plan = plan;
        this.surroundings = surroundings;
        this.json = json;
        this.stateFile = stateFile;
        this.state = state;
        this.progress = new Progress(surroundings, state.input().size());
    }

    /// Publishes the rows that are not published yet.
    ///
    /// @throws io.millrace.cli.process.CommandFailure if a row cannot be read or made an event, or
    ///   the state is another file's
    public static Result run(ReplayPlan plan, Surroundings surroundings, Json json)
            throws IOException, InterruptedException {
        StateFile stateFile = new StateFile(plan.stateFile(surroundings.folder()), json);
        ReplayState fresh = ReplayState.begin(InputFile.of(plan.input()), plan.shapingOptions());
        ReplayState state = fresh;
        if (!plan.run().restart()) {
            ReplayState found = stateFile.read().orElse(fresh);
            found.requireSame(fresh, stateFile.file().toString());
            state = found;
        }
        Replay replay = new Replay(plan, surroundings, json, stateFile, state);
        try (Lifetime.Hold _ = surroundings.lifetime().hold()) {
            return replay.publish();
        } finally {
            replay.progress.clear();
        }
    }

    private Result publish() throws IOException, InterruptedException {
        long firstRow = state.acknowledged() + 1;
        if (firstRow > 1) {
            notice(
                    "%s rows are published already, says %s; going on with row %s."
                            .formatted(
                                    Quantity.count(state.acknowledged()),
                                    stateFile.file(),
                                    Quantity.count(firstRow)));
        }
        EventMapper mapper = plan.mapper();
        boolean finished;
        try (RowSource rows = plan.open(json);
                Api api = new Api(plan.run().server(), json)) {
            Columns columns = rows.columns();
            if (columns != null) {
                mapper.check(columns);
            }
            Publisher publisher =
                    new Publisher(api, surroundings, json, this, plan.run().patience());
            finished = publishAll(rows, mapper, publisher);
        }
        progress.clear();
        return new Result(firstRow, state.acknowledged(), progress.elapsed(), !finished);
    }

    private boolean publishAll(RowSource rows, EventMapper mapper, Publisher publisher)
            throws IOException, InterruptedException {
        Pace pace = Pace.parse(plan.run().speed());
        long lastRow = lastRow();
        for (Row row = skip(rows); row != null && row.number() <= lastRow; row = rows.next()) {
            if (surroundings.lifetime().stopping()) {
                return false;
            }
            Timestamp time = mapper.time(row);
            if (time != null) {
                shift(time);
                Duration wait = pace.wait(time.instant(), surroundings.time().nanoTime());
                if (!wait.isZero()) {
                    if (!publisher.flush()) {
                        return false;
                    }
                    surroundings.time().pause(wait);
                }
            }
            if (!publisher.add(mapper.map(row, state.shift()))) {
                return false;
            }
        }
        return publisher.flush();
    }

    /// The first row that is not published yet.
    private @Nullable Row skip(RowSource rows) throws IOException {
        Row row = rows.next();
        while (row != null && row.number() <= state.acknowledged()) {
            progress.begin(row.number(), row.end());
            row = rows.next();
        }
        return row;
    }

    private long lastRow() {
        long max = plan.run().maxRows();
        return max == Long.MAX_VALUE ? max : state.acknowledged() + max;
    }

    /// Fixes the shift with the first time of the whole replay, and keeps it for later runs.
    private void shift(Timestamp time) throws IOException {
        if (plan.run().shiftToNow() && state.acknowledged() == 0 && state.shift().isZero()) {
            state = state.withShift(Duration.between(time.instant(), surroundings.time().now()));
            stateFile.write(state);
        }
    }

    @Override
    public void acknowledged(Row row) throws IOException {
        state = state.withAcknowledged(row.number());
        stateFile.write(state);
        progress.at(row.number(), row.end());
    }

    @Override
    public void notice(String sentence) {
        progress.clear();
        surroundings
                .console()
                .err()
                .println(surroundings.errStyle().yellow("millrace: ") + Visible.of(sentence));
    }
}
