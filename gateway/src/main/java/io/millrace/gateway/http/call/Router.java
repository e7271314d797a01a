package io.millrace.gateway.http.call;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.PercentEncoding;
import io.millrace.gateway.http.exchange.Route;
import io.millrace.gateway.http.message.AllowedMethods;
import io.millrace.gateway.http.message.RequestTarget;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Finds who answers a request, for everything but publishing. Immutable after the gateway is
/// wired.
public final class Router {
    /// Requests that are answered from memory at once need no more places than this.
    private static final int PLACES = 256;

    /// What can be done with one method.
    private record Way(Route route, Endpoint endpoint, Terms terms) {}

    /// One path and what can be done there.
    private record Entry(List<String> segments, Map<HttpMethod, Way> methods) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Places ordinary = new Places(PLACES);
    private final int bodyMax;

    public Router(int bodyMax) {
        this.bodyMax = bodyMax;
    }

    /// @param pattern segments; `{}` stands for any one, `{any}` also for one with an encoded slash
    ///   inside, a last `**` for anything
    public Router add(Route route, HttpMethod method, String pattern, Endpoint endpoint) {
        return add(route, method, pattern, endpoint, ordinary);
    }

    public Router add(
            Route route, HttpMethod method, String pattern, Endpoint endpoint, Places places) {
        boolean body = method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT);
        Terms terms = Terms.document(places, body ? bodyMax : 0).waiting();
        return add(route, method, pattern, endpoint, terms);
    }

    public Router add(
            Route route, HttpMethod method, String pattern, Endpoint endpoint, Terms terms) {
        List<String> segments = segments(pattern);
        Way way = new Way(route, endpoint, terms);
        for (Entry entry : entries) {
            if (entry.segments().equals(segments)) {
                entry.methods().put(method, way);
                return this;
            }
        }
        Map<HttpMethod, Way> methods =
                new TreeMap<>((one, other) -> one.name().compareTo(other.name()));
        methods.put(method, way);
        entries.add(new Entry(segments, methods));
        return this;
    }

    /// Places for requests that are answered from memory at once.
    public Places ordinary() {
        return ordinary;
    }

    /// @throws MillraceException NOT_FOUND, or METHOD_NOT_ALLOWED with what is allowed
    public Match find(HttpMethod method, RequestTarget target) {
        List<String> path = segments(target.path());
        for (Entry entry : entries) {
            List<String> variables = variables(entry.segments(), path);
            if (variables != null) {
                return match(entry, method, variables);
            }
        }
        throw new MillraceException(
                ErrorCode.NOT_FOUND,
                "there is nothing at this path; events are published at /events/{context}, read at"
                        + " /streams/{name}/events and followed at /tail/{pattern}");
    }

    private Match match(Entry entry, HttpMethod method, List<String> variables) {
        HttpMethod asked = method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method;
        Way way = entry.methods().get(asked);
        if (way != null) {
            return new Match(way.route(), way.endpoint(), variables, way.terms());
        }
        String allowed = allowed(entry.methods());
        if (method.equals(HttpMethod.OPTIONS)) {
            Route route = entry.methods().values().iterator().next().route();
            Endpoint options = _ -> Answer.empty(204).with("allow", allowed);
            return new Match(route, options, variables, Terms.withoutBody(ordinary));
        }
        throw AllowedMethods.problem(allowed);
    }

    private static String allowed(Map<HttpMethod, Way> methods) {
        List<String> names = new ArrayList<>();
        for (HttpMethod method : methods.keySet()) {
            names.add(method.name());
            if (method.equals(HttpMethod.GET)) {
                names.add("HEAD");
            }
        }
        names.add("OPTIONS");
        return String.join(", ", names);
    }

    private static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    /// What stands in the path for the variables of a pattern; `null` if they do not fit.
    private static @Nullable List<String> variables(List<String> pattern, List<String> path) {
        List<String> variables = new ArrayList<>(1);
        for (int i = 0; i < pattern.size(); i++) {
            String segment = pattern.get(i);
            if (segment.equals("**")) {
                return variables;
            }
            if (i >= path.size()) {
                return null;
            }
            if (segment.equals("{}")) {
                variables.add(
                        RequestTarget.decoded(path.get(i), ErrorCode.REQUEST_INVALID, "path"));
            } else if (segment.equals("{any}")) {
                variables.add(PercentEncoding.decode(path.get(i), "path"));
            } else if (!segment.equals(path.get(i))) {
                return null;
            }
        }
        return path.size() == pattern.size() ? variables : null;
    }
}
