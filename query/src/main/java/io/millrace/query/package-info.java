/// Continuous queries on Apache Flink, put together.
@NullMarked
package io.millrace.query;

import org.jspecify.annotations.NullMarked;
