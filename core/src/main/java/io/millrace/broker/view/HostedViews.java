package io.millrace.broker.view;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.resource.KeyTemplate;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.Selection;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import io.millrace.view.ViewEntry;
import io.millrace.view.ViewFollower;
import io.millrace.view.ViewPage;
import io.millrace.view.ViewRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// [Views] over those that are set up.
public final class HostedViews implements Views {
    /// Nobody knows what contexts a query's rows come from.
    private static final ContextPattern EVERYTHING = ContextPattern.of("/**");

    private final Guard guard;
    private final ViewHost host;
    private volatile AsOf past = HostedViews::unknownPast;

    public HostedViews(Guard guard, ViewHost host) {
        this.guard = guard;
        this.host = host;
    }

    private static @Nullable ViewEntry unknownPast(String view, String key, Instant time) {
        throw new MillraceException(
                ErrorCode.VIEW_PAST_UNKNOWN,
                "asOf",
                "a query feeds the view %s, and nothing computes its past here".formatted(view));
    }

    private HostedView found(String name) {
        HostedView found = host.find(name);
        if (found == null) {
            throw ResourceKind.VIEW.notFound(name);
        }
        return found;
    }

    private HostedView readable(Principal principal, String name) {
        HostedView found = found(name);
        Selection from = found.resource().from();
        guard.read(principal, from == null ? EVERYTHING : from.pattern());
        return found;
    }

    @Override
    public @Nullable ViewEntry get(Principal principal, String name, String key) {
        return readable(principal, name).table().get(key);
    }

    @Override
    public ViewPage list(Principal principal, String name, ViewQuery query) {
        HostedView view = readable(principal, name);
        if (query.limit() < 1 || query.limit() > ViewQuery.LIMIT_MAX) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "limit",
                    "must be 1 to %d".formatted(ViewQuery.LIMIT_MAX));
        }
        return view.table()
                .list(query.range(), query.after(), query.limit(), filter(view, query.filters()));
    }

    private static Predicate<ViewEntry> filter(HostedView view, List<String> filters) {
        return ViewFilter.of(filters, view.resource().from() != null);
    }

    @Override
    public ViewFollower follow(
            Principal principal, String name, ViewRange range, List<String> filters) {
        HostedView view = readable(principal, name);
        return view.table().follow(range, filter(view, filters));
    }

    @Override
    public @Nullable ViewEntry waitForChange(
            Principal principal, String name, String key, @Nullable String etag, Duration timeMax)
            throws InterruptedException {
        return readable(principal, name).table().await(key, etag, timeMax);
    }

    @Override
    public @Nullable ViewEntry asOf(Principal principal, String name, String key, Instant time) {
        HostedView view = readable(principal, name);
        Selection from = view.resource().from();
        KeyTemplate template = view.resource().key();
        if (from == null || template == null) {
            return past.at(name, key, time);
        }
        HostedView.Means means = host.means();
        return new PastReader(means.streams(), means.clock(), from, template, key).at(time);
    }

    @Override
    public ViewStatus status(Principal principal, String name) {
        return found(name).status();
    }

    @Override
    public List<ViewStatus> status(Principal principal) {
        return host.all().stream().map(HostedView::status).toList();
    }

    @Override
    public ViewFeed feed(String view, String query) {
        return found(view).feed(query);
    }

    @Override
    public void computePast(AsOf asOf) {
        past = asOf;
    }
}
