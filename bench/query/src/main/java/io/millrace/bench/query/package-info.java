/// Queries beside the same Flink on Apache Kafka, and how soon a result is there.
@NullMarked
package io.millrace.bench.query;

import org.jspecify.annotations.NullMarked;
