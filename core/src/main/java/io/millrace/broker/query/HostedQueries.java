package io.millrace.broker.query;

import io.millrace.event.ContextPattern;
import io.millrace.resource.QueryInput;
import io.millrace.resource.QueryResource;
import io.millrace.resource.ResourceKind;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import java.util.List;

/// [Queries] over those that are set up.
public final class HostedQueries implements Queries {
    private static final ContextPattern EVERYTHING = ContextPattern.of("/**");

    private final Guard guard;
    private final QueryHost host;

    public HostedQueries(Guard guard, QueryHost host) {
        this.guard = guard;
        this.host = host;
    }

    @Override
    public QueryStatus status(Principal principal, String name) {
        return host.running(name).status();
    }

    @Override
    public List<QueryStatus> statuses(Principal principal) {
        return host.statuses();
    }

    @Override
    public void pause(Principal principal, String name) {
        manage(principal, name);
        host.running(name).pause();
    }

    @Override
    public void resume(Principal principal, String name) {
        manage(principal, name);
        host.running(name).resume();
    }

    @Override
    public String savepoint(Principal principal, String name) {
        manage(principal, name);
        return host.running(name).savepoint();
    }

    private void manage(Principal principal, String name) {
        guard.manage(principal, ResourceKind.QUERY.word(), name);
    }

    @Override
    public QueryExplanation explain(Principal principal, QueryResource query) {
        read(principal, query.inputs().values());
        return host.engine().explain(query, host.find(query.name()), true);
    }

    @Override
    public void run(Principal principal, AdHocQuery query, RowReader reader)
            throws InterruptedException {
        read(principal, query.inputs().values());
        host.engine().run(query, reader);
    }

    @Override
    public InferredSchema infer(Principal principal, QueryInput input, int samples) {
        guard.read(principal, input.pattern());
        return host.engine().infer(input, samples);
    }

    @Override
    public QueryGround ground(Principal principal) {
        guard.read(principal, EVERYTHING);
        guard.manage(principal, ResourceKind.QUERY.word(), "*");
        return host.ground();
    }

    private void read(Principal principal, Iterable<QueryInput> inputs) {
        inputs.forEach(input -> guard.read(principal, input.pattern()));
    }
}
