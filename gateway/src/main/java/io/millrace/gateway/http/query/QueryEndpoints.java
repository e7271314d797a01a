package io.millrace.gateway.http.query;

import io.millrace.broker.query.QueryStatus;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.io.Clock;
import io.millrace.resource.QueryResource;
import io.millrace.resource.Resource;
import io.millrace.resource.ResourceKind;
import io.millrace.security.Principal;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Queries looked at, paused, secured and explained.
public final class QueryEndpoints {
    private final BrokerDoor broker;
    private final QueryRequests requests;

    public QueryEndpoints(BrokerDoor broker, Clock clock) {
        this.broker = broker;
        this.requests = new QueryRequests(clock);
    }

    /// `GET /api/v1/queries/{name}/status`.
    public Answer status(Call call) {
        call.query();
        QueryStatus status = broker.queries().status(Principal.LOCAL, call.variable());
        Resource resource =
                broker.administration().get(Principal.LOCAL, ResourceKind.QUERY, call.variable());
        String sql = resource instanceof QueryResource query ? query.sql() : "";
        return QueryDocuments.answer(QueryDocuments.whole(status, sql));
    }

    /// `GET /api/v1/query/status`.
    public Answer all(Call call) {
        call.query();
        ObjectNode document = QueryDocuments.object();
        ArrayNode items = document.putArray("items");
        broker.queries().statuses(Principal.LOCAL).stream()
                .map(QueryDocuments::brief)
                .forEach(items::add);
        return QueryDocuments.answer(document);
    }

    /// `POST /queries/{name}/pause`.
    public Answer pause(Call call) {
        call.query();
        broker.queries().pause(Principal.LOCAL, call.variable());
        return Answer.empty(204);
    }

    /// `POST /queries/{name}/resume`.
    public Answer resume(Call call) {
        call.query();
        broker.queries().resume(Principal.LOCAL, call.variable());
        return Answer.empty(204);
    }

    /// `POST /queries/{name}/savepoint`.
    public Answer savepoint(Call call) {
        call.query();
        String where = broker.queries().savepoint(Principal.LOCAL, call.variable());
        return QueryDocuments.answer(QueryDocuments.object().put("savepoint", where));
    }

    /// `POST /api/v1/query/explain`.
    public Answer explain(Call call) {
        call.query();
        return QueryDocuments.answer(
                QueryDocuments.explanation(
                        broker.queries().explain(Principal.LOCAL, requests.query(call))));
    }

    /// `POST /api/v1/schema/infer`.
    public Answer infer(Call call) {
        call.query();
        QueryRequests.Inference wanted = requests.inference(call);
        return QueryDocuments.answer(
                QueryDocuments.schema(
                        broker.queries().infer(Principal.LOCAL, wanted.input(), wanted.samples())));
    }
}
