package io.millrace.gateway.http.subscription;

import io.millrace.config.Fields;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import io.millrace.resource.ResourceKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Subscription objects (CloudEvents Subscriptions, section 3.2.1) as documents of our own, and
/// back.
///
/// What our documents know besides is in `config`; without `config.pattern` every context is meant.
/// What neither says, such as `push.retry`, stays as it is when a subscription is updated.
final class SubscriptionForm {
    private static final List<String> CONFIG =
            List.of("pattern", "stream", "start", "order", "outstanding", "transform", "expires");
    private static final List<String> SHARED = List.of("source", "types", "filters");
    private static final String EVERYTHING = "/**";
    private static final String METHOD = "POST";
    private static final String TOKEN = "ACCESSTOKEN";
    private static final String BEARER = "bearer";

    /// Where the fields of our documents are in the objects of the API.
    private static final Map<String, String> PLACES = places();

    private final ObjectNode form;
    private final Fields fields;

    /// @param form as it was sent
    /// @param problems where its problems go
    SubscriptionForm(ObjectNode form, ProblemCollector problems) {
        this.form = form;
        this.fields = new Fields(form, "", problems);
    }

    private static Map<String, String> places() {
        Map<String, String> places = new LinkedHashMap<>();
        places.put("push.url", "sink");
        places.put("push.headers", "protocolsettings.headers");
        places.put("push.bearer", "sinkcredential.accesstoken");
        places.put("name", "id");
        CONFIG.forEach(key -> places.put(key, "config." + key));
        return places;
    }

    /// Whether a subscription can be an object of the API: one that pushes.
    static boolean has(ObjectNode document) {
        return document.get("push") instanceof ObjectNode;
    }

    /// The id that is proposed or repeated; `null` if there is none.
    @Nullable String id() {
        return fields.string("id");
    }

    /// Our document for the object.
    ///
    /// @param name of the subscription
    /// @param existing the document that is updated; `null` if a subscription is created
    ObjectNode document(String name, @Nullable ObjectNode existing) {
        ObjectNode document =
                existing == null ? JsonNodeFactory.instance.objectNode() : existing.deepCopy();
        fields.require("protocol", "sink");
        String protocol = fields.string("protocol");
        if (protocol != null && !protocol.equals("HTTP")) {
            fields.wrong("protocol", "must be HTTP; this server pushes with no other");
        }
        document.put("kind", ResourceKind.SUBSCRIPTION.word());
        document.put("name", name);
        for (String key : SHARED) {
            place(document, key, fields.has(key) ? form.get(key) : null);
        }
        readConfig(document);
        ObjectNode push =
                document.get("push") instanceof ObjectNode known
                        ? known
                        : document.putObject("push");
        String sink = fields.string("sink");
        if (sink != null) {
            push.put("url", sink);
        }
        readSettings(push);
        readCredential(push);
        fields.end();
        return document;
    }

    private static void place(ObjectNode target, String key, @Nullable JsonNode value) {
        if (value == null) {
            target.remove(key);
        } else {
            target.set(key, value);
        }
    }

    /// The start is used once, so an update need not repeat it.
    private void readConfig(ObjectNode document) {
        Fields config = fields.object("config");
        JsonNode tree = form.get("config");
        for (String key : CONFIG) {
            boolean given = config.has(key) && tree != null;
            if (given || !key.equals("start")) {
                place(document, key, given ? tree.get(key) : null);
            }
        }
        config.end();
        if (!document.has("pattern")) {
            document.put("pattern", EVERYTHING);
        }
    }

    private void readSettings(ObjectNode push) {
        Fields settings = fields.object("protocolsettings");
        String method = settings.string("method");
        if (method != null && !method.equals(METHOD)) {
            settings.wrong("method", "must be POST; events are delivered with no other");
        }
        boolean given = settings.has("headers");
        settings.end();
        place(push, "headers", given ? form.get("protocolsettings").get("headers") : null);
    }

    private void readCredential(ObjectNode push) {
        Fields credential = fields.object("sinkcredential");
        String type = credential.string("credentialtype");
        String token = credential.string("accesstoken");
        String tokenType = credential.string("accesstokentype");
        // When the token ends is for those who renew it; the sink says so too.
        credential.string("accesstokenexpiresutc");
        if (fields.has("sinkcredential")) {
            credential.require("credentialtype", "accesstoken");
        }
        if (type != null && !type.equals(TOKEN)) {
            credential.wrong("credentialtype", "must be ACCESSTOKEN; this server knows no other");
        }
        if (tokenType != null && !tokenType.equalsIgnoreCase(BEARER)) {
            credential.wrong("accesstokentype", "must be bearer");
        }
        credential.end();
        place(push, BEARER, token == null ? null : JsonNodeFactory.instance.stringNode(token));
    }

    /// The object of the API for a document in its canonical form, which pushes.
    static ObjectNode of(ObjectNode document) {
        ObjectNode form = JsonNodeFactory.instance.objectNode();
        form.set("id", document.get("name"));
        for (String key : SHARED) {
            place(form, key, document.get(key));
        }
        ObjectNode config = form.putObject("config");
        for (String key : CONFIG) {
            place(config, key, document.get(key));
        }
        JsonNode push = document.get("push");
        form.set("sink", push.get("url"));
        form.put("protocol", "HTTP");
        ObjectNode settings = form.putObject("protocolsettings");
        settings.put("method", METHOD);
        place(settings, "headers", push.get("headers"));
        if (push.has(BEARER)) {
            ObjectNode credential = form.putObject("sinkcredential");
            credential.put("credentialtype", TOKEN);
            credential.set("accesstoken", push.get(BEARER));
            credential.put("accesstokentype", BEARER);
        }
        return form;
    }

    /// A problem of our document as one of the object: its field has another place there, and what
    /// is malformed is a malformed request.
    static Problem translated(Problem problem) {
        String field = problem.field();
        ErrorCode code =
                problem.code() == ErrorCode.RESOURCE_INVALID
                        ? ErrorCode.REQUEST_INVALID
                        : problem.code();
        return new Problem(code, field == null ? null : place(field), problem.detail());
    }

    private static String place(String field) {
        for (Map.Entry<String, String> place : PLACES.entrySet()) {
            String ours = place.getKey();
            boolean isPart =
                    field.startsWith(ours)
                            && (field.length() == ours.length()
                                    || ".[".indexOf(field.charAt(ours.length())) >= 0);
            if (isPart) {
                return place.getValue() + field.substring(ours.length());
            }
        }
        return field;
    }
}
