package io.millrace.query.job;

import io.millrace.broker.query.QueryStatus;
import io.millrace.broker.query.RowReader;
import io.millrace.broker.query.RunningQuery;
import io.millrace.resource.QueryResource;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/// A query where its resource says that it runs, which may change. Thread-safe.
final class PlacedQuery implements RunningQuery {
    private final FlinkEngine engine;
    private final int incarnation;
    private volatile QueryResource resource;
    private volatile JobQuery placed;

    /// What runs in one place.
    interface JobQuery extends RunningQuery {
        /// Starts it in the background, unless it is paused.
        void begin();

        /// As [#delete], and waits for it.
        void forget();
    }

    PlacedQuery(FlinkEngine engine, QueryResource resource, int incarnation) {
        this.engine = engine;
        this.incarnation = incarnation;
        this.resource = resource;
        this.placed = place(resource);
        placed.begin();
    }

    private JobQuery place(QueryResource query) {
        return query.cluster() == null
                ? new FlinkQuery(engine, query, incarnation)
                : new ClusterQuery(engine, query, query.cluster(), incarnation);
    }

    @Override
    public QueryStatus status() {
        return placed.status();
    }

    @Override
    public Set<String> views() {
        return placed.views();
    }

    @Override
    public void replay(Instant time, RowReader reader) throws InterruptedException {
        placed.replay(time, reader);
    }

    @Override
    public void pause() {
        placed.pause();
    }

    @Override
    public void resume() {
        placed.resume();
    }

    @Override
    public String savepoint() {
        return placed.savepoint();
    }

    @Override
    public void change(QueryResource after) {
        QueryResource before = resource;
        resource = after;
        if (Objects.equals(before.cluster(), after.cluster())) {
            placed.change(after);
            return;
        }
        JobQuery old = placed;
        JobQuery fresh = place(after);
        placed = fresh;
        engine.executor()
                .execute(() -> {
                    old.forget();
                    fresh.begin();
                });
    }

    @Override
    public void close() {
        placed.close();
    }

    @Override
    public void delete() {
        placed.delete();
    }
}
