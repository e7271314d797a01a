/// Programs of Apache Flink that read from and write to a server that speaks Kafka.
@NullMarked
package io.millrace.system.flink;

import org.jspecify.annotations.NullMarked;
