package io.millrace.resource;

import io.millrace.config.Fields;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Where the results of a query go.
public sealed interface QueryOutput {
    /// Each row becomes an event.
    ///
    /// @param context where the event goes; a row that makes no valid context of it fails the query
    /// @param subject `null` for none
    /// @param partitionKey `null` for none: the context is the key then
    record ToContext(
            ColumnTemplate context,
            ColumnTemplate type,
            ColumnTemplate source,
            @Nullable ColumnTemplate subject,
            @Nullable ColumnTemplate partitionKey)
            implements QueryOutput {}

    /// The rows are the values of a view.
    ///
    /// @param key of a row, `null` for the columns of the query's key, joined by `/`
    record ToView(String view, @Nullable ColumnTemplate key) implements QueryOutput {}

    /// @param name of the query, which gives what is not said
    /// @return `null` if something is wrong, which has been reported then
    static @Nullable QueryOutput read(Fields fields, String name) {
        int before = fields.problems().size();
        String view = ResourceFields.name(fields, "view");
        ColumnTemplate context = template(fields, "context");
        ColumnTemplate type = template(fields, "type");
        ColumnTemplate source = template(fields, "source");
        ColumnTemplate subject = template(fields, "subject");
        ColumnTemplate partitionKey = template(fields, "partitionKey");
        ColumnTemplate key = template(fields, "key");
        boolean toView = fields.has("view");
        if (toView == fields.has("context")) {
            fields.wrong(
                    toView ? "view" : "context",
                    toView
                            ? "an output is either a context or a view, not both"
                            : "is missing; an output is a context or a view");
        }
        for (String each :
                toView
                        ? new String[] {"type", "source", "subject", "partitionKey"}
                        : new String[] {"key"}) {
            if (fields.has(each)) {
                fields.wrong(each, toView ? "goes with context only" : "goes with view only");
            }
        }
        if (context != null) {
            check(fields, context);
        }
        for (String each : new String[] {"type", "source"}) {
            if (fields.is(each, "")) {
                fields.wrong(each, "must not be empty; leave it out for the default");
            }
        }
        fields.end();
        if (fields.problems().size() > before) {
            return null;
        }
        if (view != null) {
            return new ToView(view, key);
        }
        return context == null
                ? null
                : new ToContext(
                        context,
                        type == null ? ColumnTemplate.parse("io.millrace.query.result") : type,
                        source == null ? ColumnTemplate.parse("/queries/" + name) : source,
                        subject,
                        partitionKey);
    }

    /// What is wrong whatever the columns have.
    private static void check(Fields fields, ColumnTemplate context) {
        try {
            var _ = Context.of(String.join("x", context.texts()));
        } catch (MillraceException e) {
            ResourceFields.wrong(fields, "context", e);
            return;
        }
        if (isReserved(context.texts().getFirst())) {
            fields.wrong("context", "must not be in /millrace, where only the server publishes");
        }
    }

    private static boolean isReserved(String beginning) {
        return beginning.equals("/millrace") || beginning.startsWith("/millrace/");
    }

    private static @Nullable ColumnTemplate template(Fields fields, String key) {
        return fields.parsed(key, ColumnTemplate::parse);
    }

    /// Writes the fields into the document's `output`.
    default void writeTo(ObjectNode output) {
        switch (this) {
            case ToView(String view, ColumnTemplate key) -> {
                output.put("view", view);
                put(output, "key", key);
            }
            case ToContext to -> {
                put(output, "context", to.context);
                put(output, "type", to.type);
                put(output, "source", to.source);
                put(output, "subject", to.subject);
                put(output, "partitionKey", to.partitionKey);
            }
        }
    }

    private static void put(ObjectNode output, String key, @Nullable ColumnTemplate template) {
        if (template != null) {
            output.put(key, template.toString());
        }
    }
}
