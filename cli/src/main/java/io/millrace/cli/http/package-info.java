/// The HTTP API as its clients see it: requests, problems, server-sent events, retries.
@NullMarked
package io.millrace.cli.http;

import org.jspecify.annotations.NullMarked;
