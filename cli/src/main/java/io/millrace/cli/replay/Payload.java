package io.millrace.cli.replay;

import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Json;
import java.util.List;

/// What the data of each event is made of.
sealed interface Payload {
    /// The data of one event.
    ///
    /// @param text the data
    /// @param mediaType what it is
    record Data(String text, String mediaType) {}

    /// The data for a row.
    Data of(Row row);

    /// Refuses columns that are not there.
    void check(Columns columns);

    /// A JSON object of all columns; a JSON row as it is.
    record AllColumns(Json json) implements Payload {
        @Override
        public Data of(Row row) {
            return object(row, row.columns().names(), json);
        }

        @Override
        public void check(Columns columns) {}
    }

    /// A JSON object of some columns.
    record SomeColumns(List<String> names, Json json) implements Payload {
        @Override
        public Data of(Row row) {
            return object(row, names, json);
        }

        @Override
        public void check(Columns columns) {
            for (String name : names) {
                if (!columns.index().containsKey(name)) {
                    throw CommandFailure.usage(
                            "--data: there is no column %s. The columns are %s."
                                    .formatted(name, columns.listed()));
                }
            }
        }
    }

    /// A template. In one of JSON, a value is put in as JSON, or escaped where it stands within a
    /// string.
    record Text(Template template, Json json) implements Payload {
        @Override
        public Data of(Row row) {
            if (!template.isJson()) {
                return new Data(template.expand(row), "text/plain; charset=utf-8");
            }
            String text = template.expand(row, (value, _, inString) -> insert(value, inString));
            if (json.parse(text).isEmpty()) {
                throw CommandFailure.failed(
                        "%s: --data does not give JSON, but %s".formatted(row.place(), text));
            }
            return new Data(text, "application/json");
        }

        private String insert(Row.Value value, boolean inString) {
            if (!inString) {
                return value.json();
            }
            String quoted = json.quote(value.text());
            return quoted.substring(1, quoted.length() - 1);
        }

        @Override
        public void check(Columns columns) {
            template.check(columns);
        }
    }

    /// The row's own text, byte by byte.
    record Raw(String mediaType) implements Payload {
        @Override
        public Data of(Row row) {
            return new Data(row.raw(), mediaType);
        }

        @Override
        public void check(Columns columns) {}
    }

    private static Data object(Row row, List<String> names, Json json) {
        StringBuilder object = new StringBuilder(row.raw().length() + 16 * names.size());
        for (String name : names) {
            Row.Value value = row.value(name);
            if (value == null) {
                throw CommandFailure.failed(
                        "%s: --data: there is no column %s. The columns are %s."
                                .formatted(row.place(), name, row.columns().listed()));
            }
            object.append(object.isEmpty() ? '{' : ',');
            object.append(json.quote(name)).append(':').append(value.json());
        }
        String text = object.isEmpty() ? "{}" : object.append('}').toString();
        return new Data(text, "application/json");
    }
}
