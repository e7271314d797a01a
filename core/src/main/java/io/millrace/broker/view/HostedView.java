package io.millrace.broker.view;

import io.millrace.broker.stream.StreamSet;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Clock;
import io.millrace.io.Threading;
import io.millrace.resource.KeyTemplate;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.Selection;
import io.millrace.resource.ViewCopy;
import io.millrace.resource.ViewResource;
import io.millrace.view.ViewLimits;
import io.millrace.view.ViewTable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One view at work: its table, the table that is made anew to take its place if there is one, and
/// what feeds it. Reading is for every thread; the rest is guarded by this.
final class HostedView {
    private static final Logger LOG = LoggerFactory.getLogger(HostedView.class);

    /// What views stand on.
    record Means(
            ViewFiles files,
            StreamSet streams,
            Clock clock,
            Threading threading,
            ViewLimits limits,
            @Nullable CopyTables copies) {}

    private final int incarnation;
    private final Means means;
    private volatile ViewResource resource;

    /// What is read, and the number of its file.
    private final ViewTable table;

    private volatile int number;

    /// What is made anew, and will be read.
    private volatile ViewFiles.@Nullable Opened building;

    private volatile @Nullable StreamFeed feed;
    private volatile @Nullable CopyFeed copying;
    private volatile @Nullable String problem;
    private volatile String query = "";

    /// Rises whenever what was said since the last commit was lost.
    private volatile int losses;

    /// Opens what is there, or makes an empty table.
    HostedView(ViewResource resource, int incarnation, Means means) {
        this.resource = resource;
        this.incarnation = incarnation;
        this.means = means;
        List<ViewFiles.Opened> files = means.files.open(resource.name(), incarnation);
        int last = files.size() - 1;
        ViewFiles.Opened read = last < 0 ? made(resource, 1) : files.get(last);
        int rest = last;
        if (last > 0 && read.store().note(ViewFiles.COMPLETE) == null) {
            ViewFiles.Opened unfinished = read;
            read = files.get(last - 1);
            rest = last - 1;
            if (resource.from() == null || !isOf(unfinished, resource)) {
                drop(unfinished);
            } else {
                building = unfinished;
            }
        }
        files.subList(0, Math.max(0, rest)).forEach(this::drop);
        this.number = read.number();
        this.table = new ViewTable(read.store(), means.clock, means.limits);
    }

    private ViewFiles.Opened made(ViewResource of, int with) {
        ViewFiles.Opened opened = means.files.open(of.name(), incarnation, with);
        opened.store().note(ViewFiles.DEFINITION, of.definition());
        if (of.from() == null) {
            // Rows have no history to catch up with.
            opened.store().note(ViewFiles.COMPLETE, "true");
        }
        opened.store().commit();
        return opened;
    }

    private void drop(ViewFiles.Opened file) {
        file.store().abandon();
        means.files.delete(name(), incarnation, file.number());
    }

    String name() {
        return resource.name();
    }

    ViewResource resource() {
        return resource;
    }

    ViewTable table() {
        return table;
    }

    /// Begins to feed it, if a stream does that and nothing does yet.
    synchronized void start() {
        startCopying();
        startFeeding();
    }

    private void startCopying() {
        ViewCopy to = resource.copyTo();
        CopyTables tables = means.copies;
        if (to != null && tables != null && copying == null) {
            CopyFeed started = new CopyFeed(name(), table, to, tables);
            copying = started;
            started.start(means.threading);
        }
    }

    private void stopCopying() {
        CopyFeed running = copying;
        if (running != null) {
            running.stop(means.threading);
            copying = null;
        }
    }

    private void startFeeding() {
        Selection from = resource.from();
        KeyTemplate key = resource.key();
        if (from == null || key == null || feed != null) {
            return;
        }
        ViewFiles.Opened made = building;
        if (made != null && !isOf(made, resource)) {
            building = null;
            drop(made);
        }
        boolean[] fits = new boolean[1];
        table.onStore(
                store -> fits[0] = resource.definition().equals(store.note(ViewFiles.DEFINITION)));
        ViewFiles.Opened anew = building;
        if (!fits[0] && anew == null) {
            anew = made(resource, number + 1);
            building = anew;
        }
        ViewTable target =
                anew == null ? table : new ViewTable(anew.store(), means.clock, means.limits);
        StreamFeed started =
                new StreamFeed(name(), means.streams, from, key, target, this::caughtUp);
        feed = started;
        started.start(means.threading);
    }

    private static boolean isOf(ViewFiles.Opened file, ViewResource resource) {
        return resource.definition().equals(file.store().note(ViewFiles.DEFINITION));
    }

    /// History is in: what was made anew is read from now on. By the feed's thread, for which
    /// whoever ends the feed waits: so without the lock, which that one holds.
    private ViewTable caughtUp() {
        ViewFiles.Opened made = building;
        if (made != null) {
            made.store().note(ViewFiles.COMPLETE, "true");
            made.store().commit();
            int old = number;
            var before = table.replace(made.store());
            number = made.number();
            building = null;
            before.abandon();
            means.files.delete(name(), incarnation, old);
        } else {
            table.onStore(store -> store.note(ViewFiles.COMPLETE, "true"));
        }
        return table;
    }

    /// Ends what feeds it.
    private void stop() {
        StreamFeed running = feed;
        if (running != null) {
            running.stop(means.threading);
            feed = null;
        }
    }

    /// Goes on as the resource is now, with the next [#start]. What another definition gave is read
    /// until all is made anew.
    synchronized void change(ViewResource after) {
        ViewResource before = resource;
        if (!Objects.equals(before.copyTo(), after.copyTo())) {
            stopCopying();
        }
        if (before.definition().equals(after.definition())) {
            resource = after;
            return;
        }
        stop();
        resource = after;
        if (after.from() == null) {
            emptied(before.from() != null);
        }
    }

    /// A query feeds it now: what events gave is none of its rows.
    private void emptied(boolean isNewlyOfQuery) {
        ViewFiles.Opened made = building;
        if (made != null) {
            building = null;
            drop(made);
        }
        if (isNewlyOfQuery) {
            ViewFiles.Opened fresh = made(resource, number + 1);
            var old = table.replace(fresh.store());
            old.abandon();
            means.files.delete(name(), incarnation, number);
            number = fresh.number();
        } else {
            table.onStore(store -> store.note(ViewFiles.DEFINITION, resource.definition()));
        }
    }

    /// Now and then: makes durable what came since.
    void commit() {
        try {
            table.commit();
            problem = null;
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    /// Now and then: a file that has grown far beyond what is in it is written anew. A crash before
    /// the end leaves a file without notes, which goes with the next start.
    synchronized void tidy() {
        try {
            if (!table.hasEnded() && building == null && table.isOvergrown()) {
                ViewFiles.Opened fresh = means.files.open(resource.name(), incarnation, number + 1);
                var old =
                        table.renew(
                                fresh.store(), List.of(ViewFiles.DEFINITION, ViewFiles.COMPLETE));
                old.abandon();
                means.files.delete(name(), incarnation, number);
                number = fresh.number();
            }
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    /// The file is opened anew: what was not committed is lost, and is read or said again.
    private synchronized void failed(RuntimeException e) {
        if (table.hasEnded()) {
            return;
        }
        problem = String.valueOf(e.getMessage());
        losses++;
        LOG.warn("The view {} is opened anew, because of: {}", name(), problem);
        try {
            stop();
            table.reopen(() -> means.files.open(name(), incarnation, number).store());
            start();
        } catch (RuntimeException again) {
            LOG.error("The view {} cannot be opened", name(), again);
        }
    }

    /// A query feeds it from now on.
    ViewFeed feed(String from) {
        if (resource.from() != null) {
            throw new MillraceException(
                    ErrorCode.RESOURCE_CONFLICT,
                    "the view %s has a from, so no query can fill it".formatted(name()));
        }
        query = from;
        return new RowFeed(this);
    }

    int losses() {
        return losses;
    }

    ViewStatus status() {
        StreamFeed running = feed;
        CopyFeed copy = copying;
        Selection from = resource.from();
        String wrong = problem == null && running != null ? running.problem() : problem;
        boolean isLoading = from != null && (running == null || !running.isLive());
        return new ViewStatus(
                name(),
                wrong != null
                        ? ViewStatus.State.FAILED
                        : isLoading ? ViewStatus.State.LOADING : ViewStatus.State.CURRENT,
                table.size(),
                table.bytes(),
                running == null ? 0 : running.lagEvents(),
                table.updates(),
                running == null ? 0 : running.skipped(),
                table.followers(),
                from == null ? null : from.pattern().toString(),
                query.isEmpty() ? null : query,
                wrong,
                copy == null ? null : copy.status());
    }

    synchronized void delete() {
        stopCopying();
        stop();
        table.end(ResourceKind.VIEW.notFound(name()), false);
        closeBuilding();
        means.files.delete(name(), incarnation);
    }

    synchronized void close() {
        stopCopying();
        stop();
        table.close();
        closeBuilding();
    }

    private void closeBuilding() {
        ViewFiles.Opened made = building;
        if (made != null) {
            made.store().close();
            building = null;
        }
    }
}
