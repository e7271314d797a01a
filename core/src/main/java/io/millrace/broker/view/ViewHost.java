package io.millrace.broker.view;

import io.millrace.broker.catalogue.Deleted;
import io.millrace.broker.catalogue.Proposal;
import io.millrace.broker.catalogue.ResourceHost;
import io.millrace.broker.stream.StreamSet;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import io.millrace.io.Clock;
import io.millrace.io.Disk;
import io.millrace.io.Threading;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ViewResource;
import io.millrace.view.MvViewStore;
import io.millrace.view.ViewLimits;
import io.millrace.view.ViewStores;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The views that are set up. What changes them belongs to whoever holds the lock of the resources;
/// the rest is for every thread. Upkeep begins with the first of them.
public final class ViewHost implements ResourceHost<ViewResource> {
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIDY_INTERVAL = Duration.ofSeconds(5);

    private final HostedView.Means means;
    private final ViewFiles files;
    private final Map<String, HostedView> open = new ConcurrentHashMap<>();
    private final Map<Integer, HostedView> prepared = new ConcurrentHashMap<>();
    private volatile Function<String, List<String>> readers = _ -> List.of();
    private boolean kept;

    /// @param data the data folder
    /// @param copies where views may be copied to; `null` for nowhere
    public ViewHost(
            Path data,
            Disk disk,
            Clock clock,
            Threading threading,
            StreamSet streams,
            @Nullable CopyTables copies) {
        this(data, disk, clock, threading, streams, copies, MvViewStore::open);
    }

    /// @param stores opens the tables; another one in tests
    ViewHost(
            Path data,
            Disk disk,
            Clock clock,
            Threading threading,
            StreamSet streams,
            @Nullable CopyTables copies,
            ViewStores stores) {
        this.files = new ViewFiles(data, disk, stores);
        this.means =
                new HostedView.Means(files, streams, clock, threading, ViewLimits.DEFAULT, copies);
    }

    /// One that is there, or `null`.
    @Nullable HostedView find(String name) {
        return open.get(name);
    }

    /// All, by name.
    List<HostedView> all() {
        return open.values().stream()
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
    }

    /// Says who can tell which queries read a view; before the first resource.
    public void readers(Function<String, List<String>> queries) {
        readers = queries;
    }

    @Override
    public void check(List<Proposal<ViewResource>> proposals, ProblemCollector problems) {
        for (Proposal<ViewResource> proposal : proposals) {
            ViewResource before = proposal.before();
            if (proposal.after().copyTo() != null && means.copies() == null) {
                problems.add(proposal.field("copyTo"), "this server copies views nowhere");
            }
            if (before != null && !before.definition().equals(proposal.after().definition())) {
                for (String query : readers.apply(before.name())) {
                    problems.add(
                            new Problem(
                                    ErrorCode.RESOURCE_CONFLICT,
                                    proposal.field("key"),
                                    ("the query %s reads the view %s as it is set up now; set up"
                                                    + " another view, or delete the query first")
                                            .formatted(query, before.name())));
                }
            }
        }
    }

    @Override
    public void checkDeletion(ViewResource view, ProblemCollector problems) {
        for (String query : readers.apply(view.name())) {
            problems.add(
                    "name", "the query %s reads it; change or delete that first".formatted(query));
        }
    }

    HostedView.Means means() {
        return means;
    }

    private void keep() {
        if (!kept) {
            kept = true;
            means.threading()
                    .every(
                            "commit-views",
                            COMMIT_INTERVAL,
                            () -> open.values().forEach(HostedView::commit));
            means.threading()
                    .every(
                            "tidy-views",
                            TIDY_INTERVAL,
                            () -> open.values().forEach(HostedView::tidy));
        }
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.VIEW;
    }

    @Override
    public Class<ViewResource> type() {
        return ViewResource.class;
    }

    @Override
    public Collection<Integer> incarnations() throws IOException {
        return files.incarnations();
    }

    @Override
    public void leftBehind(List<Deleted> deleted) {
        deleted.forEach(gone -> files.delete(gone.name(), gone.incarnation()));
    }

    @Override
    public void opened(ViewResource resource, int incarnation) {
        keep();
        open.put(resource.name(), new HostedView(resource, incarnation, means));
    }

    @Override
    public void prepare(ViewResource resource, int incarnation) {
        prepared.put(incarnation, new HostedView(resource, incarnation, means));
    }

    @Override
    public void discard(ViewResource resource, int incarnation) {
        HostedView view = prepared.remove(incarnation);
        if (view == null) {
            files.delete(resource.name(), incarnation);
        } else {
            view.delete();
        }
    }

    @Override
    public void created(ViewResource resource, int incarnation) {
        HostedView view = prepared.remove(incarnation);
        if (view == null) {
            throw new IllegalStateException(resource.name() + " was not prepared");
        }
        keep();
        open.put(resource.name(), view);
    }

    @Override
    public void changed(ViewResource before, ViewResource after, int incarnation) {
        HostedView view = open.get(after.name());
        if (view != null) {
            view.change(after);
        }
    }

    @Override
    public void deleted(ViewResource resource, int incarnation) {
        HostedView view = open.remove(resource.name());
        if (view != null) {
            view.delete();
        }
    }

    /// By now the streams are there that views read.
    @Override
    public void completed() {
        open.values().forEach(HostedView::start);
    }

    /// Ends what feeds the views and everyone who waits at them, and closes their files.
    public void close() {
        open.values().forEach(HostedView::close);
    }
}
