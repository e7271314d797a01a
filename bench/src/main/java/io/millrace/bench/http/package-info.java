/// The whole server under load, beside a peer in the same run: closed loops and paced ones over
/// plain sockets.
@NullMarked
package io.millrace.bench.http;

import org.jspecify.annotations.NullMarked;
