package io.millrace.query.sql;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.sink.DataStreamSinkProvider;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.data.RowData;

/// The result of a statement as Flink's planner sees it: every change goes to one writer, as it is.
final class ResultTable implements DynamicTableSink {
    private final Sink<RowData> sink;

    ResultTable(Sink<RowData> sink) {
        this.sink = sink;
    }

    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
        return requested;
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
        return new DataStreamSinkProvider() {
            @Override
            public DataStreamSink<?> consumeDataStream(
                    ProviderContext provider, DataStream<RowData> stream) {
                return stream.sinkTo(sink).name("write results").uid("results").setParallelism(1);
            }
        };
    }

    @Override
    public DynamicTableSink copy() {
        return new ResultTable(sink);
    }

    @Override
    public String asSummaryString() {
        return "results";
    }
}
