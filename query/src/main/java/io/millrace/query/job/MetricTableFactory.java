package io.millrace.query.job;

import java.util.Properties;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/// Gives Flink the table of an engine, which its configuration names.
public final class MetricTableFactory implements MetricReporterFactory {
    static final String ENGINE = "engine";

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return MetricTable.of(properties.getProperty(ENGINE, ""));
    }
}
