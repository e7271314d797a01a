package io.millrace.query.sql;

import io.millrace.query.source.SourceColumn;
import io.millrace.query.source.SourcePlan;
import java.util.List;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;

/// One scan of a table that is read from the log.
///
/// @param whole the table with all its columns
/// @param plan the part that is wanted
record EventScan(SourcePlan whole, SourcePlan plan, Scans scans) implements DataStreamScanProvider {
    @Override
    public boolean isBounded() {
        // As a stream in any case: the result is what it would be if nothing ended.
        return false;
    }

    @Override
    public DataStream<RowData> produceDataStream(
            ProviderContext provider, StreamExecutionEnvironment environment) {
        return scans.rows(whole, plan, environment);
    }

    static InternalTypeInfo<RowData> type(List<SourceColumn> columns) {
        LogicalType[] types = columns.stream().map(SourceColumn::type).toArray(LogicalType[]::new);
        String[] names = columns.stream().map(SourceColumn::name).toArray(String[]::new);
        return InternalTypeInfo.of(RowType.of(types, names));
    }
}
