/// The broker as a query sees it that runs on a cluster: over the server's HTTP API.
@NullMarked
package io.millrace.query.remote;

import org.jspecify.annotations.NullMarked;
