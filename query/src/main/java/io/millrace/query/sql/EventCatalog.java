package io.millrace.query.sql;

import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.resource.QueryInput;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.GenericInMemoryCatalog;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.Factory;
import org.jspecify.annotations.Nullable;

/// The tables that a statement can name: its inputs; a context pattern such as `` `/org/**` ``; a
/// stream; and a view. Used by one thread, for one statement.
final class EventCatalog extends GenericInMemoryCatalog {
    static final String NAME = "millrace";

    /// No stream, pattern or input has such a name.
    static final String RESULT = "#result";

    private final Map<String, QueryInput> inputs;
    private final Predicate<String> isStream;
    private final Predicate<String> isView;
    private final BiFunction<String, QueryInput, TableMade> maker;
    private final Map<String, TableMade> made = new LinkedHashMap<>();

    private final Set<String> views = new LinkedHashSet<>();

    private @Nullable Result result;

    private record Result(Schema schema, DynamicTableSink sink) {}

    /// A table with its columns and what reads it.
    record TableMade(Schema schema, DynamicTableSource source) {}

    /// @param maker makes a table of an input, the first time that it is named
    EventCatalog(
            Map<String, QueryInput> inputs,
            Predicate<String> isStream,
            Predicate<String> isView,
            BiFunction<String, QueryInput, TableMade> maker) {
        super(NAME);
        this.inputs = new HashMap<>(inputs);
        this.isStream = isStream;
        this.isView = isView;
        this.maker = maker;
    }

    private @Nullable QueryInput input(String table) {
        QueryInput declared = inputs.get(table);
        if (declared != null) {
            return declared;
        }
        if (table.startsWith("/")) {
            return QueryInput.of(ContextPattern.of(table));
        }
        if (isStream.test(table)) {
            return QueryInput.ofStream(table);
        }
        return isView.test(table) ? QueryInput.ofView(table) : null;
    }

    private @Nullable TableMade table(String name) {
        TableMade known = made.get(name);
        if (known != null) {
            return known;
        }
        QueryInput input;
        try {
            input = input(name);
        } catch (MillraceException e) {
            throw new org.apache.flink.table.api.ValidationException(e.getMessage(), e);
        }
        if (input == null) {
            return null;
        }
        TableMade fresh = maker.apply(name, input);
        made.put(name, fresh);
        if (input.view() != null) {
            views.add(input.view());
        }
        return fresh;
    }

    /// Adds the table that results go to.
    void result(Schema schema, DynamicTableSink sink) {
        result = new Result(schema, sink);
    }

    /// The views among them, by their own names.
    Set<String> views() {
        return views;
    }

    /// The tables that were named so far.
    Set<String> named() {
        return made.keySet();
    }

    @Override
    public boolean tableExists(ObjectPath path) {
        return super.tableExists(path)
                || (result != null && path.getObjectName().equals(RESULT))
                || table(path.getObjectName()) != null;
    }

    @Override
    public CatalogBaseTable getTable(ObjectPath path) throws TableNotExistException {
        if (super.tableExists(path)) {
            return super.getTable(path);
        }
        Result target = result;
        if (target != null && path.getObjectName().equals(RESULT)) {
            return described(target.schema());
        }
        TableMade table = table(path.getObjectName());
        if (table == null) {
            throw new TableNotExistException(NAME, path);
        }
        return described(table.schema());
    }

    private static CatalogTable described(Schema schema) {
        return CatalogTable.newBuilder().schema(schema).options(Map.of("connector", NAME)).build();
    }

    @Override
    public Optional<Factory> getFactory() {
        return Optional.of(new TableFactory());
    }

    private final class TableFactory implements DynamicTableSourceFactory, DynamicTableSinkFactory {
        @Override
        public DynamicTableSink createDynamicTableSink(Context context) {
            Result target = result;
            if (target == null) {
                throw new IllegalStateException("the result is not known yet");
            }
            return target.sink();
        }

        @Override
        public DynamicTableSource createDynamicTableSource(Context context) {
            String name = context.getObjectIdentifier().getObjectName();
            TableMade table = table(name);
            if (table == null) {
                throw new IllegalStateException("there is no table " + name);
            }
            return table.source().copy();
        }

        @Override
        public String factoryIdentifier() {
            return NAME;
        }

        @Override
        public Set<ConfigOption<?>> requiredOptions() {
            return Set.of();
        }

        @Override
        public Set<ConfigOption<?>> optionalOptions() {
            return Set.of();
        }
    }
}
