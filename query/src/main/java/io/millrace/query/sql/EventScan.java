package io.millrace.query.sql;

import io.millrace.query.source.LateGate;
import io.millrace.query.source.LogSource;
import io.millrace.query.source.OpenGate;
import io.millrace.query.source.SourceColumn;
import io.millrace.query.source.SourcePlan;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;

/// The operators that read one table from the log: the source, and the gate behind it that sorts
/// out what is late.
record EventScan(SourcePlan plan, Scans scans) implements DataStreamScanProvider {
    @Override
    public boolean isBounded() {
        // As a stream in any case: the result is what it would be if nothing ended.
        return false;
    }

    @Override
    public DataStream<RowData> produceDataStream(
            ProviderContext provider, StreamExecutionEnvironment environment) {
        TypeInformation<RowData> type = type(plan.columns());
        String scan = scans.name(plan.table());
        scans.reads(plan);
        DataStream<RowData> source =
                environment
                        .fromSource(
                                new LogSource(plan),
                                WatermarkStrategy.noWatermarks(),
                                "read " + plan.table(),
                                type)
                        .uid("read-" + scan);
        SourcePlan.Ends ends = plan.ends();
        if (ends != null && !ends.isComplete()) {
            return source.transform("time", type, new OpenGate()).uid("time-" + scan);
        }
        SingleOutputStreamOperator<RowData> gate =
                source.process(new LateGate()).returns(type).name("time").uid("time-" + scan);
        scans.late(plan.table(), gate.getSideOutput(LateGate.LATE));
        return gate;
    }

    static TypeInformation<RowData> type(List<SourceColumn> columns) {
        LogicalType[] types = columns.stream().map(SourceColumn::type).toArray(LogicalType[]::new);
        String[] names = columns.stream().map(SourceColumn::name).toArray(String[]::new);
        return InternalTypeInfo.of(RowType.of(types, names));
    }
}
