package io.millrace.gateway.http;

import io.millrace.broker.query.AdHocQuery;
import io.millrace.broker.query.InferredSchema;
import io.millrace.broker.query.Queries;
import io.millrace.broker.query.QueryExplanation;
import io.millrace.broker.query.QueryGround;
import io.millrace.broker.query.QueryStatus;
import io.millrace.broker.query.RowReader;
import io.millrace.resource.QueryInput;
import io.millrace.resource.QueryResource;
import io.millrace.resource.ResourceKind;
import io.millrace.security.Principal;
import java.util.List;

/// None.
final class TestQueries implements Queries {
    @Override
    public QueryStatus status(Principal principal, String name) {
        throw ResourceKind.QUERY.notFound(name);
    }

    @Override
    public List<QueryStatus> statuses(Principal principal) {
        return List.of();
    }

    @Override
    public void pause(Principal principal, String name) {
        throw ResourceKind.QUERY.notFound(name);
    }

    @Override
    public void resume(Principal principal, String name) {
        throw ResourceKind.QUERY.notFound(name);
    }

    @Override
    public String savepoint(Principal principal, String name) {
        throw ResourceKind.QUERY.notFound(name);
    }

    @Override
    public QueryExplanation explain(Principal principal, QueryResource query) {
        throw new UnsupportedOperationException("plans nothing");
    }

    @Override
    public void run(Principal principal, AdHocQuery query, RowReader reader) {
        throw new UnsupportedOperationException("runs nothing");
    }

    @Override
    public InferredSchema infer(Principal principal, QueryInput input, int samples) {
        throw new UnsupportedOperationException("learns nothing");
    }

    @Override
    public QueryGround ground(Principal principal) {
        throw new UnsupportedOperationException("has no ground");
    }
}
