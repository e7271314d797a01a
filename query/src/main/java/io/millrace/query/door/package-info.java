/// How operators of Flink, which are made from bytes, find the broker.
@NullMarked
package io.millrace.query.door;

import org.jspecify.annotations.NullMarked;
